from odoo import api, fields, models


class CrmServiceAsideWizard(models.TransientModel):
    """What was promised for the tickets that are put aside goes on."""

    _inherit = "crm.service.aside.wizard"

    sla_deadline = fields.Datetime(
        "Next Deadline",
        compute="_compute_sla_deadline",
        help="The first of what was promised for these tickets.",
    )

    @api.depends("ticket_ids")
    def _compute_sla_deadline(self):
        for wizard in self:
            dues = wizard.ticket_ids._origin.mapped("sla_deadline")
            wizard.sla_deadline = min(filter(None, dues), default=False)
