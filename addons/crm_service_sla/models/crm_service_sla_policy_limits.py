from odoo import api, fields, models

#: What is typed, and where its minutes are kept.
LIMITS = {
    "first_response_limit": "first_response_minutes",
    "next_response_limit": "next_response_minutes",
    "resolution_limit": "resolution_minutes",
}
#: The minutes of a day of which nobody says how long it is.
OFFICE_DAY = 480


class CrmServiceSlaPolicy(models.Model):
    """The targets as they are typed and read. A day is a working day of the calendar
    the minutes count in; round the clock it has 24 hours."""

    _name = "crm.service.sla.policy"
    _inherit = ("crm.service.sla.policy", "crm.limit.mixin")
    _limits = LIMITS

    first_response_limit = fields.Char(
        "Limit of the First Response",
        compute="_compute_limits",
        readonly=False,
        help="Working time; empty: no target.",
    )
    next_response_limit = fields.Char(
        "Limit of the Next Response",
        compute="_compute_limits",
        readonly=False,
        help="Working time from what the customer writes later until it is answered; "
        "empty: no target.",
    )
    resolution_limit = fields.Char(
        "Limit of the Resolution",
        compute="_compute_limits",
        readonly=False,
        help="Working time; empty: no target.",
    )

    def _limit_day(self):
        if self.hours == "always":
            return super()._limit_day()
        calendar = self._calendar_for(self.company_id or self.env.company)
        return round(60 * calendar.hours_per_day) or OFFICE_DAY, True

    @api.model
    def _limit_depends(self):
        return (*super()._limit_depends(), "hours", "calendar_id", "company_id")

    @api.onchange(*LIMITS)
    def _onchange_limits(self):
        self._check_limits()
