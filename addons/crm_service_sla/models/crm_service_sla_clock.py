from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.engine import Snapshot

# columns in the order of ``_row``, with their types in PostgreSQL
COLUMNS = {
    "ticket_id": "int",
    "start": "timestamp",
    "since": "timestamp",
    "bucket": "varchar",
    "state": "varchar",
    "team_id": "int",
    "user_id": "int",
    "policy_id": "int",
    "used": "int",
    "responded": "bool",
    "asked": "int",
    "asked_at": "timestamp",
    "rounds": "int",
    "solved": "int",
    "late": "bool",
    "check_at": "timestamp",
}


class CrmServiceSlaClock(models.Model):
    """Where the clock of a ticket stands: one row each, written by the engine only.

    It is a table of its own because it changes with every event of a ticket, and the
    wide row of the ticket should not. The deadlines stand on the ticket.
    """

    _name = "crm.service.sla.clock"
    _description = "SLA Clock"
    _rec_name = "ticket_id"
    _log_access = False

    ticket_id = fields.Many2one(
        "crm.service.ticket", required=True, readonly=True, ondelete="cascade"
    )
    start = fields.Datetime(required=True, readonly=True)
    since = fields.Datetime(required=True, readonly=True)
    bucket = fields.Char(required=True, readonly=True)
    state = fields.Char(required=True, readonly=True)
    team_id = fields.Many2one("crm.service.team", readonly=True, ondelete="set null")
    user_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    policy_id = fields.Many2one(
        "crm.service.sla.policy", readonly=True, index=True, ondelete="set null"
    )
    used = fields.Integer(readonly=True, help="Working seconds when the span began.")
    responded = fields.Boolean(readonly=True)
    asked = fields.Integer(readonly=True)
    asked_at = fields.Datetime(readonly=True)
    rounds = fields.Integer(readonly=True)
    solved = fields.Integer(readonly=True)
    late = fields.Boolean(readonly=True)
    check_at = fields.Datetime(
        readonly=True, help="When to look again though nothing happens."
    )

    _ticket_uniq = models.UniqueIndex("(ticket_id)")
    _check_at_idx = models.Index("(check_at) WHERE check_at IS NOT NULL")

    @api.model
    def _snapshots(self, tickets) -> dict[int, tuple]:
        """Read the clocks of tickets in one query.

        :param tickets: of those that are being typed in a form, the stored ones
        :return: by ticket id ``(snapshot, check_at)``; none for a ticket without one
        """
        tickets = tickets._origin
        rows = self.env.execute_query(
            SQL(
                "SELECT %s FROM crm_service_sla_clock WHERE ticket_id = ANY(%s)",
                SQL(", ").join(map(SQL.identifier, COLUMNS)),
                list(tickets.ids),
            )
        )
        dues = {ticket.id: ticket._sla_dues() for ticket in tickets}
        return {
            row[0]: (Snapshot(*row[1:-1], dues=dues[row[0]]), row[-1]) for row in rows
        }

    @api.model
    def _store(self, rows: list[tuple]):
        """Write clocks, in one statement.

        :param rows: values in the order of ``COLUMNS``
        """
        if not rows:
            return
        names = SQL(", ").join(map(SQL.identifier, COLUMNS))
        changes = SQL(", ").join(
            SQL("%s = EXCLUDED.%s", SQL.identifier(name), SQL.identifier(name))
            for name in list(COLUMNS)[1:]
        )
        self.env.cr.execute(
            SQL(
                "INSERT INTO crm_service_sla_clock (%s) SELECT * FROM %s"
                " ON CONFLICT (ticket_id) DO UPDATE SET %s",
                names,
                unnest(COLUMNS.values(), rows),
                changes,
            )
        )
        self.invalidate_model()


def row_of(ticket_id: int, at: Snapshot, check_at) -> tuple:
    """A snapshot as ``_store`` wants it."""
    return (ticket_id, *at[: Snapshot._fields.index("dues")], check_at)


def unnest(types, rows: list[tuple]) -> SQL:
    """Rows as a table, whatever their number one parameter per column."""
    columns = zip(*rows, strict=True)
    return SQL(
        "unnest(%s)",
        SQL(", ").join(
            SQL("%s::" + kind + "[]", list(column))
            for kind, column in zip(types, columns, strict=True)
        ),
    )
