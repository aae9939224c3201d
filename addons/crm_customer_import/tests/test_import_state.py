import base64
import sys

from odoo.tests import tagged

from ..models.crm_customer_import import LIFE
from ..phases import PHASES
from .common import HEADERS, ImportCase, company_rows, csv_bytes


@tagged("post_install", "-at_install")
class TestImportState(ImportCase):
    """The life of an import: one place where it goes from one state to the next."""

    def test_the_state_changes_in_one_place(self):
        """Through every state, also those a file without titles and a person who
        changes the mind come to: whoever writes the state is ``_enter``."""
        Import = self.env.registry["crm.customer.import"]
        write, writers, reached = Import.write, set(), []

        def noted(records, vals):
            if "state" in vals:
                writers.add(sys._getframe(1).f_code.co_name)
                reached.append(vals["state"])
            return write(records, vals)

        self.patch(Import, "write", noted)
        record = self.preview(content=b"1,2\n3,4\n")
        good = base64.b64encode(csv_bytes([HEADERS, *company_rows(2)]))
        record.data_file = good
        record.action_preview()
        record.duplicate_policy = "update"
        record.action_cancel()
        record.action_preview()
        record.action_import()
        record.action_undo()
        self.assertEqual(writers, {"_enter"})
        self.assertEqual(
            reached,
            ["reading", "error", "draft", "reading", "preview", "reading", "preview",
             "draft", "reading", "preview", "importing", "done", "undoing", "undone"],
        )  # fmt: skip

    def test_no_state_is_jumped(self):
        """A mistake in the code does not make a list imported that was never read."""
        record = self.make_import([HEADERS, *company_rows(1)]).sudo()
        for state in ("preview", "importing", "done", "undoing", "undone", "error"):
            with self.assertRaises(ValueError, msg=state):
                record._enter(state)
        self.assertEqual(record.state, "draft")
        record.state = "done"
        for state in ("draft", "reading", "importing", "undone"):
            with self.assertRaises(ValueError, msg=state):
                record._enter(state)
        record._enter("undoing")
        self.assertEqual(record.state, "undoing")

    def test_every_state_has_its_place_in_the_life(self):
        """What is worked on can be entered and left; the others wait for a person."""
        states = dict(self.env["crm.customer.import"]._fields["state"].selection)
        self.assertEqual(LIFE.keys(), states.keys())
        for state in PHASES:
            self.assertTrue(LIFE[state], f"nothing leads to {state}")
            self.assertTrue(
                [x for x in LIFE if state in LIFE[x]], f"{state} ends nowhere"
            )


@tagged("post_install", "-at_install")
class TestImportHooks(ImportCase):
    """What the README offers other modules is asked where it says."""

    def test_another_module_gives_new_customers_a_value(self):
        Import = self.env.registry["crm.customer.import"]
        defaults = Import._customer_defaults

        def extended(record, vals):
            return defaults(record, vals) | {"city": "绍兴"}

        self.patch(Import, "_customer_defaults", extended)
        record = self.preview([HEADERS, *company_rows(1)])
        record.action_import()
        self.assertEqual(record.line_ids.partner_id.city, "绍兴")

    def test_another_module_decides_what_a_column_may_name(self):
        Import = self.env.registry["crm.customer.import"]
        records = Import._choice_records
        hidden = self.env["res.partner.industry"].create({"name": "试用行业"})

        def narrowed(record, target):
            return records(record, target).filtered(lambda one: one != hidden)

        rows = [["客户名称", "行业"], ["甲有限公司", "试用行业"]]
        self.assertFalse(self.preview(rows).word_ids, "known without the module")
        self.patch(Import, "_choice_records", narrowed)
        self.assertEqual(self.preview(rows).word_ids.word, "试用行业")
