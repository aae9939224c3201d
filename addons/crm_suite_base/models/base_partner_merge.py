from collections.abc import Callable

import psycopg2

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

#: Rows that follow from others: dropped, and computed anew after the merge.
DERIVED = object()


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Odoo's merge of partners, made to lose nothing of ours.

    Where a row of the source cannot become one of the target, Odoo deletes all rows
    of the source if it knows the constraint, and stops if it does not: it does not
    see unique indexes. Modules make room for their rows before; see
    docs/adr/0029-jobs-that-go-on.md.
    """

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _merge_rooms(self) -> dict[tuple[str, str], Callable | object | None]:
        """Who makes room, for columns to partners that a unique index, a constraint or
        a check names.

        A module with such a column appends to it.

        :return: (table, column): a function of the partners that go and the one that
            stays, which changes rows so that all can be kept; ``DERIVED``; or ``None``
            where nothing is in the way
        """
        return {}

    @api.model
    def _derived_rooms(self) -> set[tuple[str, str]]:
        """Return the columns of rows that follow from others."""
        rooms = self._merge_rooms()
        return {place for place, room in rooms.items() if room is DERIVED}

    @api.model
    def _rows_moved(self, partners):
        """Hook: rows of these partners were moved by SQL, by a merge or when one was
        taken back. What fields and figures follow from them is brought up to date.

        :param partners: that are there now; not those a merge has put away or deleted
        """

    @api.model
    def _after_merge(self, target, names: list[str]):
        """Hook: partners were merged, and rows moved.

        :param target: the partner that stays
        :param names: of those that went into it
        """
        self._rows_moved(target)

    @api.model
    def _survivor_of(self, partners, dst_partner=None):
        """Return which of the partners stays, as Odoo chooses it where nobody does."""
        if dst_partner and dst_partner in partners:
            return dst_partner
        return self._get_ordered_partner(partners.ids)[-1]

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        partners = self.env["res.partner"].browse(partner_ids).exists()
        if len(partners) < 2:
            return super()._merge(partner_ids, dst_partner, extra_checks)
        target = self._survivor_of(partners, dst_partner)
        names = [partner.display_name for partner in partners - target]
        result = super()._merge(partner_ids, target, extra_checks)
        self._after_merge(target, names)
        return result

    def _update_foreign_keys(self, src_partners, dst_partner):
        rooms = self._merge_rooms()
        for make_room in rooms.values():
            if callable(make_room):
                make_room(src_partners, dst_partner)
        # with what waits for the commit: it must not come between
        self.env.cr.flush()
        for (table, column), room in rooms.items():
            if room is not DERIVED:
                self._move_rows(table, column, src_partners, dst_partner)
        for (table, column), room in rooms.items():
            if room is DERIVED:
                self._drop_rows(table, column, src_partners)
        self.env.invalidate_all()
        return super()._update_foreign_keys(src_partners, dst_partner)

    @api.model
    def _move_rows(self, table, column, src_partners, dst_partner):
        """Move the rows of a table of ours; rather no merge than a row less.

        :raises UserError: when the database refuses it
        """
        try:
            with self.env.cr.savepoint():
                self.env.cr.execute(
                    SQL(
                        "UPDATE %s SET %s = %s WHERE %s = ANY(%s)",
                        SQL.identifier(table),
                        SQL.identifier(column),
                        dst_partner.id,
                        SQL.identifier(column),
                        src_partners.ids,
                    )
                )
        except psycopg2.IntegrityError as error:
            raise UserError(
                self.env._(
                    "The contacts cannot be merged: both have entries of which there "
                    "can be only one (%(table)s). Nothing was changed.",
                    table=table,
                )
            ) from error

    @api.model
    def _drop_rows(self, table, column, partners):
        self.env.cr.execute(
            SQL(
                "DELETE FROM %s WHERE %s = ANY(%s)",
                SQL.identifier(table),
                SQL.identifier(column),
                partners.ids,
            )
        )
