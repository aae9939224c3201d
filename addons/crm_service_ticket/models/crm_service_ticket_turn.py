from psycopg2.errors import SerializationFailure

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.crm_suite_base.tools.changes import precedes


class CrmServiceTicket(models.Model):
    """Two people decide about the same tickets at the same moment: one after the other,
    and the second sees what the first has done; see docs/adr/0030."""

    _inherit = "crm.service.ticket"

    @precedes(10, "user_id")
    def _agent_is_chosen_once(self, vals):
        if not self.env.su:
            self.check_access("write")
            self._choose_agent(vals["user_id"])

    def _choose_agent(self, user_id):
        """Be the only one who chooses the agent of these tickets.

        :param user_id: who is chosen
        :raises UserError: when somebody else did so at the same moment; Odoo would
            start anew and write over it without a word
        """
        try:
            with self.env.cr.savepoint(flush=False):  # no flush: only locked
                self._lock_rows()
        except SerializationFailure:
            check_agent_as_seen(self, user_id)
            raise

    def _lock_rows(self):
        """Lock the rows in the order of their ids, so that two never wait for each
        other; to be started anew is no error to be logged."""
        query = SQL(
            "SELECT id FROM crm_service_ticket WHERE id = ANY(%s)"
            " ORDER BY id FOR NO KEY UPDATE",
            sorted(self._origin.ids),
        )
        self.env.cr.execute(query, log_exceptions=False)

    def _take_turn(self):
        """Wait until nobody else decides about these tickets, and be the only one until
        the end of the transaction. What is asked afterwards is as it is now.

        The rows are locked, and written as they are: whoever began before and waited
        does not go on with what he had read; Odoo starts him anew.
        """
        if not self._origin:
            return
        # pending changes first, then nothing that was read before
        self.invalidate_recordset()
        self._lock_rows()
        again = SQL(
            "UPDATE crm_service_ticket SET write_date = write_date WHERE id = ANY(%s)",
            list(self._origin.ids),
        )
        self.env.cr.execute(again, log_exceptions=False)

    def _take_turn_to_change(self):
        """Take the turn of somebody who may change the tickets; nobody else makes
        colleagues wait.

        :raises AccessError: for who may not
        """
        self.check_access("write")
        self._take_turn()

    def _line_of_merges(self):
        """The tickets and all those they were merged into, one after the other; of
        one ticket, the last one is where the words go now."""
        found, last = self, self
        while last := last.merged_into_id - found:
            found |= last
        return found

    def _check_not_merged(self):
        """:raises UserError: when one of the tickets went into another by now"""
        merged = self.filtered("merged_into_id")
        if merged:
            # sudo: its name, which stands in the merged ticket as well
            target = merged[0].sudo()._living()
            raise UserError(
                self.env._(
                    "%(ticket)s was merged into %(target)s already. Open that one and "
                    "look again, or undo the merge first.",
                    ticket=merged[0].display_name,
                    target=target.display_name,
                )
            )


def check_agent_as_seen(tickets, user_id):
    """:raises UserError: when somebody else has got one of the tickets since this
    transaction began"""
    seen = {ticket.id: ticket.user_id.id for ticket in tickets}
    # what this transaction sees is of before
    with tickets.env.registry.cursor() as cr:
        # sudo: names of colleagues, of tickets the user is about to write
        now = tickets.with_env(tickets.env(cr=cr)).sudo()
        rows = [(t.id, t.user_id.id, t.user_id.name) for t in now]
    for ticket_id, agent_id, name in rows:
        if agent_id not in (user_id, seen[ticket_id]):
            raise UserError(
                tickets.env._(
                    "%(ticket)s was given to %(person)s at this very moment. Look "
                    "at it again before you give it to somebody else.",
                    ticket=tickets.browse(ticket_id).display_name,
                    person=name or tickets.env._("nobody"),
                )
            )
