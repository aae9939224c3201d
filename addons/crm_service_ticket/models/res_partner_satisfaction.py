from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    service_satisfaction_avg = fields.Float(
        string="Satisfaction with Service",
        digits=(3, 2),
        compute="_compute_service_satisfaction",
        compute_sudo=True,
        groups="base.group_user",
        help="Average of the scores of this customer and its contacts, 1 to 5.",
    )
    service_satisfaction_count = fields.Integer(
        string="Satisfaction Scores",
        compute="_compute_service_satisfaction",
        compute_sudo=True,
        groups="base.group_user",
    )

    def _compute_service_satisfaction(self):
        """Of a company all its tickets count, of a contact the own ones."""
        tickets = self.env["crm.service.ticket"]
        ids = self.ids
        companies = tickets._satisfaction_stats(
            [("customer_id", "in", ids)], "customer_id"
        )
        contacts = tickets._satisfaction_stats(
            [("partner_id", "in", ids)], "partner_id"
        )
        for partner in self:
            key = partner._origin
            average, count = companies.get(key) or contacts.get(key) or (0, 0)
            partner.service_satisfaction_avg = average
            partner.service_satisfaction_count = count
