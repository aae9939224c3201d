from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval


class CrmReportViewLine(models.Model):
    """A figure of an own report, with a filter of its own."""

    _name = "crm.report.view.line"
    _link_gate = True
    _reach_fields = frozenset({"report_id"})
    _description = "Figure of an Own Report"
    _order = "sequence, id"
    _rec_name = "measure"

    report_id = fields.Many2one(
        "crm.report.view", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    measure = fields.Selection("_measure_selection", "Figure", required=True)
    model_name = fields.Char(compute="_compute_model_name")
    formula = fields.Char("How It Is Counted", compute="_compute_model_name")
    domain = fields.Char(
        "Filter", default="[]", help="Only records that match this count."
    )

    _once = models.UniqueIndex("(report_id, measure)", "A report has each figure once.")

    @api.model
    def _measure_selection(self):
        measures = self.env["crm.measure"]._measures().values()
        return [(measure.key, measure.name) for measure in measures]

    @api.depends("measure")
    def _compute_model_name(self):
        measures = self.env["crm.measure"]._measures()
        for line in self:
            measure = measures.get(line.measure)
            line.model_name = measure.model if measure else False
            line.formula = measure.formula if measure else False

    def _filter(self) -> Domain:
        """The filter; relative dates are of today, ``uid`` is who opens the report."""
        return Domain(safe_eval(self.domain or "[]", {"uid": self.env.uid}))

    @api.constrains("domain", "measure")
    def _check_domain(self):
        for line in self:
            try:
                line._filter().validate(self.env[line.model_name])
            except Exception as error:
                raise ValidationError(
                    self.env._(
                        "The filter of “%(figure)s” cannot be used: %(error)s",
                        figure=dict(self._measure_selection()).get(line.measure),
                        error=error,
                    )
                ) from error
