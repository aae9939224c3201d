from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.base.tests.common import BaseCommon

# columns of tables of ours to partners that a unique index, also one over an
# expression, or a constraint names
NAMED = """
SELECT DISTINCT con.conrelid::regclass::text, col.attname
  FROM pg_constraint con
  JOIN pg_attribute col ON col.attrelid = con.conrelid AND col.attnum = con.conkey[1]
 WHERE con.contype = 'f' AND con.confrelid = 'res_partner'::regclass
   AND (EXISTS (SELECT FROM pg_index i
                 WHERE i.indrelid = con.conrelid AND i.indisunique
                   AND NOT i.indisprimary
                   AND pg_get_indexdef(i.indexrelid) ~ ('\\m' || col.attname || '\\M'))
        OR EXISTS (SELECT FROM pg_constraint c
                    WHERE c.conrelid = con.conrelid AND c.contype IN ('u', 'c')
                      AND col.attnum = ANY (c.conkey)))
"""


@tagged("post_install", "-at_install")
class TestMergeRooms(BaseCommon):
    """# B3: Odoo's merge deletes rows, or stops, where it meets a constraint."""

    def our_tables(self):
        """Tables of models that modules of the suite bring."""
        ours = set(
            self.env["ir.module.module"]
            .search([("author", "=", "CRM Suite founders")])
            .mapped("name")
        )
        return {
            model._table
            for model in self.env.values()
            if model._original_module in ours and not model._abstract
        }

    def test_whatever_could_be_in_the_way_is_looked_after(self):
        """A module that brings such a column says in ``_merge_rooms`` what becomes of
        the rows of both, and tests it."""
        ours = self.our_tables()
        named = {
            (table, column)
            for table, column in self.env.execute_query(SQL(NAMED))
            if table in ours
        }
        known = self.env["base.partner.merge.automatic.wizard"]._merge_rooms()
        self.assertLessEqual(named, set(known))
