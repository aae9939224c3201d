from odoo import api, fields, models


class ResourceCalendarAttendance(models.Model):
    _inherit = "resource.calendar.attendance"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.calendar_id._sla_changed()
        return lines

    def write(self, vals):
        result = super().write(vals)
        self.calendar_id._sla_changed()
        return result

    def unlink(self):
        calendars = self.calendar_id
        result = super().unlink()
        calendars._sla_changed()
        return result


class ResourceCalendarLeaves(models.Model):
    """Public holidays; the leaves of a person do not concern the clock."""

    _inherit = "resource.calendar.leaves"

    list_year = fields.Integer(
        readonly=True,
        copy=False,
        help="From the list of this year; 0: entered by hand.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._sla_calendars()._sla_changed()
        return leaves

    def write(self, vals):
        before = self._sla_calendars()
        result = super().write(vals)
        (before | self._sla_calendars())._sla_changed()
        return result

    def unlink(self):
        calendars = self._sla_calendars()
        result = super().unlink()
        calendars._sla_changed()
        return result

    def _sla_calendars(self):
        """The calendars whose public holidays these are."""
        public = self.filtered(lambda leave: not leave.resource_id)
        everywhere = public.filtered(lambda leave: not leave.calendar_id).company_id
        found = public.calendar_id
        if everywhere:
            found |= found.search([("company_id", "in", [*everywhere.ids, False])])
        return found

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_move(self):
        """Move a public holiday, and see first which tickets it moves."""
        self.ensure_one()
        return self.env["crm.service.holiday.move"]._open(
            holiday_id=self.id,
            date_from=fields.Datetime.to_string(self.date_from),
            date_to=fields.Datetime.to_string(self.date_to),
        )

    def action_remove(self):
        """Take public holidays out, and see first which tickets that moves."""
        return self.env["crm.service.holiday.remove"]._open(holiday_ids=self)
