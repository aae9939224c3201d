from odoo import api, models

from ..tools.figures import COUNT, DAYS, HOURS, MONEY, PERCENT, SCORE


class CrmMeasure(models.AbstractModel):
    """The manual's page of measures, from the catalogue itself."""

    _inherit = "crm.measure"

    @api.model
    def _catalogue_page(self) -> str:
        """The page in the language of the environment, as Markdown."""
        heads = (
            self.env._("Figure"),
            self.env._("Key"),
            self.env._("Unit"),
            self.env._("How It Is Counted"),
            self.env._("One Record Is"),
        )
        title = self.env._("Figures and How They Are Counted")
        lines = [f"# {title}", ""]
        lines += [
            self.env._(
                "Tiles, lists, pivots, workbooks, PDF, mails and the API read these "
                "definitions and nothing else. Each reader's figures count the records "
                "he or she may read; days are those of the company's time zone."
            ),
            "",
            f"| {' | '.join(heads)} |",
            f"|{' --- |' * len(heads)}",
        ]
        units = self._unit_names()
        for measure in self._measures().values():
            cells = (measure.name, f"`{measure.key}`", units[measure.unit])
            cells += (measure.formula, measure.grain)
            lines.append(f"| {' | '.join(cells)} |")
        return "\n".join(lines) + "\n"

    @api.model
    def _unit_names(self) -> dict[str, str]:
        return {
            COUNT: self.env._("Number"),
            MONEY: self.env._("Amount"),
            PERCENT: self.env._("Percent"),
            DAYS: self.env._("Days"),
            HOURS: self.env._("Hours"),
            SCORE: self.env._("Score"),
        }
