"""What can be done with several tickets at once, one object for each act.

Every ticket by itself is done wholly or not at all; what is left out is named, with the
reason. See ``crm.service.several``.
"""

from typing import Any, NamedTuple

from odoo.exceptions import UserError
from odoo.tools import format_datetime, plaintext2html

from ..tools import placeholders
from ..tools.several import by_reason
from .crm_service_team_member import OPEN_STATES
from .crm_service_ticket_reply import STATES_AFTER

#: Somebody waits for the answer to the click; and of more nobody has read each.
MOST = 100


class Outcome(NamedTuple):
    """What has become of the tickets: those that were done, those that were not as
    pairs (number or '', reason), and what was raised for these."""

    done: Any
    left_out: list[tuple[str, str]]
    errors: list[UserError]


class Act:
    """One act. ``tickets`` are always with the rights of who does it."""

    def __init__(self, env):
        self.env = env

    # what an act says of itself

    def obstacle(self, ticket) -> str:
        """Return why it makes no sense for a ticket, '' where it does."""
        raise NotImplementedError

    def do(self, tickets):
        """Do it, or raise for all of them."""
        raise NotImplementedError

    def said(self, count: int) -> str:
        """Return what was done, with the number of tickets."""
        raise NotImplementedError

    # what holds for all

    def sort_out(self, tickets):
        """Return those for which the act makes sense, and pairs (number, reason) of
        the others. A ticket the user may not see is not named."""
        seen = tickets._filtered_access("read")
        allowed = seen._filtered_access("write")
        fit, left_out = [], []
        for ticket in tickets:
            if ticket not in seen:
                left_out.append(("", self.env._("you may not see them")))
            elif reason := self._reason(ticket, ticket in allowed):
                left_out.append((ticket.number, reason))
            else:
                fit.append(ticket.id)
        return tickets.browse(fit), left_out

    def _reason(self, ticket, is_allowed: bool) -> str:
        if not is_allowed:
            return self.env._("you may read them, not change them")
        if ticket.merged_into_id:
            return self.env._("merged into another ticket")
        return self.obstacle(ticket)

    def run(self, tickets) -> Outcome:
        """Do it to all for which it makes sense; what fails leaves no trace.

        :raises UserError: for too many, and for what makes no sense for any
        """
        self.check(tickets)
        tickets = tickets.exists()
        tickets._filtered_access("write")._take_turn()
        fit, left_out = self.sort_out(tickets)
        failed = self.env["crm.job"]._isolate(fit, self.do)
        errors = []
        for ticket, error in failed:
            if not isinstance(error, UserError):
                raise error
            errors.append(error)
            left_out.append((ticket.number, " ".join(str(error).split())))
        bad = {ticket.id for ticket, _error in failed}
        return Outcome(fit.filtered(lambda t: t.id not in bad), left_out, errors)

    def outlook(self, tickets) -> tuple[int, str]:
        """Return for how many it would be done, and why not for the others."""
        if wrong := self.too_many(tickets):
            return 0, wrong
        fit, left_out = self.sort_out(tickets)
        return len(fit), "\n".join(self.told_left_out(left_out))

    def check(self, tickets):
        """Before any of them is looked at.

        :raises UserError: for more than can be done at once
        """
        if wrong := self.too_many(tickets):
            raise UserError(wrong)

    def too_many(self, tickets) -> str:
        if len(tickets) <= MOST:
            return ""
        return self.env._(
            "These are %(count)s tickets; at most %(most)s are done at once. Select "
            "fewer.",
            count=len(tickets),
            most=MOST,
        )

    def told_left_out(self, left_out) -> list[str]:
        """Return a line for each reason, with which and how many."""
        lines = []
        for reason, names, count in by_reason(left_out):
            named = self.env._(", ").join(names)
            if count > len(names) and names:
                named = self.env._(
                    "%(names)s and %(count)s more",
                    names=named,
                    count=count - len(names),
                )
            lines.append(
                self.env._(
                    "Left out: %(count)s – %(reason)s (%(tickets)s)",
                    count=count,
                    reason=reason,
                    tickets=named,
                )
                if names
                else self.env._(
                    "Left out: %(count)s – %(reason)s", count=count, reason=reason
                )
            )
        return lines

    def done_already(self) -> str:
        return self.env._("resolved or closed already")


class Move(Act):
    """To the first stage of a state."""

    state = ""

    def do(self, tickets):
        tickets._move_to(self.state)
        for ticket in tickets:
            if ticket.state != self.state:
                raise UserError(self.env._("its team has no stage for that"))


class Wait(Move):
    """Wait for the customer."""

    state = "waiting"

    def obstacle(self, ticket):
        if ticket.state == self.state:
            return self.env._("waiting for the customer already")
        return "" if ticket.state in OPEN_STATES else self.done_already()

    def said(self, count):
        return self.env._("Waiting for the customer: %s", count)


class Close(Move):
    """Nothing more is to be done."""

    state = "closed"

    def obstacle(self, ticket):
        is_closed = ticket.state == self.state
        return self.env._("closed already") if is_closed else ""

    def said(self, count):
        return self.env._("Closed: %s", count)


class Resolve(Move):
    """The problem is solved, in one way for all.

    ``solution``: HTML, or nothing to leave what is noted; ``tell``: tells the customers
    of tickets.
    """

    state = "resolved"

    def __init__(self, env, solution=None, tell=None):
        super().__init__(env)
        self.solution, self.tell = solution, tell

    def obstacle(self, ticket):
        return "" if ticket.state in OPEN_STATES else self.done_already()

    def do(self, tickets):
        if self.solution:
            tickets.write({"resolution": self.solution})
        result = super().do(tickets)
        if self.tell:
            self.tell(tickets)
        return result

    def said(self, count):
        return self.env._("Resolved: %s", count)


class Spam(Act):
    """Close them as spam and block the senders."""

    def obstacle(self, ticket):
        if ticket.is_spam:
            return self.env._("spam already")
        if ticket.channel != "email":
            return self.env._("did not come by e-mail")
        return ""

    def do(self, tickets):
        tickets.action_spam()

    def said(self, count):
        return self.env._("Spam, closed and the sender blocked: %s", count)


class Assign(Act):
    """Give them to somebody, who reads a word about it."""

    def __init__(self, env, user, note=""):
        super().__init__(env)
        self.user, self.note = user, note

    def obstacle(self, ticket):
        if ticket.state not in OPEN_STATES:
            return self.done_already()
        name = self.user.name
        if ticket.user_id == self.user:
            return self.env._("%s has them already", name)
        # sudo: in which companies a colleague works
        if ticket.company_id not in self.user.sudo().company_ids:
            return self.env._("%s does not work in their company", name)
        return ""

    def do(self, tickets):
        for level, group in tickets.grouped("level").items():
            group._escalate(level, self.note, user=self.user)

    def said(self, count):
        return self.env._(
            "Given to %(person)s: %(count)s", person=self.user.name, count=count
        )


class PutAside(Act):
    """Put them aside until a moment (UTC)."""

    def __init__(self, env, until, reason=""):
        super().__init__(env)
        self.until, self.reason = until, reason

    def obstacle(self, ticket):
        if ticket.state not in OPEN_STATES:
            return self.done_already()
        # a colleague's queue is the colleague's
        agent = ticket.user_id
        if agent and agent != self.env.user:
            return self.env._("with %s: take them over first", agent.name)
        return ""

    def do(self, tickets):
        self.env["crm.service.aside"]._put_aside(tickets, self.until, self.reason)

    def said(self, count):
        return self.env._(
            "Put aside until %(moment)s: %(count)s",
            moment=format_datetime(
                self.env, self.until, tz=self.env.user._zone(), dt_format="short"
            ),
            count=count,
        )


class Answer(Act):
    """Answer each customer in the ticket of his own, with one text.

    ``text``: plain, with the placeholders of canned answers; ``canned``: whose files
    go along; ``moves``: whether what it sets is set; ``state``: where the tickets go.
    """

    def __init__(self, env, text, canned=None, moves=True, state=None):
        super().__init__(env)
        self.text = text or ""
        self.canned = canned if canned is not None else env["mail.canned.response"]
        self.moves, self.state = moves, state or None
        self.readers = {}

    def check(self, tickets):
        """There is something to say, and it says what is meant."""
        result = super().check(tickets)
        if not self.text.strip():
            raise UserError(self.env._("Write what the customers are to read."))
        if wrong := self.canned._unknown_words(self.text):
            raise UserError(wrong)
        if self.state not in (None, *STATES_AFTER):
            raise UserError(self.env._("A ticket cannot be sent off into that state."))
        return result

    def sort_out(self, tickets):
        self.readers = readers_of(tickets._filtered_access("read"))
        return super().sort_out(tickets)

    def obstacle(self, ticket):
        if ticket.is_spam:
            return self.env._("spam")
        if self.state_after and ticket.state not in OPEN_STATES:
            return self.done_already()
        if not self.readers[ticket.id]:
            return self.env._("no e-mail address is known")
        return ""

    @property
    def state_after(self):
        """Where they go, by the button or by the canned answer."""
        told = self.moves and self.canned._ticket_state_after()
        return self.state or told or None

    def text_for(self, ticket) -> str:
        """Return what the customer of a ticket reads, plain."""
        return placeholders.filled(self.text, self.canned._words_of(ticket))

    def do(self, tickets):
        # a mail server that is slow is no part of it: the queue sends, soon
        for ticket in tickets.with_context(mail_notify_force_send=False):
            readers = self.readers[ticket.id]
            ticket.message_post(
                body=plaintext2html(self.text_for(ticket)),
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=[r["partner_id"] for r in readers if r["partner_id"]],
                outgoing_email_to=", ".join(
                    r["email"] for r in readers if not r["partner_id"]
                ),
                attachment_ids=self.canned._files_for_composer().ids,
                state_after=self.state,
                canned_ids=self.canned.ids if self.moves else [],
            )
        # sudo: the queue is only woken, so that nobody waits
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    def said(self, count):
        return self.env._("Answered: %s", count)


def readers_of(tickets) -> dict[int, list[dict]]:
    """Return whom an answer in the box of each ticket would reach, outside of us."""
    if not tickets:
        return {}
    found = tickets._message_get_suggested_recipients_batch(reply_discussion=True)
    people = tickets.env["res.partner"].browse(
        reader["partner_id"]
        for readers in found.values()
        for reader in readers
        if reader["partner_id"]
    )
    # sudo: who of them is one of us
    ours = people.sudo().filtered(lambda p: not p.partner_share)
    return {
        ticket_id: [
            reader
            for reader in readers
            if reader["email"] and reader["partner_id"] not in ours.ids
        ]
        for ticket_id, readers in found.items()
    }
