import json
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.crm_suite_base.tools.token import Token

from ..statements import merge_noting
from ..tools.merging import CHANGED, GONE, NEW, SOFT_COLUMNS, Pointer
from .crm_merge_mover import UNITED

#: the merge that is under way (``Under``)
MERGING = Token("crm_customer_merging")


class Under(NamedTuple):
    """A merge that is under way, what points to its records, and the tables that were
    noted when it began."""

    merge: models.BaseModel
    pointers: dict[str, list[Pointer]]
    tables: frozenset[str]

    def note(self, table: str, where: SQL):
        """Note rows that are about to go. Links that were noted may be others by now,
        and have no id to be known by."""
        if table not in self.tables or self.merge._has_id(table):
            self.merge._note(table, where)


class CrmCustomerMerge(models.Model):
    """How a merge is written down: rows that point to one of the customers are noted
    before, and compared after it."""

    _inherit = "crm.customer.merge"

    # ------------------------------------------------------------
    # BEGIN
    # ------------------------------------------------------------

    @api.model
    def _begin(self, absorbed, survivor) -> Under:
        """Lock the customers and note what is there.

        :raises UserError: when one of them has gone into another meanwhile
        """
        family = survivor | absorbed
        self._lock(family.ids)
        self._check_living(family)
        # what waits for the commit must not come between
        self.env.cr.flush()
        # sudo: what a merge writes down is the system's; who merges was asked
        merge = self.sudo().create(
            {
                "survivor_id": survivor.id,
                "absorbed_ids": [(6, 0, absorbed.ids)],
                "names": ", ".join(
                    name for name in absorbed.sudo().mapped("display_name") if name
                ),
                "user_id": self.env.uid,
                "date": fields.Datetime.now(),
            }
        )
        merge.flush_recordset()
        self.env.cr.execute(merge_noting.CREATE)
        self.env.cr.execute(merge_noting.EMPTY)
        mover = self.env["crm.merge.mover"]
        pointers = {model: mover._pointers(model) for model in UNITED}
        scope = merge._scope(pointers)
        for table, where in scope.items():
            merge._note(table, where)
        return Under(merge, pointers, frozenset(scope))

    @api.model
    def _lock(self, ids):
        """Lock customers, the smaller id first: of two merges that share one the second
        waits, and finds out."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "SELECT id FROM res_partner WHERE id = ANY(%s) ORDER BY id FOR UPDATE",
                list(ids),
            )
        )
        self.env["res.partner"].browse(ids).invalidate_recordset()

    @api.model
    def _check_living(self, family):
        # sudo: the name of who stayed is in the history of who asks
        gone = family.sudo().filtered("merged_into_id")[:1]
        if not gone:
            return
        merge = self.sudo().search(  # sudo: as above
            [("absorbed_ids", "in", gone.ids), ("state", "=", "done")], limit=1
        )
        raise UserError(
            self.env._(
                "“%(gone)s” was merged into “%(kept)s” already, by %(person)s. Nothing "
                "was changed.",
                gone=gone.name or gone.id,
                kept=gone.merged_into_id.name or gone.merged_into_id.id,
                person=merge.user_id.name or self.env._("somebody"),
            )
        )

    # ------------------------------------------------------------
    # NOTE
    # ------------------------------------------------------------

    def _scope(self, pointers: dict[str, list[Pointer]]) -> dict[str, SQL]:
        """Return which rows of which table a merge may touch: the customers, what
        points to them and to their bank accounts, and what the system keeps about
        their contacts."""
        self.ensure_one()
        mover = self.env["crm.merge.mover"]
        ids = [self.survivor_id.id, *self._absorbed_now()]
        banks = SQL("SELECT id FROM res_partner_bank WHERE partner_id = ANY(%s)", ids)
        records = {
            "res.partner": ids,
            "res.partner.bank": [id_ for (id_,) in self.env.execute_query(banks)],
        }
        found: dict[str, list[SQL]] = {"res_partner": [SQL("id = ANY(%s)", ids)]}
        for model, some in pointers.items():
            for table, where in mover._where(some, model, records[model]).items():
                found.setdefault(table, []).append(where)
        for table, where in self._contacts_scope(ids).items():
            found.setdefault(table, []).append(where)
        return {table: SQL(" OR ").join(some) for table, some in found.items()}

    def _absorbed_now(self) -> list[int]:
        rows = self.env.execute_query(
            SQL(
                "SELECT partner_id FROM crm_customer_merge_absorbed_rel"
                " WHERE merge_id = %s ORDER BY 1",
                self.id,
            )
        )
        return [id_ for (id_,) in rows]

    @api.model
    def _contacts_scope(self, ids) -> dict[str, SQL]:
        contacts = SQL(
            "(SELECT id FROM res_partner WHERE commercial_partner_id = ANY(%s))", ids
        )
        return {
            table: SQL("%s IN %s", SQL.identifier(column), contacts)
            for table, column in sorted(self._soft_columns())
        }

    @api.model
    def _soft_columns(self) -> set[tuple[str, str]]:
        """Columns of rows that follow from others, and are computed anew."""
        wizard = self.env["base.partner.merge.automatic.wizard"]
        derived = set(wizard._derived_rooms())
        return derived | {("crm_partner_key", "partner_id")}

    def _note(self, table: str, where: SQL):
        self.env.cr.execute(merge_noting.note(table, where, self._has_id(table)))

    @api.model
    def _has_id(self, table: str) -> bool:
        return "id" in self.env["crm.merge.mover"]._columns(table)

    # ------------------------------------------------------------
    # WRITE DOWN
    # ------------------------------------------------------------

    def _finish(self, pointers: dict[str, list[Pointer]]):
        """Write down what became of the rows."""
        self.ensure_one()
        # with what waits for the commit: a message that says what changed, say
        self.env.cr.flush()
        scope = self._scope(pointers)
        noted = self._noted_tables()
        vals = []
        for table in sorted(noted.union(scope)):
            where = scope.get(table, SQL("FALSE"))
            vals += self._lines_of(table, where, table in noted)
        self.env.cr.execute(merge_noting.EMPTY)
        # sudo: the journal is the system's
        lines = self.env["crm.customer.merge.line"].sudo().create(vals)
        self.row_count = sum(line._count() for line in lines)
        self.decisions = self._decisions(lines)
        self.flush_recordset()

    def _noted_tables(self) -> set[str]:
        rows = self.env.execute_query(
            SQL("SELECT DISTINCT table_name FROM %s", merge_noting.BEFORE)
        )
        return {name for (name,) in rows}

    def _lines_of(self, table: str, where: SQL, is_noted: bool) -> list[dict]:
        has_id, lines = self._has_id(table), []
        query = self.env.execute_query
        base = {"merge_id": self.id, "table_name": table}
        if is_noted and has_id:
            for old, new, ids in query(merge_noting.changed(table)):
                lines.append(
                    {**base, "kind": CHANGED, "before": old, "after": new,
                     "record_ids": ids}
                )  # fmt: skip
        found = {NEW: query(merge_noting.new(table, where, has_id))}
        if is_noted:
            found[GONE] = query(merge_noting.gone(table, where, has_id))
        for kind, rows in found.items():
            if rows:
                lines.append(
                    {
                        **base,
                        "kind": kind,
                        "record_ids": [id_ for id_, _row in rows if id_],
                        "rows": [row for _id, row in rows],
                    }
                )
        return lines

    def _decisions(self, lines) -> list[str]:
        """Return which fields of the one that stays are others now."""
        own = lines.filtered(
            lambda line: (
                (line.table_name, line.kind) == ("res_partner", CHANGED)
                and self.survivor_id.id in line.record_ids
            )
        )
        names = {name for line in own for name in line.before}
        return sorted(names - SOFT_COLUMNS)

    @api.model
    def _as_json(self, value) -> str:
        return json.dumps(value)
