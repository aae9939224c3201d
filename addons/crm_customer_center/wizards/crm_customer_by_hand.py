from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.crm_lifecycle_engine import BY_HAND, Words
from ..models.res_partner import LIFECYCLE_STATES


class CrmCustomerByHand(models.TransientModel):
    """A person says what customers are, why, and whether rules may change it."""

    _name = "crm.customer.by.hand"
    _description = "Set State or Level by Hand"

    what = fields.Selection(
        [("lifecycle", "Lifecycle"), ("level", "Level")],
        required=True,
        default="lifecycle",
    )
    partner_ids = fields.Many2many(
        "res.partner", string="Customers", default=lambda self: self._default_partners()
    )
    lifecycle_state = fields.Selection(LIFECYCLE_STATES, "Lifecycle")
    level_id = fields.Many2one("crm.customer.level")
    reason = fields.Char(required=True)
    hold = fields.Boolean(
        "Rules Leave It Alone",
        default=True,
        help="Otherwise the next order, or the next night, may change it.",
    )
    until = fields.Date(help="The last day. Empty: until somebody says otherwise.")

    @api.model
    def _default_partners(self):
        if self.env.context.get("active_model") == "res.partner":
            return self.env.context.get("active_ids")
        return False

    @api.onchange("partner_ids", "what")
    def _onchange_partners(self):
        """Begin with what they are."""
        if not self.lifecycle_state and not self.level_id:
            self.lifecycle_state = self.partner_ids[:1].lifecycle_state
            self.level_id = self.partner_ids[:1].customer_level_id

    def action_apply(self):
        """Write it to the customers, with the person's own rights.

        :raises UserError: without customers, or for a day that is over
        """
        self.ensure_one()
        customers = self.partner_ids.filtered("lifecycle_state")
        if not customers:
            raise UserError(
                self.env._("Choose customers: others have neither state nor level.")
            )
        customers.check_access("write")
        for company, own in customers.grouped(lambda p: p._lifecycle_company()).items():
            words = Words(self.reason, self.hold, self._moment(company))
            said = BY_HAND.on(own, words)
            if self.what == "lifecycle":
                if not self.lifecycle_state:
                    raise UserError(self.env._("Say which state the customers have."))
                said.write({"lifecycle_state": self.lifecycle_state})
            else:
                said.write({"customer_level_id": self.level_id.id})
        return {"type": "ir.actions.act_window_close"}

    def _moment(self, company) -> datetime | None:
        """The midnight after the last day, where the company is."""
        if not self.hold or not self.until:
            return None
        if self.until < company._today():
            raise UserError(self.env._("The last day is over. Choose a later one."))
        zone = pytz.timezone(company._zone())
        local = datetime.combine(self.until + timedelta(days=1), time.min)
        return zone.localize(local).astimezone(pytz.utc).replace(tzinfo=None)
