from odoo import fields, models


class ResUsers(models.Model):
    """Who is there to be given work."""

    _inherit = "res.users"

    def _absent_now(self) -> dict[int, str]:
        """Return why those of these users who are not there now are not: ``archived``
        for an account switched off, ``leave`` by the working calendar, ``holiday`` of
        their company. Two queries for any number. To be asked as superuser: Odoo shows
        nobody the leaves of others, who would all seem to be there.

        :return: reason by id, without those who are there
        """
        now = fields.Datetime.now()
        resources = self.env["resource.resource"].search([("user_id", "in", self.ids)])
        leaves = self.env["resource.calendar.leaves"].search(
            [
                ("date_from", "<=", now),
                ("date_to", ">=", now),
                ("time_type", "=", "leave"),
                ("resource_id", "in", [*resources.ids, False]),
            ]
        )
        reasons = {user.id: user._absence(leaves, resources) for user in self}
        return {key: reason for key, reason in reasons.items() if reason}

    def _absence(self, leaves, resources) -> str:
        """Return why the user is not there; '' otherwise. ``leaves`` go on now."""
        if not self.active:
            return "archived"
        own = resources.filtered(lambda resource: resource.user_id == self)
        if any(leave.resource_id & own for leave in leaves):
            return "leave"
        holidays = (leave for leave in leaves if not leave.resource_id)
        is_off = any(self._has_holiday(leave, own) for leave in holidays)
        return "holiday" if is_off else ""

    def _has_holiday(self, leave, resources) -> bool:
        """Return whether a leave of no single person is this user's."""
        calendars = resources.calendar_id or self.company_id.resource_calendar_id
        if leave.calendar_id:
            return leave.calendar_id in calendars
        return not leave.company_id or leave.company_id == self.company_id
