from datetime import date, timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_suite_base.models.crm_job import Step

from ..tools.schedule import due_date
from .crm_followup_task import NewTask

BATCH = 1000
# An event is taken up this many days late, after downtime or when a rule is new; what
# happened before is the past.
CATCH_UP = timedelta(days=7)
HORIZON_DAYS = 90


class CrmFollowupRule(models.Model):
    """The nightly run: one query per rule finds who is due; only they cost more."""

    _inherit = "crm.followup.rule"

    @api.model
    def _cron_run_rules(self):
        """Withdraw what no longer applies, plan what is due, rule by rule in batches,
        and correct the dates that merges and imports by SQL left behind."""
        in_use = [("state", "=", "ok")]
        self.search(in_use)._withdraw_outdated()
        self.env["crm.followup.task"]._withdraw_of_archived()
        self.env["crm.followup"]._correct_first_contacts()
        self.env["crm.job"]._work_off(
            Step(
                "crm_followup.rule",
                self,
                in_use,
                lambda rule: rule._run_safely(),
                size=1,
                person=lambda rule: rule._person_told(),
            )
        )
        self.env["crm.followup.state"]._refresh_all()

    def _run_safely(self):
        """The next batch; a rule that fails is stopped, the night goes on.

        :return: the rule, as long as more may be due
        """
        due = 0
        with self._isolated():
            due = self._run_batch()
        return self if due == BATCH else None

    def _run_whole(self) -> int:
        """Run one rule to its end; return how many follow-ups were planned."""
        self.ensure_one()
        self._withdraw_outdated()
        total = 0
        while True:
            before = self._count_tasks()
            if self._run_batch() < BATCH:
                return total + self._count_tasks() - before
            total += self._count_tasks() - before

    def _count_tasks(self) -> int:
        return self.env["crm.followup.task"].search_count([("rule_id", "=", self.id)])

    def _run_batch(self) -> int:
        """Plan up to ``BATCH`` follow-ups; return how many were due.

        A rule another worker runs at this moment is left to it. Whoever comes by
        another way is stopped by the unique indexes of the tasks.
        """
        self.ensure_one()
        if not self.try_lock_for_update(allow_referencing=True):
            return 0
        calendar = self._rule_calendar()
        today = (self.company_id or self.env.company)._today()
        due = self.env.execute_query(self._due_query(today, BATCH))
        if due:
            # only now: a night on which nothing is due asks for no working time
            working = calendar._followup_working_dates(today, HORIZON_DAYS)
            words = self._words_by_user(row[1] for row in due)
            self.env["crm.followup.task"]._open_tasks(
                [self._prepare_task(row, today, working, words) for row in due]
            )
            self.sudo().last_run_date = fields.Datetime.now()  # sudo: noted
        return len(due)

    def _rule_calendar(self):
        return self.env["resource.calendar"]._followup_calendar(self.company_id or None)

    def _words_by_user(self, user_ids) -> dict[int, str]:
        """What stands on the activity, in the language of who reads it."""
        users = self.env["res.users"].browse(set(user_ids))
        return {
            user.id: rule.summary or rule.name
            for lang, readers in users.grouped("lang").items()
            for rule in self.with_context(lang=lang)
            for user in readers
        }

    def _prepare_task(self, row: tuple, today: date, working, words: dict) -> NewTask:
        res_id, user_id, base, is_event = row
        is_lead = self.model_name == "crm.lead"
        return NewTask(
            rule_id=self.id,
            partner_id=None if is_lead else res_id,
            lead_id=res_id if is_lead else None,
            user_id=user_id,
            date_due=due_date(base, self.days, today, working),
            event_date=base if is_event else None,
            activity_type_id=self.activity_type_id.id,
            summary=words[user_id],
        )

    # ------------------------------------------------------------
    # WHO IS DUE
    # ------------------------------------------------------------

    def _due_query(self, today: date, limit: int | None = None) -> SQL:
        """The query that finds who is due.

        :return: rows ``(record id, user id, base date, counts from an event)``; the
            due date is the base date and the days of the rule. Records without an
            active owner or team leader are nobody's to follow up and left out.
        """
        self.ensure_one()
        records, base = self._records_query(today)
        return SQL(
            """
            SELECT r.id, CASE WHEN owner.active THEN owner.id ELSE leader.id END,
                   %(base)s, %(is_event)s
              FROM (%(records)s) r
              LEFT JOIN crm_followup_state s ON s.%(key)s = r.id
              LEFT JOIN res_users owner ON owner.id = r.user_id
              LEFT JOIN crm_team team ON team.id = r.team_id
              LEFT JOIN res_users leader ON leader.id = team.user_id AND leader.active
             WHERE %(due)s
               AND (owner.active OR leader.id IS NOT NULL)
               AND NOT EXISTS (
                   SELECT FROM crm_followup_task task
                    WHERE task.%(key)s = r.id AND %(known)s)
             ORDER BY r.id
             LIMIT %(limit)s
            """,
            base=base,
            is_event=self.trigger == "event",
            records=records,
            key=SQL.identifier(self._target_key()),
            due=self._due_condition(base, today),
            known=self._known_condition(base, today),
            limit=limit,
        )

    def _would(self, records):
        today = (self.company_id or self.env.company)._today()
        due = {row[0]: row for row in self.env.execute_query(self._due_query(today))}
        # sudo: the names of colleagues are no secret
        users = self.env["res.users"].sudo()
        return {
            record.id: self.env._(
                "%(person)s is to make contact by %(date)s",
                person=users.browse(due[record.id][1]).name,
                date=due[record.id][2] + timedelta(days=self.days),
            )
            if record.id in due
            else self.env._("nothing is due yet")
            for record in records
        }

    def _target_key(self) -> str:
        return self.env[self.model_name]._followup_key

    def _records_query(self, today: date) -> tuple[SQL, SQL]:
        """The rule's records with owner, team and what is counted from; and the
        expression of the base date on them."""
        # sudo: rules work for the company, not for one person
        records = self.env[self.model_name].sudo()
        names = ["user_id", "team_id", "create_date"]
        if self.trigger == "event":
            # sudo: the technical name of a field, which Odoo lets no user read
            names.append(self.sudo().date_field_id.name)
        query = records._search(self._rule_domain() & self._event_domain())
        table = query.table
        aliases = ("user_id", "team_id", "create_date", "event")
        columns = [
            SQL(
                "%s AS %s",
                self._column(records, name, query),
                SQL.identifier(alias),
            )
            for name, alias in zip(names, aliases, strict=False)
        ]
        selected = query.select(SQL.identifier(table, "id"), *columns)
        if self.trigger == "cycle":
            return selected, SQL("COALESCE(s.last_contact_date, r.create_date)")
        if self.is_yearly:
            return selected, self._anniversary(today)
        return selected, SQL("r.event")

    def _column(self, records, name: str, query) -> SQL:
        """A column; a moment as the date it was where the company works."""
        column = records._field_to_sql(query.table, name, query)
        if records._fields[name].type != "datetime":
            return column
        zone = self._rule_calendar().tz or "UTC"
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", column, zone)

    def _event_domain(self) -> Domain:
        if self.trigger == "event":
            # sudo: the technical name of a field, as above
            return Domain(self.sudo().date_field_id.name, "!=", False)
        return Domain.TRUE

    def _anniversary(self, today: date) -> SQL:
        """The anniversary nearest to the window of ``_due_condition``: that of the
        year in which the window's last day lies, counted back by the rule's days.

        29 February is kept on 28 February in other years, as PostgreSQL adds years.
        """
        last = today + timedelta(days=self.remind_days - self.days)
        this, before = (
            SQL(
                "(r.event + make_interval(years => %s"
                " - extract(year FROM r.event)::int))::date",
                year,
            )
            for year in (last.year, last.year - 1)
        )
        return SQL(
            "CASE WHEN %(this)s <= %(last)s THEN %(this)s ELSE %(before)s END",
            this=this,
            last=last,
            before=before,
        )

    def _due_condition(self, base: SQL, today: date) -> SQL:
        """Due within the days of announcement; an event not longer ago than the
        rule catches up."""
        latest = today + timedelta(days=self.remind_days - self.days)
        if self.trigger == "cycle":
            return SQL("%s <= %s", base, latest)
        earliest = today - timedelta(days=self.days) - CATCH_UP
        within = SQL("%s BETWEEN %s AND %s", base, earliest, latest)
        if self.is_yearly:
            # not before the first time
            return SQL("%s AND %s >= r.event", within, base)
        return within

    def _known_condition(self, base: SQL, today: date) -> SQL:
        """Tasks that stand in the way of another one.

        Of an event: the one of that event. Of a cycle: an open one, a step that a
        person agreed on, and one closed within the cycle, so that what a person
        deleted does not come back the next night.
        """
        if self.trigger == "event":
            return SQL(
                "task.rule_id = %s AND (task.state = 'open'"
                " OR task.event_date = %s AND task.state <> 'withdrawn')",
                self.id,
                base,
            )
        return SQL(
            "(task.state = 'open' AND (task.rule_id = %(rule)s OR task.rule_id IS NULL)"
            " OR task.rule_id = %(rule)s AND task.state <> 'withdrawn'"
            " AND task.date_done > %(since)s)",
            rule=self.id,
            since=today - timedelta(days=self.days),
        )

    # ------------------------------------------------------------
    # WHO NO LONGER IS
    # ------------------------------------------------------------

    def _withdraw_outdated(self):
        """Take back open tasks whose record no longer matches its rule: a lead that
        was lost, a customer that went down a level, a rule that was switched off.

        What a rule planned that broke stays: nobody knows whether it applies.
        """
        groups = (
            self.env["crm.followup.task"]
            .with_context(active_test=False)
            ._read_group(
                [("state", "=", "open"), ("rule_id", "!=", False)],
                ["rule_id"],
                ["id:recordset"],
            )
        )
        for rule, tasks in groups:
            if rule.state == "error" or (self and rule._in_use() and rule not in self):
                continue
            with rule._isolated():
                rule._outdated(tasks)._withdraw()

    def _outdated(self, tasks):
        """Those of the rule's open tasks that no longer apply."""
        if not self._in_use():
            return tasks
        key = self._target_key()
        # sudo: rules work for the company, not for one person
        records = self.env[self.model_name].sudo()
        ids = tasks.mapped(key).ids
        kept = records.search(self._rule_domain() & Domain("id", "in", ids))
        return tasks.filtered(lambda task: task[key] not in kept)
