from odoo import api, fields, models
from odoo.tools import SQL

# what partners compute from this table
STATE_FIELDS = [
    "lifecycle_since",
    "lifecycle_days",
    "lifecycle_held",
    "lifecycle_held_until",
    "level_since",
    "level_held",
    "level_held_until",
    "level_leaves_on",
]


class CrmCustomerState(models.Model):
    """Since when a customer is what it is, and whether rules may change it.

    Beside ``res_partner``, a wide table with many indexes, for what changes at night
    (docs/adr/0008). Grain: one per customer. It follows from the histories, and nobody
    types it: ``crm.lifecycle.engine`` and ``crm.level.engine`` write it.
    """

    _name = "crm.customer.state"
    _description = "State of a Customer"
    _log_access = False
    _rec_name = "partner_id"

    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
    # lifecycle
    lifecycle_since = fields.Datetime(readonly=True)
    lifecycle_held = fields.Boolean(readonly=True)
    lifecycle_until = fields.Datetime(readonly=True)
    touched_at = fields.Datetime(
        readonly=True, help="The last order, deal or act of a person that counts."
    )
    silent_since = fields.Datetime(
        readonly=True, help="The last contact before silence moved the customer."
    )
    replay_from = fields.Datetime(
        readonly=True, help="From when on the history is to be told anew."
    )
    # level
    level_since = fields.Datetime(readonly=True)
    level_by_rule = fields.Boolean(readonly=True)
    level_held = fields.Boolean(readonly=True)
    level_until = fields.Datetime(readonly=True)
    level_notice_on = fields.Date(
        readonly=True, help="When the owner was told that the level will be lower."
    )

    _partner_uniq = models.UniqueIndex("(partner_id)")
    _since_idx = models.Index("(lifecycle_since, partner_id)")
    _replay_idx = models.Index("(replay_from) WHERE replay_from IS NOT NULL")
    _held_idx = models.Index(
        "(partner_id) WHERE lifecycle_held IS TRUE OR level_held IS TRUE"
    )

    @api.model
    def _upsert(self, values: dict[int, dict]):
        """Write some columns of some customers' rows, where they differ.

        :param values: by id of the partner
        """
        if values:
            self.env.cr.execute(SQL("; ").join(self._upserts(values)))
            self._forget()

    @api.model
    def _upserts(self, values: dict[int, dict]) -> list[SQL]:
        """The statements that do so, one for each set of columns."""
        by_columns: dict[tuple, list[tuple]] = {}
        for partner_id, vals in values.items():
            names = tuple(sorted(vals))
            row = (partner_id, *(vals[name] for name in names))
            by_columns.setdefault(names, []).append(row)
        return [self._upsert_sql(names, rows) for names, rows in by_columns.items()]

    @api.model
    def _upsert_sql(self, names: tuple[str, ...], rows: list[tuple]) -> SQL:
        columns = [SQL.identifier(name) for name in names]
        types = {name: SQL(self._fields[name].column_type[1]) for name in names}
        fresh = SQL(", ").join(
            SQL(
                "(%s::integer, %s)",
                row[0],
                SQL(", ").join(
                    SQL("%s::%s", value, types[name])
                    for name, value in zip(names, row[1:], strict=True)
                ),
            )
            for row in rows
        )
        return SQL(
            """
            INSERT INTO crm_customer_state AS state (partner_id, %(columns)s)
            SELECT * FROM (VALUES %(rows)s) AS fresh (partner_id, %(columns)s)
                ON CONFLICT (partner_id) DO UPDATE SET %(set)s
             WHERE (%(old)s) IS DISTINCT FROM (%(new)s)
            """,
            columns=SQL(", ").join(columns),
            rows=fresh,
            set=SQL(", ").join(
                SQL("%s = %s", name, SQL("EXCLUDED.%s", name)) for name in columns
            ),
            old=SQL(", ").join(SQL("state.%s", name) for name in columns),
            new=SQL(", ").join(SQL("EXCLUDED.%s", name) for name in columns),
        )

    @api.model
    def _forget(self):
        """What is in memory is read anew when it is asked for."""
        self.invalidate_model(flush=False)
        self.env["res.partner"].invalidate_model(STATE_FIELDS, flush=False)

    @api.model
    def _read_columns(self, partner_ids, names) -> dict[int, tuple]:
        """Return columns of the rows of some partners by their ids; one query."""
        return {
            row[0]: row[1:]
            for row in self.env.execute_query(
                SQL(
                    "SELECT partner_id, %s FROM crm_customer_state"
                    " WHERE partner_id = ANY(%s)",
                    SQL(", ").join(map(SQL.identifier, names)),
                    list(partner_ids),
                )
            )
        }
