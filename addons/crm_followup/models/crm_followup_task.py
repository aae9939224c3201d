from collections import defaultdict
from datetime import date
from typing import NamedTuple

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, split_every

from ..tools.schedule import OpenTask, is_settled, promised_date
from .mail_activity import SETTLING

STATES = [
    ("open", "Planned"),
    ("done", "Done"),
    ("cancelled", "Cancelled"),
    ("withdrawn", "Withdrawn"),
]
BATCH = 500


class NewTask(NamedTuple):
    """A follow-up to be planned: the rule (``None``: a step agreed by a person), the
    record (one of partner and lead), who is to do it, the day, the event the day was
    counted from, the words on the activity, and an activity that exists already."""

    rule_id: int | None
    partner_id: int | None
    lead_id: int | None
    user_id: int
    date_due: date
    event_date: date | None
    activity_type_id: int
    summary: str
    activity_id: int | None = None

    @property
    def key(self) -> tuple:
        """What the database allows once."""
        return self.rule_id, self.partner_id, self.lead_id, self.event_date

    @property
    def target(self) -> tuple:
        """Whose activity on which record it is."""
        if self.lead_id:
            return "crm.lead", self.lead_id, self.user_id
        return "res.partner", self.partner_id, self.user_id


class CrmFollowupTask(models.Model):
    """A planned follow-up and the activity that stands for it.

    Odoo's activities know neither the rule that made them nor whether it made one
    already. This table does, and its unique indexes let the database itself refuse
    a second one, whoever runs the rules at the same moment.
    """

    _name = "crm.followup.task"
    _link_gate = True
    _description = "Planned Follow-up"
    _order = "date_due, id"
    _rec_name = "rule_id"

    rule_id = fields.Many2one(
        "crm.followup.rule", index="btree_not_null", ondelete="cascade", readonly=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        index="btree_not_null",
        ondelete="cascade",
        readonly=True,
    )
    lead_id = fields.Many2one(
        "crm.lead", index="btree_not_null", ondelete="cascade", readonly=True
    )
    user_id = fields.Many2one(
        "res.users", "Responsible", index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        index="btree_not_null",
        help="Of the lead, else of the customer; empty: of all companies.",
    )
    activity_id = fields.Many2one(
        "mail.activity", index="btree_not_null", ondelete="set null", readonly=True
    )
    summary = fields.Char("What", related="activity_id.summary")
    date_due = fields.Date("Due On", required=True, readonly=True)
    event_date = fields.Date("Counted From", readonly=True)
    state = fields.Selection(STATES, required=True, default="open", readonly=True)
    date_done = fields.Date("Done On", readonly=True)
    on_time = fields.Boolean(readonly=True)
    followup_id = fields.Many2one(
        "crm.followup", "Done By", index="btree_not_null", ondelete="set null"
    )
    reminded_on = fields.Date(readonly=True)
    escalation_level = fields.Integer(readonly=True)
    escalated_user_id = fields.Many2one(
        "res.users",
        "Escalated To",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
    )

    _target_check = models.Constraint(
        "CHECK (num_nonnulls(partner_id, lead_id) = 1)",
        "A planned follow-up is about one customer or one lead.",
    )
    _open_uniq = models.UniqueIndex(
        "(COALESCE(rule_id, 0), COALESCE(partner_id, 0), COALESCE(lead_id, 0))"
        " WHERE state = 'open'",
        "This follow-up is planned already.",
    )
    _event_uniq = models.UniqueIndex(
        "(rule_id, COALESCE(partner_id, 0), COALESCE(lead_id, 0), event_date)"
        " WHERE event_date IS NOT NULL AND state <> 'withdrawn'",
        "The rule has planned a follow-up for this event already.",
    )
    _open_due_idx = models.Index("(date_due) WHERE state = 'open'")

    @api.depends("lead_id.company_id", "partner_id.company_id")
    def _compute_company_id(self):
        for task in self:
            task.company_id = task.lead_id.company_id or task.partner_id.company_id

    # ------------------------------------------------------------
    # PLAN
    # ------------------------------------------------------------

    @api.model
    def _open_tasks(self, rows: list[NewTask]):
        """Plan the follow-ups that are not planned yet, each with its activity.

        Two transactions that plan the same at once: the second waits for the first at
        the unique index and then leaves it alone.

        :return: the new tasks
        """
        created = self.browse()
        for batch in split_every(BATCH, rows, list):
            created |= self._open_batch(batch)
        return created

    @api.model
    def _open_batch(self, rows: list[NewTask]):
        by_key = {row.key: row for row in rows}
        self.flush_model()
        companies = self._companies_of(rows)
        values = SQL(", ").join(
            SQL(
                "(%s, %s, %s, %s, %s, %s, 'open', %s, now() AT TIME ZONE 'UTC', %s)",
                row.rule_id,
                row.partner_id,
                row.lead_id,
                row.user_id,
                row.date_due,
                row.event_date,
                self.env.uid,
                companies[row.lead_id, row.partner_id],
            )
            for row in by_key.values()
        )
        found = self.env.execute_query(
            SQL(
                """
                INSERT INTO crm_followup_task
                       (rule_id, partner_id, lead_id, user_id, date_due, event_date,
                        state, create_uid, create_date, company_id)
                VALUES %s
                    ON CONFLICT DO NOTHING
                RETURNING id, rule_id, partner_id, lead_id, event_date
                """,
                values,
            )
        )
        tasks = self.browse(task_id for task_id, *_key in found)
        # sudo: only the cache
        leads = self.env["crm.lead"].sudo().browse(row.lead_id for row in rows)
        leads.invalidate_recordset(["followup_task_ids"], flush=False)
        planned = [by_key[tuple(key)] for _task_id, *key in found]
        tasks._create_activities(planned)
        return tasks

    @api.model
    def _companies_of(self, rows: list[NewTask]) -> dict[tuple, int | None]:
        """{(lead id, customer id): company id}, as ``_compute_company_id`` has it."""
        leads = self.env["crm.lead"].browse(row.lead_id for row in rows if row.lead_id)
        partners = self.env["res.partner"].browse(
            row.partner_id for row in rows if row.partner_id
        )
        # sudo: which company a record belongs to, stored with what is planned for it
        of_lead = {lead.id: lead.company_id.id for lead in leads.sudo()}
        partners = partners.sudo()  # sudo: as above
        of_partner = {one.id: one.company_id.id for one in partners}
        return {
            (row.lead_id, row.partner_id): of_lead.get(row.lead_id)
            or of_partner.get(row.partner_id)
            or None
            for row in rows
        }

    def _create_activities(self, rows: list[NewTask]):
        """One activity per task, without a notice each: a digest follows."""
        quick = self.env["mail.activity"].with_context(mail_activity_quick_update=True)
        fresh = [row for row in rows if not row.activity_id]
        created = iter(quick.create([self._prepare_activity(row) for row in fresh]))
        pairs = [
            (task.id, row.activity_id or next(created).id)
            for task, row in zip(self, rows, strict=True)
        ]
        if pairs:
            self.env.cr.execute(
                SQL(
                    "UPDATE crm_followup_task task SET activity_id = pair.activity"
                    " FROM (VALUES %s) pair (task, activity) WHERE task.id = pair.task",
                    SQL(", ").join(SQL("(%s, %s)", *pair) for pair in pairs),
                )
            )
            self.invalidate_recordset(["activity_id"])
        for row in rows:
            if row.activity_id:
                words = {"summary": row.summary} if row.summary else {}
                activity = quick.browse(row.activity_id)
                activity.write({"date_deadline": row.date_due, **words})

    @api.model
    def _prepare_activity(self, row: NewTask) -> dict:
        model = "crm.lead" if row.lead_id else "res.partner"
        return {
            "res_model_id": self.env["ir.model"]._get_id(model),
            "res_id": row.lead_id or row.partner_id,
            "activity_type_id": row.activity_type_id,
            "summary": row.summary or self.env._("Next follow-up"),
            "user_id": row.user_id,
            "date_deadline": row.date_due,
            "automated": bool(row.rule_id),
        }

    @api.model
    def _plan_next_steps(self, followups):
        """Plan the next contact of each follow-up, or move the one that is planned.

        One per lead or customer; when several follow-ups of one record come at once,
        the last one counts.
        """
        wanted = {}
        for followup in followups.sorted("date"):
            key = self._next_step_key(followup)
            if any(key):
                wanted[key] = followup
        known = {
            (task.partner_id.id, task.lead_id.id): task
            for task in self._open_of(
                {key[0] for key in wanted}, {key[1] for key in wanted}
            )
            if not task.rule_id
        }
        for key in wanted.keys() & known.keys():
            known[key]._move_next_step(wanted[key])
        fresh = [
            self._prepare_next_step(key, followup)
            for key, followup in wanted.items()
            if key not in known
        ]
        self._open_tasks(self._with_own_activities([row for row in fresh if row]))

    @api.model
    def _with_own_activities(self, rows: list[NewTask]) -> list[NewTask]:
        """A call or visit the owner has planned already on the record is the next
        step; a second activity beside it would be one too many."""
        found = self.env["mail.activity"].search(
            [
                ("user_id", "in", [row.user_id for row in rows]),
                ("activity_type_id.followup_method", "!=", False),
                ("automated", "=", False),
                "|",
                "&",
                ("res_model", "=", "res.partner"),
                ("res_id", "in", [row.partner_id for row in rows if row.partner_id]),
                "&",
                ("res_model", "=", "crm.lead"),
                ("res_id", "in", [row.lead_id for row in rows if row.lead_id]),
            ],
            order="date_deadline desc, id desc",
        )
        taken = self.search([("activity_id", "in", found.ids)]).activity_id
        own = {
            (activity.res_model, activity.res_id, activity.user_id.id): activity.id
            for activity in (found - taken)._answered_by_followup()
        }
        return [row._replace(activity_id=own.get(row.target)) for row in rows]

    @api.model
    def _next_step_key(self, followup) -> tuple:
        """:return: (customer, lead), one of them ``False``"""
        if followup.lead_id:
            return False, followup.lead_id.id
        return followup.customer_id.id, False

    def _move_next_step(self, followup):
        self.ensure_one()
        values = {"date_deadline": followup.next_date}
        if followup.next_plan:
            values["summary"] = followup.next_plan
        quick = self.activity_id.with_context(mail_activity_quick_update=True)
        quick.write(values)
        self.date_due = followup.next_date

    @api.model
    def _prepare_next_step(self, key, followup) -> NewTask | None:
        record = followup.lead_id or followup.customer_id
        owner = record._followup_owner() or followup.user_id
        if not owner.active:
            return None
        activity_type = self.env.ref(
            "mail.mail_activity_data_call", raise_if_not_found=False
        ) or self.env["mail.activity"]._default_activity_type_for_model(record._name)
        return NewTask(
            rule_id=None,
            partner_id=key[0] or None,
            lead_id=key[1] or None,
            user_id=owner.id,
            date_due=followup.next_date,
            event_date=None,
            activity_type_id=activity_type.id,
            summary=followup.next_plan or "",
        )

    @api.model
    def _open_of(self, partner_ids, lead_ids):
        """Open tasks of these customers and leads."""
        return self.search(
            [
                ("state", "=", "open"),
                "|",
                ("partner_id", "in", [i for i in partner_ids if i]),
                ("lead_id", "in", [i for i in lead_ids if i]),
            ]
        )

    # ------------------------------------------------------------
    # FINISH
    # ------------------------------------------------------------

    @api.model
    def _settle(self, followups):
        """Finish the planned follow-ups that these contacts did."""
        open_tasks = self._open_of(followups.customer_id.ids, followups.lead_id.ids)
        if not open_tasks:
            return
        contacts = defaultdict(list)
        for followup in followups:
            for record in (followup.lead_id, followup.customer_id):
                contacts[record].append(followup)
        done = defaultdict(self.browse)
        for task in open_tasks:
            for followup in contacts[task.lead_id or task.partner_id]:
                if task._is_done_by(followup):
                    done[followup] |= task
                    break
        for followup, tasks in done.items():
            tasks._finish(followup.day, followup)

    def _is_done_by(self, followup) -> bool:
        """Whether a contact with whom the task is about was what it asked for."""
        rule = self.rule_id
        planned = OpenTask(
            is_next_step=not rule,
            is_event=rule.trigger == "event",
            due=self.activity_id.date_deadline or self.date_due,
            remind_days=rule.remind_days,
        )
        return is_settled(planned, followup.day, bool(followup.next_date))

    def _finish(self, day: date, followup):
        """Mark as done on ``day``; the activities go with them, without a message
        each: the follow-up says what there is to say."""
        if not self:
            return
        for on_time, tasks in self.grouped(lambda t: day <= t.date_due).items():
            tasks.write(
                {
                    "state": "done",
                    "date_done": day,
                    "on_time": on_time,
                    "followup_id": followup.id,
                }
            )
        activities = self.activity_id.filtered("active")._answered_by_followup()
        SETTLING.on(activities).write({"active": False, "feedback": followup.content})

    def _withdraw(self):
        """Take back what no longer applies, with the activity."""
        activities = self.activity_id
        self.write({"state": "withdrawn", "date_done": self.env.company._today()})
        targets = activities._followup_targets()
        SETTLING.on(activities).unlink()
        self.env["crm.followup.state"]._refresh(*targets)

    @api.model
    def _withdraw_of_archived(self, partners=None, leads=None) -> None:
        """Take back what is planned for customers and leads that were put away: their
        activities are asked of nobody, and would stay overdue for good.

        :param partners, leads: of these only; both None: of all
        """
        gone = Domain("partner_id.active", "=", False) | Domain(
            "lead_id.active", "=", False
        )
        if partners is not None:
            gone &= Domain("partner_id", "in", partners.ids) | Domain(
                "lead_id", "in", leads.ids
            )
        # sudo: the tasks and activities are their owners', the record is gone for all
        self.sudo().search(Domain("state", "=", "open") & gone)._withdraw()

    # ------------------------------------------------------------
    # MERGE
    # ------------------------------------------------------------

    @api.model
    def _merge_leads(self, sources, target) -> None:
        """What is planned for the sources is the target's from now on."""
        if not self.search_count([("lead_id", "in", sources.ids)], limit=1):
            return
        self._join_next_steps(sources | target)
        self._make_room("lead_id", sources, target)
        # the database allows one open task of a kind: first the others end
        self.flush_model()
        self.search([("lead_id", "in", sources.ids)]).write({"lead_id": target.id})

    @api.model
    def _join_next_steps(self, leads) -> None:
        """Leads that become one have one next step: the one that is due first; its
        activity says what else was agreed on."""
        steps = self.search(
            [("lead_id", "in", leads.ids), ("rule_id", "=", False),
             ("state", "=", "open")]
        ).sorted(lambda task: (task.date_due, task.id))  # fmt: skip
        first, others = steps[:1], steps[1:]
        if not others:
            return
        words = [
            self.env._(
                "Also agreed on: %(what)s (%(day)s)",
                what=task.summary or "",
                day=fields.Date.to_string(task.date_due),
            )
            for task in others
        ]
        if first.activity_id:
            notes = Markup().join(Markup("<p>%s</p>") % line for line in words)
            first.activity_id.note = Markup(first.activity_id.note or "") + notes
        others._withdraw()

    def _make_room(self, key: str, sources, target):
        """See to it that the tasks of ``sources`` can become those of ``target``.

        Of what a rule planned for both the earlier stays; a step that people agreed on
        stays as an activity. What was done stays done, but no longer stands for the
        event that the other one stands for.

        :param key: ``partner_id`` or ``lead_id``
        """
        # the target's come first, then the older ones
        tasks = self.search([(key, "in", (sources | target).ids)], order="id").sorted(
            lambda task: task[key] != target
        )
        events = set()
        for task in tasks.sorted(lambda task: task.state == "open"):
            if not task.event_date or task.state == "withdrawn":
                continue
            event = task.rule_id, task.event_date
            if event in events and task.state == "open":
                task._withdraw()
            elif event in events:
                task.event_date = False
            events.add(event)
        rules = set()
        waiting = tasks.filtered(lambda task: task.state == "open")
        for task in waiting.sorted(lambda task: (task.date_due, task.id)):
            if task.rule_id in rules and task.rule_id:
                task._withdraw()
            elif task.rule_id in rules:
                task.write({"state": "withdrawn", "activity_id": False})
            rules.add(task.rule_id)

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_follow_up(self):
        """Open the compact dialog; saving it does what was planned."""
        self.ensure_one()
        if self.activity_id.active:
            return self.activity_id.action_followup_done()
        return (self.lead_id or self.partner_id).action_follow_up()

    def action_open_record(self):
        """Open the customer or lead it is about."""
        self.ensure_one()
        return (self.lead_id or self.partner_id).get_formview_action()

    # ------------------------------------------------------------
    # FOLLOW THE ACTIVITIES
    # ------------------------------------------------------------

    @api.model
    def _follow_activities(self, activities, vals: dict):
        """Take over what people changed on the activities themselves."""
        tasks = self.search(
            [("activity_id", "in", activities.ids), ("state", "=", "open")]
        )
        today = self.env.company._today()
        for task in tasks:
            activity = task.activity_id
            task.user_id = activity.user_id
            if "date_deadline" in vals:
                task._put_off_to(activity.date_deadline, today)
            if vals.get("active") is False:
                task.write(
                    {
                        "state": "done",
                        "date_done": today,
                        "on_time": today <= task.date_due,
                    }
                )

    def _put_off_to(self, day: date, today: date):
        """Measure by the new date when moved in time; a moved one is told anew."""
        self.write(
            {
                "date_due": promised_date(self.date_due, day, today),
                "reminded_on": False,
            }
        )

    @api.model
    def _cancel_with_activities(self, activities):
        tasks = self.search(
            [("activity_id", "in", activities.ids), ("state", "=", "open")]
        )
        tasks.write({"state": "cancelled", "date_done": self.env.company._today()})
