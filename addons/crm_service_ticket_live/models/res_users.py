from odoo import fields, models

REJOIN = "crm.service.live/rejoin"
PREFERENCES = ["service_notice_new", "service_desktop_notice"]


class ResUsers(models.Model):
    """What a person wants to hear of; and who comes to a desk or leaves it joins other
    channels."""

    _inherit = "res.users"

    service_notice_new = fields.Boolean(
        "New Tickets of My Teams", help="A notice in the app for each of them."
    )
    service_desktop_notice = fields.Boolean(
        "Ticket Notices on the Desktop",
        help="Also while Odoo is not in front. The browser asks for its permission.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, *PREFERENCES]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return [*super().SELF_WRITEABLE_FIELDS, *PREFERENCES]

    def write(self, vals):
        result = super().write(vals)
        if {"group_ids", "company_ids"} & vals.keys():
            self._rejoin_desks()
        return result

    def _rejoin_desks(self):
        """Ask the browsers of these users to join their channels anew: until a browser
        has done so it may hear that a ticket changed, and is shown nothing of it."""
        # sudo: channels of colleagues
        self.sudo().filtered(lambda user: not user.share)._bus_send(REJOIN, {})
