from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from ..tools.gathered import BACK, ESCALATED, GIVEN, HANDED, KINDS, NEW, TAKEN

NOTICE = "crm.service.live/notice"
# of more at once only the number is told
MOST_NOTICES = 20
MOST_ID = 2**31 - 1


class CrmServiceLive(models.AbstractModel):
    """Notices: a ticket is new in my team, given or handed over to me, escalated to me,
    back after it was put aside, or taken from me.

    The message has numbers alone. What the notice says is asked for by the browser, and
    answered by the rights, in the language and in the time zone of its reader.
    """

    _inherit = "crm.service.live"

    @api.model
    def _gather(self, tickets, was=None, is_new=False):
        gathered, before_of = self._gathered(), was or {}
        for ticket in tickets.sudo():  # sudo: who has it now is compared, not shown
            agent = ticket.user_id.id
            before = before_of.get(ticket.id, {"user_id": False if is_new else agent})
            if agent not in (False, before["user_id"], self.env.uid):
                gathered.tell(agent, ticket.id, GIVEN)
        return super()._gather(tickets, was, is_new)

    @api.model
    def _gather_handovers(self, rows):
        """Note who has been given a ticket with a word about it, and who has lost one
        to whoever took it."""
        gathered, me = self._gathered(), self.env.uid
        for row in rows:
            ticket, giver, getter = (
                row.ticket_id.id,
                row.from_user_id.id,
                row.to_user_id.id,
            )
            if getter and getter != me:
                kind = HANDED if row.kind == "manual" else ESCALATED
                gathered.tell(getter, ticket, kind, row.id)
            elif getter == me and giver and giver != me:
                gathered.tell(giver, ticket, TAKEN, row.id)

    @api.model
    def _send_all(self, gathered):
        self._tell_teams(gathered)
        by = self.env.uid
        notices = gathered.notices()
        # sudo: their channels; nothing of them is shown
        for user in self.env["res.users"].sudo().browse(notices).exists():
            if not user.share:
                items = notices[user.id]
                few = items if len(items) <= MOST_NOTICES else []
                user._bus_send(NOTICE, {"by": by, "count": len(items), "items": few})
        return super()._send_all(gathered)

    @api.model
    def _tell_teams(self, gathered):
        """New tickets are told to those of the team who want to hear of each."""
        created = gathered.created_at()
        # sudo: who wants to hear of it is for nobody to see
        teams = self.env["crm.service.team"].sudo().browse(created).exists()
        for team in teams:
            for user in team.member_ids.user_id | team.user_id:
                if user.service_notice_new and user != self.env.user:
                    for ticket in created[team.id]:
                        gathered.tell(user.id, ticket, NEW)

    # ------------------------------------------------------------
    # WHAT IT SAYS
    # ------------------------------------------------------------

    @api.model
    def read_notices(self, items, by):
        """Return what notices say, of those tickets the user may read.

        :param items: ``[[ticket id, kind, id of the hand-over or 0]]``
        :param by: id of the user who did it
        :return: ``{"desktop": whether to show them outside the browser as well,
            "notices": [{"id", "title", "text"}]}``
        :raises UserError: for anything else
        """
        items = self._checked(items, by)
        tickets = self.env["crm.service.ticket"]
        rows = self.env["crm.service.ticket.handover"]
        if not rows.has_access("read"):
            return {"desktop": False, "notices": []}
        tickets = tickets.search([("id", "in", [item[0] for item in items])])
        rows = rows.search([("id", "in", [item[2] for item in items])])
        known = {row.id: row for row in rows if row.ticket_id in tickets}
        person = self._person(by)
        return {
            "desktop": self.env.user.service_desktop_notice,
            "notices": [
                self._notice(tickets.browse(ticket), kind, known.get(row), person)
                for ticket, kind, row in items
                if ticket in tickets.ids
            ],
        }

    @api.model
    def _checked(self, items, by) -> list[tuple[int, str, int]]:
        def is_id(value):
            return type(value) is int and 0 <= value <= MOST_ID

        if (
            not isinstance(items, list | tuple)
            or len(items) > MOST_NOTICES
            or not is_id(by)
            or not all(
                isinstance(item, list | tuple)
                and len(item) == 3
                and is_id(item[0])
                and item[1] in KINDS
                and is_id(item[2])
                for item in items
            )
        ):
            raise UserError(self.env._("There is no such notice."))
        return [tuple(item) for item in items]

    @api.model
    def _person(self, user_id: int) -> str:
        """The name of who did it, for who may read it; none of the system."""
        found = self.env["res.users"].search([("id", "=", user_id)])
        return "" if found == self.env.ref("base.user_root") else found.name or ""

    @api.model
    def _notice(self, ticket, kind, row, person) -> dict:
        title = {
            NEW: self._title_of_new,
            BACK: self._title_of_back,
            GIVEN: self._title_of_given,
            HANDED: self._title_of_handed,
            ESCALATED: self._title_of_escalated,
            TAKEN: self._title_of_taken,
        }[kind](ticket, person)
        parts = [ticket.display_name, row and row.note]
        if kind != TAKEN:
            parts.append(self._until(ticket))
        return {
            "id": ticket.id,
            "title": title,
            "text": " · ".join(filter(None, parts)),
        }

    @api.model
    def _title_of_new(self, ticket, _person):
        if ticket.team_id:
            return self.env._("New ticket: %s", ticket.team_id.name)
        return self.env._("New ticket")

    @api.model
    def _title_of_back(self, _ticket, _person):
        return self.env._("Back on your desk")

    @api.model
    def _title_of_given(self, _ticket, person):
        if person:
            return self.env._("%s gave you a ticket", person)
        return self.env._("You have a new ticket")

    @api.model
    def _title_of_handed(self, _ticket, person):
        if person:
            return self.env._("%s handed a ticket over to you", person)
        return self.env._("A ticket was handed over to you")

    @api.model
    def _title_of_escalated(self, _ticket, _person):
        return self.env._("A ticket was escalated to you")

    @api.model
    def _title_of_taken(self, _ticket, person):
        if person:
            return self.env._("%s has taken over a ticket of yours", person)
        return self.env._("A ticket of yours was taken over")

    @api.model
    def _until(self, ticket) -> str:
        """Until when something is due, in the reader's zone."""
        name = self.env["crm.service.attention"]._due_field()
        moment = ticket[name] if name else False
        if not moment:
            return ""
        return self.env._(
            "due %s", format_datetime(self.env, moment, dt_format="short")
        )
