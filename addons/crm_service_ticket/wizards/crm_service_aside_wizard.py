from datetime import datetime

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from ..models.several import PutAside
from ..tools.aside import moments

CHIPS = ("afternoon", "tomorrow", "monday")


class CrmServiceAsideWizard(models.TransientModel):
    """Put tickets aside until a moment: one click for the usual ones."""

    _name = "crm.service.aside.wizard"
    _description = "Put Tickets Aside"

    ticket_ids = fields.Many2many(
        "crm.service.ticket",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    reason = fields.Char(help="Stands in the ticket, and is said when it comes back.")
    until = fields.Datetime("Another Moment")
    afternoon = fields.Char(compute="_compute_moments")
    tomorrow = fields.Char(compute="_compute_moments")
    monday = fields.Char(compute="_compute_moments")
    ticket_count = fields.Integer(compute="_compute_outlook")
    left_out = fields.Text(compute="_compute_outlook")

    @api.depends_context("lang", "tz", "uid")
    def _compute_moments(self):
        """When each of them is, on the reader's clock; none for what is over."""
        offered, zone = self._offered(), self.env.user._zone()
        for wizard in self:
            for name in CHIPS:
                moment = offered.get(name)
                wizard[name] = moment and format_datetime(
                    self.env, moment, tz=zone, dt_format="HH:mm"
                )

    @api.depends("ticket_ids")
    def _compute_outlook(self):
        for wizard in self:
            tickets = wizard.ticket_ids._origin
            outlook = PutAside(self.env, None, "").outlook(tickets)
            wizard.ticket_count, wizard.left_out = outlook

    def _offered(self) -> dict[str, datetime]:
        """The moments in UTC by key, as the user's clock has them."""
        zone = pytz.timezone(self.env.user._zone())
        now = pytz.utc.localize(fields.Datetime.now()).astimezone(zone)
        return {
            name: zone.localize(moment).astimezone(pytz.utc).replace(tzinfo=None)
            for name, moment in moments(now.replace(tzinfo=None)).items()
        }

    def action_afternoon(self):
        """Until this afternoon."""
        return self._put_aside(self._offered().get("afternoon"))

    def action_tomorrow(self):
        """Until tomorrow morning."""
        return self._put_aside(self._offered()["tomorrow"])

    def action_monday(self):
        """Until Monday morning; on a Sunday that is tomorrow."""
        offered = self._offered()
        return self._put_aside(offered.get("monday") or offered["tomorrow"])

    def action_until(self):
        """Until the moment that was chosen."""
        return self._put_aside(self.until)

    def _put_aside(self, until):
        """:raises UserError: for a moment that is over, or that is none"""
        self.ensure_one()
        if not until or until <= fields.Datetime.now():
            raise UserError(self.env._("Choose a moment that is still to come."))
        # sudo: those the user may not see would be left out in silence
        tickets = self.sudo().ticket_ids.with_env(self.env)
        act = PutAside(self.env, until, (self.reason or "").strip())
        return self.env["crm.service.several"]._tell(act, tickets)
