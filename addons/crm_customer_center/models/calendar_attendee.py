from odoo import api, fields, models


class CalendarAttendee(models.Model):
    """Odoo shows everybody e-mail and phone of all attendees of all meetings; of a
    customer one may not read, only who takes part in the meeting sees them."""

    _inherit = "calendar.attendee"

    email = fields.Char(
        related=None, compute="_compute_contact_details", compute_sudo=False
    )
    phone = fields.Char(
        related=None, compute="_compute_contact_details", compute_sudo=False
    )

    @api.depends("partner_id.email", "partner_id.phone", "event_id.partner_ids")
    @api.depends_context("uid")
    def _compute_contact_details(self):
        readable = self.partner_id._filtered_access("read")
        me = self.env.user.partner_id
        # sudo: what may be shown is decided here
        for attendee, known in zip(self, self.sudo(), strict=True):
            event = known.event_id
            shown = (
                attendee.partner_id in readable
                or me in event.partner_ids
                or event.user_id == self.env.user
            )
            attendee.email = shown and known.partner_id.email
            attendee.phone = shown and known.partner_id.phone
