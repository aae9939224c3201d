from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import NamedTuple

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.crm_suite_base.calls import shaped

from ..tools.schedule import QUICK_DAYS, quick_date

# what a section holds: to be done now; others' to be done; what is coming
TODO, TEAM, AHEAD = "todo", "team", "ahead"
LIMIT = 40
NEW_LEAD_DAYS = 30


class MyDaySection(NamedTuple):
    """A part of My Day.

    ``key`` names it for good, ``label`` is translated, ``icon`` a Font Awesome class,
    ``items`` a function that returns the items (see ``CrmMyDay._prepare_item``),
    ``sequence`` orders the sections, ``kind`` is ``TODO`` (counted as to do), ``TEAM``
    (others' to do) or ``AHEAD`` (a day with nothing else is an empty one).
    """

    key: str
    label: str
    icon: str
    items: Callable[[], list[dict]]
    sequence: int = 50
    kind: str = TODO


class CrmMyDay(models.AbstractModel):
    """What a person has to do today, from wherever it comes.

    A module adds a section (milestones, birthdays) by appending to
    ``_my_day_sections()``; the screen shows what the server says.
    """

    _name = "crm.my.day"
    _description = "My Day"

    # ------------------------------------------------------------
    # REGISTRY
    # ------------------------------------------------------------

    @api.model
    def _my_day_sections(self) -> list[MyDaySection]:
        """The sections of the current user; extend through ``super()``."""
        return [
            MyDaySection(
                "overdue",
                self.env._("Overdue"),
                "fa-exclamation-circle",
                lambda: self._activity_items("<"),
                10,
            ),
            MyDaySection(
                "today",
                self.env._("Today"),
                "fa-phone",
                lambda: self._activity_items("="),
                20,
            ),
            MyDaySection(
                "new_leads",
                self.env._("New Leads Waiting for You"),
                "fa-star",
                self._new_lead_items,
                30,
            ),
            MyDaySection(
                "meetings",
                self.env._("Meetings Today and Tomorrow"),
                "fa-calendar",
                self._meeting_items,
                40,
                AHEAD,
            ),
            MyDaySection(
                "escalated",
                self.env._("Overdue in Your Team"),
                "fa-level-up",
                self._escalated_items,
                50,
                TEAM,
            ),
        ]

    @api.model
    def get_my_day(self) -> dict:
        """The sections that have something, in order.

        :return: ``{sections: [{key, label, icon, kind, items, count}], done,
            upcoming}``;
            ``done`` counts the follow-ups written today, ``upcoming`` the activities
            of the next seven days
        :raises AccessError: for who works with neither customers nor leads
        """
        self.env["crm.followup"].check_access("read")
        sections = []
        for section in sorted(self._my_day_sections(), key=lambda s: s.sequence):
            items = section.items()
            if items:
                sections.append(
                    {
                        "key": section.key,
                        "label": section.label,
                        "icon": section.icon,
                        "kind": section.kind,
                        "items": items[:LIMIT],
                        "count": len(items),
                    }
                )
        return {"sections": sections, **self._day_counts()}

    def _day_counts(self) -> dict:
        today = self.env.company._today()
        ahead = self._activity_domain() & Domain("date_deadline", ">", today)
        return {
            "done": self.env["crm.followup"].search_count(
                [("user_id", "=", self.env.uid), ("day", "=", today)]
            ),
            "upcoming": self.env["mail.activity"].search_count(
                ahead & Domain("date_deadline", "<=", today + timedelta(days=7))
            ),
        }

    # ------------------------------------------------------------
    # ITEMS
    # ------------------------------------------------------------

    @api.model
    def _prepare_item(self, record, **values) -> dict:
        """An item about a customer, a lead or a meeting.

        :param values: any of ``activity_id``, ``note`` (what is to be done), ``date``
            (text), ``days_late``, ``can_follow_up`` (shows done and put off),
            ``can_put_off`` (``False``: done only), ``person`` (whose it is), ``key``
            (tells apart several without activity on one record), ``amount`` and
            ``reason`` (texts a decision is made by), ``buttons`` (see
            ``_prepare_button``)
        """
        return {
            "model": record._name,
            "res_id": record.id,
            "name": record.display_name,
            "customer": self._customer_of(record),
            "phone": self._phone_of(record),
            "activity_id": False,
            "note": "",
            "date": "",
            "days_late": 0,
            "can_follow_up": True,
            "can_put_off": True,
            "person": "",
            "key": 0,
            "amount": "",
            "reason": "",
            "buttons": [],
            **values,
        }

    @api.model
    def _prepare_button(self, record, method, label, hotkey, primary=False) -> dict:
        """What can be done about an item right there.

        :param method: a public method of the record; a dialog it returns is opened
        :param hotkey: the key that presses it while the item has the focus
        """
        return {
            "model": record._name,
            "res_id": record.id,
            "method": method,
            "label": label,
            "hotkey": hotkey,
            "primary": primary,
        }

    def _customer_of(self, record) -> str:
        """The customer of a lead: its name shows to whoever works on the lead."""
        if record._name != "crm.lead":
            return ""
        # sudo: the name alone, as it stands on the lead's card
        return record.sudo().partner_id.display_name or record.partner_name or ""

    def _phone_of(self, record) -> str:
        if record._name == "crm.lead":
            return record.phone or ""
        if record._name == "res.partner":
            return record.primary_contact_phone or record.phone or ""
        return ""

    def _activity_domain(self) -> Domain:
        return Domain("user_id", "=", self.env.uid) & Domain(
            "res_model", "in", ("res.partner", "crm.lead")
        )

    def _activity_items(self, operator: str) -> list[dict]:
        """Activities of the user on customers and leads, the latest overdue first."""
        today = self.env.company._today()
        activities = self.env["mail.activity"].search(
            self._activity_domain() & Domain("date_deadline", operator, today),
            order="date_deadline, id",
            limit=LIMIT + 1,
        )
        records = self._readable_records(activities)
        return [
            self._prepare_item(
                records[activity.res_model, activity.res_id],
                activity_id=activity.id,
                note=activity.summary or activity.activity_type_id.name or "",
                days_late=(today - activity.date_deadline).days,
            )
            for activity in activities
            if (activity.res_model, activity.res_id) in records
        ]

    def _readable_records(self, activities) -> dict:
        """The records of the activities that the user may read, by model and id."""
        found = {}
        for model, of_model in activities.grouped("res_model").items():
            ids = {activity.res_id for activity in of_model}
            records = self.env[model].browse(ids).exists()._filtered_access("read")
            records.mapped("display_name")
            found |= {(model, record.id): record for record in records}
        return found

    def _new_lead_items(self) -> list[dict]:
        """Own leads nobody contacted yet and for which nothing is planned."""
        leads = self.env["crm.lead"]
        if not leads.has_access("read"):
            return []
        since = fields.Datetime.now() - timedelta(days=NEW_LEAD_DAYS)
        found = leads.search(
            [
                ("user_id", "=", self.env.uid),
                ("won_status", "=", "pending"),
                ("create_date", ">=", since),
                ("last_contact_date", "=", False),
                ("next_contact_date", "=", False),
            ],
            order="create_date",
            limit=LIMIT + 1,
        )
        return [
            self._prepare_item(
                lead,
                note=lead.contact_name or "",
                date=fields.Date.to_string(
                    fields.Datetime.context_timestamp(self, lead.create_date).date()
                ),
            )
            for lead in found
        ]

    def _meeting_items(self) -> list[dict]:
        zone = pytz.timezone(self.env.user._zone())
        today = self.env.company._today()
        midnight = zone.localize(datetime.combine(today + timedelta(days=2), time.min))
        end = midnight.astimezone(pytz.utc).replace(tzinfo=None)
        events = self.env["calendar.event"].search(
            [
                ("partner_ids", "in", self.env.user.partner_id.ids),
                ("stop", ">=", fields.Datetime.now()),
                ("start", "<", end),
            ],
            order="start",
            limit=LIMIT + 1,
        )
        return [
            self._prepare_item(
                event,
                note=event.location or "",
                date=self._meeting_time(event),
                can_follow_up=False,
            )
            for event in events
        ]

    def _meeting_time(self, event) -> str:
        if event.allday:
            return fields.Date.to_string(event.start_date)
        local = fields.Datetime.context_timestamp(
            self.with_context(tz=self.env.user._zone()), event.start
        )
        return local.strftime("%Y-%m-%d %H:%M")

    def _escalated_items(self) -> list[dict]:
        """What came up the ladder to the user and is still open."""
        tasks = self.env["crm.followup.task"].search(
            [("escalated_user_id", "=", self.env.uid), ("state", "=", "open")],
            limit=LIMIT + 1,
        )
        today = self.env.company._today()
        return [
            self._prepare_item(
                record,
                # sudo: what a colleague was to do, for who has to see to it now
                note=task.activity_id.sudo().summary or task.rule_id.sudo().name or "",
                date=fields.Date.to_string(task.date_due),
                days_late=(today - task.date_due).days,
                can_follow_up=False,
                person=task.user_id.sudo().name,  # sudo: the name of a colleague
                key=task.id,
                buttons=self._nudge_buttons(task),
            )
            for task in tasks
            for record in (task.lead_id or task.partner_id)._filtered_access("read")
        ]

    def _nudge_buttons(self, task) -> list[dict]:
        """A manager reminds whose it is, once a day."""
        if not task.can_be_nudged:
            return []
        return [self._prepare_button(task, "action_nudge", self.env._("Nudge"), "n")]

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    @api.model
    @shaped
    def put_off(self, model: str, res_id: int, activity_id: int, choice: str) -> dict:
        """Move an item of My Day to a later working day.

        :param model, res_id: the customer or lead
        :param activity_id: its activity; 0 plans one
        :param choice: ``tomorrow``, ``three_days`` or ``next_week``
        :return: ``{date, activity_id, before}``: the new date and the one before, ISO,
            for ``undo_put_off``; an empty ``before`` says that nothing was planned
        :raises UserError: for another choice or a record that is no customer or lead
        :raises AccessError: when the user may not read the record
        """
        if choice not in QUICK_DAYS or model not in ("res.partner", "crm.lead"):
            raise UserError(self.env._("This cannot be put off like that."))
        record = self.env[model].browse(res_id)
        record.check_access("read")
        day = self._quick_date(choice)
        activity = self.env["mail.activity"].browse(activity_id).exists()
        before = activity.active and activity.date_deadline
        if not activity_id:
            activity, before = self._plan_quick(record, day)
        elif activity.active:
            activity.date_deadline = day
        return {
            "date": fields.Date.to_string(day),
            "activity_id": activity.id,
            "before": fields.Date.to_string(before) or "",
        }

    def _plan_quick(self, record, day) -> tuple:
        """:return: the activity of the record's next step, and its day before"""
        # sudo: what is planned on a record that was checked, whoever is to do it
        known = {one.id: one.date_deadline for one in record.sudo().activity_ids}
        record._plan_contact(day)
        step = record._next_step().activity_id
        return step.sudo(False), known.get(step.id, False)

    @api.model
    @shaped
    def undo_put_off(self, activity_id: int, before: str) -> bool:
        """Take back what ``put_off`` did: the day is what it was, or nothing is planned
        again.

        :param before: what ``put_off`` returned
        :raises AccessError: when the activity is not the user's to change
        """
        activity = self.env["mail.activity"].browse(activity_id).exists()
        if before:
            activity.write({"date_deadline": before})
        else:
            activity.unlink()
        return True

    @api.model
    def _quick_date(self, choice: str):
        """The working day a quick choice stands for, from the user's today."""
        calendar = self.env["resource.calendar"]._followup_calendar()
        today = self.env.company._today()
        return quick_date(choice, today, calendar._followup_working_dates(today, 70))
