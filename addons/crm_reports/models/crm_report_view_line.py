from odoo import api, fields, models
from odoo.fields import Domain


class CrmReportViewLine(models.Model):
    """A figure of an own report, with a filter of its own.

    The filter is asked with the rights of whoever opens the report; a figure whose
    filter broke is left out, for without it it would be another figure.
    """

    _name = "crm.report.view.line"
    _link_gate = True
    _reach_fields = frozenset({"report_id"})
    _description = "Figure of an Own Report"
    _inherit = "crm.rule.mixin"
    _order = "sequence, id"
    _rec_name = "measure"
    _condition_fields = ("domain", "measure")
    _rule_switched = False

    name = fields.Char(compute="_compute_name", required=False)

    report_id = fields.Many2one(
        "crm.report.view", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    measure = fields.Selection("_measure_selection", "Figure", required=True)
    model_name = fields.Char(compute="_compute_model_name")
    formula = fields.Char("How It Is Counted", compute="_compute_model_name")
    domain = fields.Char("Filter", help="Only records that match this count.")

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

    @api.depends("measure")
    @api.depends_context("lang")
    def _compute_name(self):
        names = dict(self._measure_selection())
        for line in self:
            line.name = names.get(line.measure)

    def _rule_model(self):
        return self.model_name

    def _condition_words(self):
        """``uid`` is who opens the report."""
        return {"uid": self.env.uid}

    def _filter(self) -> Domain:
        """The filter; relative dates are of today."""
        return Domain(self._read_condition())
