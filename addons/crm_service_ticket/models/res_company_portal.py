from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    service_portal_scope = fields.Selection(
        [("own", "Own tickets"), ("company", "Tickets of the own company")],
        string="Tickets on the Portal",
        default="own",
        required=True,
        help="What a contact with a portal login sees.",
    )
    service_form_active = fields.Boolean(
        string="Public Ticket Form",
        default=True,
        help="Whoever opens /service/ticket/new can open a ticket without a login.",
    )
    service_form_team_id = fields.Many2one(
        "crm.service.team",
        string="Team of the Public Form",
        help="Empty: the first team that is.",
    )
    service_form_limit_address = fields.Integer(
        string="Tickets per Hour from one Address",
        default=20,
        help="A whole office may share one address. 0: no limit.",
    )
    service_form_limit_contact = fields.Integer(
        string="Tickets per Hour of one Contact",
        default=5,
        help="Counted by e-mail and by phone. 0: no limit.",
    )

    def write(self, vals):
        result = super().write(vals)
        if "service_portal_scope" in vals:
            # the choice stands in cached rule domains
            self.env.registry.clear_cache()
        return result
