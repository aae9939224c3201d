from collections import defaultdict
from datetime import datetime

from odoo import api, fields, models
from odoo.tools import SQL, plaintext2html

from .crm_service_sla_clock import unnest

COLUMNS = {
    "event_id": "int",
    "ticket_id": "int",
    "user_id": "int",
    "date_planned": "timestamp",
}


class CrmServiceSlaNotice(models.Model):
    """Who is to hear of an event, and when: in his or her working time.

    What has become idle until then, because the ticket was resolved in the night, is
    not told.
    """

    _name = "crm.service.sla.notice"
    _link_gate = True
    _description = "SLA Notice"
    _order = "date_planned desc, id desc"
    _rec_name = "ticket_id"
    _log_access = False

    event_id = fields.Many2one(
        "crm.service.sla.event", required=True, readonly=True, ondelete="cascade"
    )
    ticket_id = fields.Many2one(
        "crm.service.ticket",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    user_id = fields.Many2one(
        "res.users", "To", required=True, readonly=True, index=True, ondelete="cascade"
    )
    date_planned = fields.Datetime("Planned", required=True, readonly=True)
    date_sent = fields.Datetime("Told", readonly=True)
    is_idle = fields.Boolean(
        "Not Told", readonly=True, help="The clock had ended before."
    )

    _notice_uniq = models.UniqueIndex("(event_id, user_id)")
    _planned_idx = models.Index(
        "(date_planned) WHERE date_sent IS NULL AND is_idle IS NOT TRUE"
    )

    # ------------------------------------------------------------
    # PLAN
    # ------------------------------------------------------------

    @api.model
    def _plan(self, events, now: datetime):
        """Plan who hears of new events, and when.

        :return: the moment of the first notice, ``None`` if nobody is told
        """
        openings: dict = {}
        rows = []
        for event in events._loudest():
            steps = event.policy_id.step_ids.filtered(
                lambda step, event=event: (
                    step.percent == event.percent and step.clock in ("all", event.clock)
                )
            )
            people = self.env["res.users"]
            for step in steps:
                people |= step._recipients(event.ticket_id)
            for person in people:
                if person not in openings:
                    openings[person] = person._sla_next_working_moment(now)
                moment = openings[person]
                rows.append((event.id, event.ticket_id.id, person.id, moment))
        if not rows:
            return None
        self.env.cr.execute(
            SQL(
                "INSERT INTO crm_service_sla_notice (%s) SELECT * FROM %s"
                " ON CONFLICT DO NOTHING",
                SQL(", ").join(map(SQL.identifier, COLUMNS)),
                unnest(COLUMNS.values(), rows),
            )
        )
        self.invalidate_model()
        return min(row[-1] for row in rows)

    # ------------------------------------------------------------
    # TELL
    # ------------------------------------------------------------

    @api.model
    def _due_domain(self, now: datetime) -> list:
        return [
            ("date_planned", "<=", now),
            ("date_sent", "=", False),
            ("is_idle", "!=", True),
        ]

    def _tell_due(self, now: datetime):
        """Send what is planned until now: to each person one message about all."""
        idle = self - self._still_matters()
        idle._mark("is_idle", True)
        told = self - idle
        for user, own in told.grouped("user_id").items():
            own._tell(user)
        told._mark("date_sent", now)

    def _mark(self, name: str, value):
        """Set a column the screens may not."""
        self.sudo().write({name: value})  # sudo: for the clock alone

    def _still_matters(self):
        """Those whose clock has not ended, paused or not, under the same policy."""
        clocks = self.env["crm.service.sla.clock"].search(
            [("ticket_id", "in", self.ticket_id.ids)]
        )
        by_ticket = {clock.ticket_id: clock for clock in clocks}
        return self.filtered(
            lambda notice: (
                notice.user_id.active
                and notice.event_id._is_live(by_ticket.get(notice.ticket_id))
            )
        )

    def _tell(self, user):
        """One message, and for what is overdue a to-do on the ticket."""
        notices = self.with_context(lang=user.lang)
        late = notices.filtered(lambda notice: notice.event_id.percent >= 100)
        body = notices.env["ir.qweb"]._render(
            "crm_service_sla.notice_body",
            {"lines": notices._lines(user), "user": user},
        )
        self.env["mail.thread"].message_notify(
            partner_ids=user.partner_id.ids,
            subject=notices._subject(len(late)),
            body=body,
        )
        late._plan_activities(user)

    def _subject(self, late: int) -> str:
        if late:
            return self.env._(
                "SLA: %(late)s overdue, %(all)s in all", late=late, all=len(self)
            )
        return self.env._("SLA: %s tickets are running out of time", len(self))

    def _lines(self, user) -> list[dict]:
        """The lines of the message: which ticket, who has it, what was promised by
        which policy, and how late it is."""
        why = self.event_id._why(fields.Datetime.now(), user.tz)
        return [
            {
                "ticket": notice.ticket_id,
                "why": why[notice.event_id.id],
                "late": notice.event_id.percent >= 100,
                "holder": notice.ticket_id.user_id.name or "",
            }
            for notice in self
        ]

    def _plan_activities(self, user):
        """A to-do for the overdue ones, unless the person has one there already."""
        kind = self.env.ref("crm_service_sla.mail_activity_type_breach")
        known = self.env["mail.activity"].search(
            [
                ("res_model", "=", "crm.service.ticket"),
                ("res_id", "in", self.ticket_id.ids),
                ("user_id", "=", user.id),
                ("activity_type_id", "=", kind.id),
            ]
        )
        tickets = self.ticket_id.filtered(
            lambda ticket: ticket.id not in known.mapped("res_id")
        )
        model = self.env["ir.model"]._get_id("crm.service.ticket")
        why = self.event_id._why(fields.Datetime.now(), user.tz)
        notes: dict = defaultdict(list)
        for notice in self:
            notes[notice.ticket_id].append(why[notice.event_id.id])
        # the message has told it: no second one from the activity
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            [
                {
                    "activity_type_id": kind.id,
                    "res_model_id": model,
                    "res_id": ticket.id,
                    "user_id": user.id,
                    "automated": True,
                    "summary": ticket._sla_summary_of_breach(),
                    "note": plaintext2html("\n".join(notes[ticket])),
                    "date_deadline": ticket.company_id._today(),
                }
                for ticket in tickets.with_context(lang=user.lang, tz=user.tz)
            ]
        )
