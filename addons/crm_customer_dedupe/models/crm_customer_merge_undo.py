from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..statements import merge_undoing
from ..tools.merging import CHANGED, GONE, NEW, Change, Merge, in_the_way, without_lines

PAIR_TABLE = "crm_customer_pair"


class CrmCustomerMerge(models.Model):
    """How a merge is taken back: exactly, but for what somebody has changed since."""

    _inherit = "crm.customer.merge"

    def _undo(self):
        """Put back what stands as the merge left it; the rest stays and is listed.

        :raises UserError: when it was taken back already, or a later merge has to be
            taken back first
        """
        self.ensure_one()
        survivor, absorbed = self.survivor_id, self.absorbed_ids
        self._lock([survivor.id, *absorbed.ids])
        self.env.cr.execute(
            SQL("SELECT FROM crm_customer_merge WHERE id = %s FOR UPDATE", self.id)
        )
        self.invalidate_recordset()
        self._check_undo()
        self.env.cr.flush()
        former = survivor.former_names or ""
        self._put_back()
        self.env.invalidate_all()
        self._mend_former_names(former)
        changed = self._forget_derived()
        self._told_apart_now()
        self.write(
            {
                "state": "undone",
                "undone_by_id": self.env.uid,
                "undone_date": fields.Datetime.now(),
                "left_count": sum(len(line.left_ids or []) for line in self.line_ids),
            }
        )
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._after_undo(survivor | absorbed, survivor if changed else absorbed[:0])
        self.env.flush_all()
        self.env["crm.partner.key"]._refresh([survivor.id, *absorbed.ids])
        self.env.registry.clear_cache()

    # ------------------------------------------------------------
    # MAY IT
    # ------------------------------------------------------------

    def _check_undo(self):
        if self.state == "undone":
            raise UserError(
                self.env._(
                    "This merge has been taken back already, by %(person)s.",
                    person=self.undone_by_id.name or self.env._("somebody"),
                )
            )
        later = self.search([("id", ">", self.id), ("state", "=", "done")])
        first = in_the_way(
            self._as_plan(), [one._as_plan() for one in later], self._soft_tables()
        )
        if first:
            other = self.browse(first)
            raise UserError(
                self.env._(
                    "Take back another merge first: “%(names)s” went into “%(kept)s” "
                    "on %(date)s, and touched the same entries.",
                    names=other.names,
                    kept=other.survivor_id.name,
                    date=fields.Date.to_string(other.date),
                )
            )

    def _as_plan(self) -> Merge:
        changes = tuple(
            Change(
                line.kind,
                line.table_name,
                tuple(line.record_ids or ()),
                frozenset(line.before or ()),
            )
            for line in self.line_ids
        )
        absorbed = frozenset(self.absorbed_ids.ids)
        return Merge(self.id, self.survivor_id.id, absorbed, changes)

    @api.model
    def _soft_tables(self) -> set[str]:
        tables = {table for table, _column in self._soft_columns()}
        return tables | {PAIR_TABLE}

    # ------------------------------------------------------------
    # PUT BACK
    # ------------------------------------------------------------

    def _put_back(self):
        """Put back line by line; one that waits for another comes again after it."""
        waiting = sorted(self.line_ids, key=self._turn)
        while waiting:
            rest = [line for line in waiting if not line._put_back()]
            if len(rest) == len(waiting):
                break
            waiting = rest
        for line in waiting:
            line._put_back_one_by_one()

    def _turn(self, line):
        """What was made goes first, then the one that stays gives back what it took."""
        own = (line.table_name, line.kind) == ("res_partner", CHANGED)
        first = own and self.survivor_id.id in line.record_ids
        order = {NEW: 0, CHANGED: 2, GONE: 3}[line.kind]
        return (1 if first else order, line.id)

    def _mend_former_names(self, former: str):
        """Of names that came by several merges this one takes back its own."""
        survivor = self.survivor_id
        for line in self.line_ids:
            before = line.before or {}
            if (
                "former_names" not in before
                or survivor.id not in line.record_ids
                or former == (line.after["former_names"] or "")
            ):
                continue
            survivor.former_names = without_lines(
                former, before["former_names"] or "", line.after["former_names"] or ""
            )
            line.left_ids = [
                one
                for one in line.left_ids or []
                if one != [survivor.id, "former_names"]
            ]

    def _forget_derived(self) -> bool:
        """What follows from other rows is computed anew, not listed.

        :return: whether there was any that had changed since
        """
        soft = self._soft_tables()
        lines = self.line_ids.filtered(
            lambda line: line.left_ids and line.table_name in soft
        )
        lines.left_ids = False
        return bool(lines)

    def _told_apart_now(self):
        """Whoever takes a merge back says that they are two."""
        pairs = self.env["crm.customer.pair"].sudo()  # sudo: the system's rows
        self.env.flush_all()
        survivor = self.survivor_id.id
        for other in self.absorbed_ids.ids:
            one, two = sorted((survivor, other))
            pair = pairs.search([("one_id", "=", one), ("other_id", "=", two)])
            vals = {
                **pairs._decided("different"),
                "decision_reason": self.env._("Their merge was taken back"),
            }
            if pair:
                pair.write(vals)
            else:
                pairs.create({**vals, "one_id": one, "other_id": two})


class CrmCustomerMergeLine(models.Model):
    _inherit = "crm.customer.merge.line"

    def _put_back(self) -> bool:
        """Return whether all rows went back that may."""
        self.ensure_one()
        self.left_ids = False
        self.flush_recordset()
        if self.kind == CHANGED:
            return self._change_back(self.record_ids)
        return self._tried(self._statement(self.rows)) and self._note_left(self.rows)

    def _put_back_one_by_one(self):
        """Put back what the database takes; list the rest."""
        left = []
        if self.kind == CHANGED:
            for id_ in self.record_ids:
                if not self._change_back([id_]):
                    left.append([id_, ""])
                left += self.left_ids or []
        else:
            left = [
                [row.get("id") or 0, ""]
                for row in self.rows
                if not self._tried(self._statement([row]))
            ]
        self.left_ids = left or False

    def _change_back(self, ids) -> bool:
        columns = self._columns()
        names = [name for name in self.before if not columns.get(name, True)]
        if not names:
            return True
        as_json = self.merge_id._as_json
        values = as_json(self.before), as_json(self.after)
        soft = self.table_name in self.merge_id._soft_tables()
        found = self.env.execute_query(
            merge_undoing.left(self.table_name, *values, names, ids)
        )
        statement = merge_undoing.back(self.table_name, *values, names, ids, soft)
        if not self._tried(statement):
            return False
        there = {id_ for id_, _names in found}
        left = [[id_, ""] for id_ in ids if id_ not in there]
        for id_, changed in found:
            left += [
                [id_, name]
                for name in changed
                if name and name not in ("write_date", "write_uid")
            ]
        self.left_ids = left or False
        return True

    def _note_left(self, rows) -> bool:
        """Rows that the merge has made and somebody has changed since stay."""
        if self.kind == NEW and "id" in self._columns():
            query = merge_undoing.still_there(
                self.table_name, self.merge_id._as_json(rows)
            )
            left = [[id_, ""] for (id_,) in self.env.execute_query(query)]
            self.left_ids = left or False
        return True

    def _statement(self, rows) -> SQL:
        columns = self._columns()
        content = self.merge_id._as_json(rows)
        if self.kind == NEW:
            return merge_undoing.away(self.table_name, content, "id" in columns)
        names = [name for name, is_generated in columns.items() if not is_generated]
        return merge_undoing.back_again(self.table_name, content, names)

    def _columns(self) -> dict[str, bool]:
        return self.env["crm.merge.mover"]._columns(self.table_name)

    def _tried(self, statement: SQL) -> bool:
        return self.env["crm.merge.mover"]._tried(statement)
