from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.crm_suite_base.models.crm_job import Step

from ..tools.schedule import ladder_step, overdue_days


class CrmFollowupTask(models.Model):
    """Reminders and the ladder.

    A person hears of everything in one message, a digest: never of each follow-up on
    its own. What was told is noted on the task in the same transaction, so that a
    second run, or one after a crash, tells nothing twice.
    """

    _inherit = "crm.followup.task"

    # ------------------------------------------------------------
    # REMINDERS
    # ------------------------------------------------------------

    @api.model
    def _cron_remind(self):
        """Each morning of a working day: what is announced, due today or overdue."""
        calendar = self.env["resource.calendar"]._followup_calendar()
        today = self.env.company._today()
        working = calendar._followup_working_dates(today, 1)
        if working is None or today in working:
            self._remind(today)

    @api.model
    def _remind(self, today):
        """Send each person one digest.

        :return: the tasks that were told of
        """
        told = []
        people = self.env["res.users"].with_context(active_test=False)
        self.env["crm.job"]._work_off(
            Step(
                "crm_followup.remind",
                people,
                [("id", "in", self._to_remind(today).user_id.ids)],
                lambda users: told.extend(
                    self.with_env(users.env)._remind_people(users, today).ids
                ),
                size=20,
                locks=lambda users: self._to_remind(today).filtered(
                    lambda task: task.user_id in users
                ),
            )
        )
        return self.browse(told)

    @api.model
    def _to_remind(self, today):
        return self.search(self._to_remind_domain(today)).filtered(
            lambda task: task._is_told_on(today)
        )

    @api.model
    def _remind_people(self, users, today):
        tasks = self._to_remind(today).filtered(lambda task: task.user_id in users)
        for user, own in tasks.grouped("user_id").items():
            if user.active:
                user._followup_digest(own.sorted("date_due"), today)
        tasks.write({"reminded_on": today})
        return tasks

    @api.model
    def _to_remind_domain(self, today) -> Domain:
        longest = max(
            self.env["crm.followup.rule"].search([]).mapped("remind_days") or [0]
        )
        return (
            Domain("state", "=", "open")
            & Domain("date_due", "<=", today + timedelta(days=longest))
            & (Domain("reminded_on", "=", False) | Domain("reminded_on", "<", today))
        )

    def _is_told_on(self, today) -> bool:
        """Told when it appears (so many days before), on the day, and on the first
        working day after it; from then on the ladder speaks."""
        self.ensure_one()
        due, told = self.activity_id.date_deadline or self.date_due, self.reminded_on
        if due > today:
            ahead = due - timedelta(days=self.rule_id.remind_days)
            return ahead <= today and not told
        return not told or told < due or (due < today and told <= due)

    # ------------------------------------------------------------
    # LADDER
    # ------------------------------------------------------------

    @api.model
    def _cron_escalate(self):
        """Hourly, in working time only: overdue follow-ups go up the ladder."""
        calendar = self.env["resource.calendar"]._followup_calendar()
        if calendar._followup_is_open(fields.Datetime.now()):
            self._escalate(fields.Datetime.now())

    @api.model
    def _escalate(self, now):
        """Tell those of the next step of overdue tasks.

        :param now: naive UTC
        :return: the tasks that went up
        """
        risen = []
        self.env["crm.job"]._work_off(
            Step(
                "crm_followup.escalate",
                self,
                [
                    ("state", "=", "open"),
                    ("date_due", "<", fields.Date.to_date(now) + timedelta(days=1)),
                ],
                lambda tasks: risen.extend(tasks._escalate_batch(now).ids),
                # a person hears of all in one message
                size=2000,
            )
        )
        return self.browse(risen)

    def _escalate_batch(self, now):
        risen, told = defaultdict(self.browse), defaultdict(self.browse)
        away = self.env["resource.calendar"]._followup_users_on_leave(now)
        for task, reached in self._rising(now):
            people = self.env["res.users"]
            # steps passed while the server was down are told at once
            for level in task._ladder()[task.escalation_level : reached]:
                people |= level._recipients(task, away)
            risen[reached, people[:1]] |= task
            for person in people:
                told[person] |= task
        for (reached, person), tasks in risen.items():
            tasks.write({"escalation_level": reached, "escalated_user_id": person.id})
        today = self.env.company._today()
        for person, tasks in told.items():
            person._followup_digest(tasks, today, with_owner=True)
        return self.browse().union(*risen.values())

    def _rising(self, now) -> list[tuple]:
        """:return: those with the step they have reached now"""
        late: dict = {}
        rising = []
        for task in self:
            steps = task._ladder()._steps()
            if len(steps) <= task.escalation_level:
                continue
            # many tasks share a day: working time is counted once for each
            key = task.rule_id.company_id, task.date_due
            if key not in late:
                late[key] = self._lateness(*key, now)
            reached = ladder_step(steps, task.escalation_level, *late[key])
            if reached > task.escalation_level:
                rising.append((task, reached))
        return rising

    def _ladder(self):
        """The steps of this task in order: its rule's, or for a step a person agreed
        on the one of the settings."""
        self.ensure_one()
        if self.rule_id:
            return self.rule_id.level_ids.sorted("sequence")
        levels = self.env["crm.followup.rule.level"]
        days = self.env["crm.followup"]._setting("escalate_days")
        if not days:
            return levels
        return levels.new({"delay": days, "unit": "days", "target": "leader"})

    @api.model
    def _lateness(self, company, due, now) -> tuple[float, int]:
        """:return: working hours and working days past the end of the due day"""
        calendar = self.env["resource.calendar"]._followup_calendar(company or None)
        today = self.env.company._today()
        hours = calendar._followup_hours(calendar._followup_day_end(due), now)
        working = calendar._followup_working_dates(due, (today - due).days + 1)
        return hours, overdue_days(due, today, working)

    def _digest_line(self, today, with_owner: bool) -> str:
        """One line of a digest: about whom, what, when, and for a manager whose."""
        record = self.lead_id or self.partner_id
        due = self.activity_id.date_deadline or self.date_due
        words = [record.display_name, self.activity_id.summary, self._when(due, today)]
        if with_owner:
            words.append(self.user_id.name)
        return " · ".join(filter(None, words))

    def _when(self, due, today) -> str:
        days = (today - due).days
        if days > 0:
            return self.env._("%(days)s days late", days=days)
        if not days:
            return self.env._("today")
        return self.env._("on %(date)s", date=fields.Date.to_string(due))
