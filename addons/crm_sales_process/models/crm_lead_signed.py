from datetime import datetime, time

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError

NOON = time(12)


class CrmLead(models.Model):
    """The day a deal was signed, and the won button that asks for it."""

    _inherit = "crm.lead"

    signed_on = fields.Date(
        compute="_compute_signed_on",
        inverse="_inverse_signed_on",
        help="The day the deal was won, where the company is.",
    )

    @api.depends("date_closed", "won_status", "company_id")
    @api.depends_context("company")
    def _compute_signed_on(self):
        for lead in self:
            company = lead.company_id or self.env.company
            if lead.won_status == "won" and lead.date_closed:
                lead.signed_on = company._local(lead.date_closed).date()
            else:
                lead.signed_on = company._today()

    def _inverse_signed_on(self):
        """The day of closing is another one than that of the click.

        :raise UserError: for a day that has not come
        """
        for lead in self.filtered(lambda lead: lead.stage_id.is_won):
            company = lead.company_id or self.env.company
            day, today = lead.signed_on, company._today()
            if not day:
                continue
            if day > today:
                raise UserError(
                    self.env._("“%s” cannot be signed on a day to come.", lead.name)
                )
            closed = lead.date_closed
            if not closed or company._local(closed).date() != day:
                lead.date_closed = _noon(day, company._zone())

    def action_set_won_rainbowman(self):
        """Ask for what is missing first; where nothing is and the company asks for no
        reason, the deal is won at once."""
        self.ensure_one()
        entry = self.env["crm.stage.entry"]
        stage = entry._won_stage(self)
        entry._refuse_what_waits(self, stage)
        if not stage or not entry._has_to_ask(self, stage):
            return super().action_set_won_rainbowman()
        return {
            "type": "ir.actions.client",
            "tag": "crm_sales_process.enter_stage",
            "params": {"lead_ids": self.ids, "stage_id": stage.id},
        }


def _noon(day, zone: str) -> datetime:
    """Return the noon of a day in a zone, naive and UTC, as Odoo stores it."""
    local = pytz.timezone(zone).localize(datetime.combine(day, NOON))
    return local.astimezone(pytz.utc).replace(tzinfo=None)
