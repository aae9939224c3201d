import re

from odoo import api, models
from odoo.exceptions import UserError

HERE = "crm.service.live/here"
ASKING, LOOKING, WRITING, LEFT = STATES = ("asking", "looking", "writing", "left")
SUBCHANNEL = "here"
# what a browser asks for, the number of a ticket in it
ASKED = re.compile(r"crm\.service\.ticket_(\d{1,9})")
PAGE = re.compile(r"[a-z0-9]{1,32}")
MOST_ID = 2**31 - 1


class CrmServiceLive(models.AbstractModel):
    """Who is at a ticket, as long as he is: the browsers tell each other.

    Nothing is kept: who comes asks, those who are there answer, and only while there
    are two of them do they say so again every some seconds. A browser that was closed
    falls silent, and is forgotten by the others.
    """

    _inherit = "crm.service.live"

    @api.model
    def say_here(self, ticket_id, state, page):
        """Tell those who are at a ticket what I do there; nobody is told of tickets I
        may not read.

        :param state: ``asking`` who else is there, ``looking``, ``writing`` or ``left``
        :param page: what tells my pages apart
        :return: number of the last message before; what is older is of before I came
        :raises UserError: for anything else
        """
        if not (
            isinstance(ticket_id, int)
            and 0 < ticket_id <= MOST_ID
            and state in STATES
            and isinstance(page, str)
            and PAGE.fullmatch(page)
        ):
            raise UserError(self.env._("Nobody can be at such a ticket."))
        # sudo: a number
        last = self.env["bus.bus"].sudo()._bus_last_id()
        for channel in self._places_of({ticket_id}):
            said = {
                "ticket": ticket_id,
                "user": self.env.uid,
                "state": state,
                "page": page,
            }
            self._send(channel, HERE, said)
        return last

    @api.model
    def _places_of(self, ticket_ids) -> list[tuple]:
        """The channels of tickets that one of us may read; customers have none."""
        if not ticket_ids or not self.env.user._is_internal():
            return []
        tickets = self.env["crm.service.ticket"].with_context(active_test=False)
        if not tickets.has_access("read"):
            return []
        found = tickets.search([("id", "in", list(ticket_ids))])
        return [(ticket, SUBCHANNEL) for ticket in found]
