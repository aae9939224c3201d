from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_list


class CrmFollowupNudge(models.Model):
    """A manager reminds a person of a customer or a deal. Grain: one row for a person,
    a record and a day.

    The unique index is what keeps it to once a day, however many managers press and
    however often; see docs/adr/0063-comment-and-nudge.md.
    """

    _name = "crm.followup.nudge"
    _description = "Nudge"
    _link_gate = True
    _log_access = False
    _order = "day desc, id desc"
    _rec_name = "user_id"

    partner_id = fields.Many2one(
        "res.partner", index="btree_not_null", ondelete="cascade", readonly=True
    )
    lead_id = fields.Many2one(
        "crm.lead", index="btree_not_null", ondelete="cascade", readonly=True
    )
    user_id = fields.Many2one(
        "res.users", required=True, index=True, ondelete="cascade", readonly=True
    )
    nudged_by_id = fields.Many2one(
        "res.users", index=True, ondelete="set null", readonly=True
    )
    day = fields.Date(required=True, readonly=True)

    _once_uniq = models.UniqueIndex(
        "(day, user_id, COALESCE(partner_id, 0), COALESCE(lead_id, 0))",
        "This person has been reminded of this today.",
    )

    @api.model
    def _nudge(self, pairs: list[tuple]) -> dict:
        """Remind people, each of all in one message, of nothing twice a day.

        :param pairs: (customer or lead, user to be reminded); who has nobody, and who
            is not led by the user, is passed over
        :return: an action that says what was done
        :raises UserError: when there is nobody left to be reminded
        """
        led = {user: user and user._is_led_by_me() for _record, user in pairs}
        mine = [(record, user) for record, user in pairs if led[user]]
        if not mine:
            raise UserError(
                self.env._(
                    "There is nobody to be reminded: choose what people of your team "
                    "follow up."
                )
            )
        told = self._note(mine)
        for user, model in dict.fromkeys((user, one._name) for one, user in told):
            records = self.env[model].browse(
                one.id for one, person in told if (person, one._name) == (user, model)
            )
            title = self.with_context(lang=user.lang).env._(
                "%(who)s reminds you to follow up", who=self.env.user.name
            )
            # sudo: names of records the person is responsible for
            user.sudo()._tell_of_work(records.sudo(), title)
        return self._say(told, len(pairs))

    @api.model
    def _note(self, pairs: list[tuple]) -> list[tuple]:
        """Write down who is reminded of what today.

        :return: those of the pairs that are new
        """
        today = self.env.company._today()
        by_key = {_key(record, user): (record, user) for record, user in pairs}
        rows = SQL(", ").join(
            SQL(
                "(%s, %s, %s, %s, %s)",
                partner_id or None,
                lead_id or None,
                user_id,
                self.env.uid,
                today,
            )
            for partner_id, lead_id, user_id in by_key
        )
        found = self.env.execute_query(
            SQL(
                "INSERT INTO crm_followup_nudge"
                " (partner_id, lead_id, user_id, nudged_by_id, day) VALUES %s"
                " ON CONFLICT DO NOTHING RETURNING partner_id, lead_id, user_id",
                rows,
            )
        )
        return [by_key[tuple(id_ or False for id_ in key)] for key in found]

    @api.model
    def _nudged_today(self, pairs: list[tuple]) -> set[tuple]:
        """Return those of the pairs (customer or lead, user) that were reminded."""
        # sudo: that somebody was reminded today, by whichever manager
        nudges = self.sudo().search(
            [
                ("day", "=", self.env.company._today()),
                ("user_id", "in", [user.id for _record, user in pairs]),
            ]
        )
        known = {(one.partner_id.id, one.lead_id.id, one.user_id.id) for one in nudges}
        return {(record, user) for record, user in pairs if _key(record, user) in known}

    @api.model
    def _say(self, told: list[tuple], asked: int) -> dict:
        counts: dict = defaultdict(int)
        for _record, user in told:
            counts[user.display_name] += 1
        names = [f"{name} ({count})" for name, count in counts.items()]
        left = asked - len(told)
        lines = []
        if names:
            lines.append(
                self.env._("Reminded: %(names)s.", names=format_list(self.env, names))
            )
        if left:
            lines.append(
                self.env._(
                    "%(count)s left out: reminded today already, or not of your team.",
                    count=left,
                )
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if told else "warning",
                "message": " ".join(lines),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }


def _key(record, user) -> tuple:
    """What a nudge is known by: customer, deal (one of them False), person."""
    is_lead = record._name == "crm.lead"
    return not is_lead and record.id, is_lead and record.id, user.id


class CrmFollowupTask(models.Model):
    """What is overdue in the team is one tap away from who has to do it."""

    _inherit = "crm.followup.task"

    can_be_nudged = fields.Boolean(
        compute="_compute_can_be_nudged",
        help="Overdue, of the reader's team, and nobody has reminded of it today.",
    )

    @api.depends("state", "date_due", "user_id")
    @api.depends_context("uid")
    def _compute_can_be_nudged(self):
        overdue = self._overdue()
        led = {user: user._is_led_by_me() for user in overdue.user_id}
        pairs = {task: task._nudge_pair() for task in overdue if led.get(task.user_id)}
        nudged = self.env["crm.followup.nudge"]._nudged_today([*pairs.values()])
        for task in self:
            task.can_be_nudged = task in pairs and pairs[task] not in nudged

    def _overdue(self):
        today = self.env.company._today()
        return self.filtered(lambda t: t.state == "open" and t.date_due < today)

    def _nudge_pair(self) -> tuple:
        self.ensure_one()
        return self.lead_id or self.partner_id, self.user_id

    def action_nudge(self):
        """Remind those who have to do what is overdue."""
        self.check_access("read")
        pairs = [task._nudge_pair() for task in self._overdue() if task.user_id]
        return self.env["crm.followup.nudge"]._nudge(pairs)
