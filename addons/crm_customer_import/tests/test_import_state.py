import base64
import sys

from odoo.tests import tagged

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
