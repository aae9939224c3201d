import base64
import io

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import HEADERS, ImportCase, company_rows


@tagged("post_install", "-at_install")
class TestImportCells(ImportCase):
    """A wrong cell is put right in the preview. # C8"""

    PHONE, MAIL = 2, 3

    def rows(self, *phones):
        return [
            HEADERS,
            *(
                [f"改正{at:02d}贸易有限公司", "", phone, "", ""]
                for at, phone in enumerate(phones)
            ),
        ]

    def lines(self, record):
        return record.line_ids.sorted("row_number")

    def cells(self, record):
        return record.line_ids.browse().get_wrong_cells(record.id)

    def test_a_wrong_cell_is_put_right_where_it_stands(self):
        """Checked at once, with the same sentence while it is still wrong; the file's
        own text is kept and can return."""
        record = self.preview(self.rows("1380013", "13800138101"))
        bad = self.lines(record)[0]
        found = self.cells(record)
        self.assertEqual((found["rows"], found["cells"][0]["text"]), (1, "1380013"))
        self.assertEqual(found["cells"][0]["sentence"], bad.reason)
        sentence = bad.reason

        bad.action_correct(self.PHONE, "1380014")
        self.assertEqual(bad.decision, "refuse")
        self.assertEqual(bad.reason, sentence.replace("1380013", "1380014"))
        (cell,) = self.cells(record)["cells"]
        self.assertEqual((cell["text"], cell["source"]), ("1380014", "1380013"))

        bad.action_correct(self.PHONE, "13800138102")
        self.assertEqual((bad.decision, bad.wrong_count), ("create", 0))
        self.assertIn("1380013", bad.source_text)
        found = self.cells(record)
        self.assertEqual((found["rows"], found["corrected_rows"]), (0, 1))
        self.assertEqual(found["corrected"][0]["source"], "1380013")

        bad.action_restore(self.PHONE)
        self.assertEqual((bad.decision, bad.reason), ("refuse", sentence))
        self.assertFalse(bad.is_corrected)

    def test_the_same_wrong_text_is_put_right_once(self):
        record = self.preview(self.rows(*["无号码123"] * 40, "1380013"))
        first = self.lines(record)[0]
        found = self.cells(record)
        self.assertEqual([cell["rows"] for cell in found["cells"]], [40, 1])
        first.action_correct(self.PHONE, "", everywhere=True)
        self.assertEqual(self.cells(record)["rows"], 1)
        self.assertEqual(record.refuse_count, 1)
        first.action_restore(self.PHONE, everywhere=True)
        self.assertEqual(self.cells(record)["rows"], 41)

    def test_an_empty_cell_is_one_of_its_row(self):
        """# B: forty rows without a name are forty customers."""
        record = self.preview([HEADERS, *[["", "", f"1380013820{n}", "", "北京"]
                                          for n in range(3)]])  # fmt: skip
        line = self.lines(record)[0]
        self.assertEqual([c["rows"] for c in self.cells(record)["cells"]], [1, 1, 1])
        line.action_correct(0, "改正有名贸易有限公司", everywhere=True)
        self.assertEqual(self.decisions(record), ["create", "refuse", "refuse"])

    def test_rows_are_compared_as_if_the_list_had_come_so(self):
        """The corrected row comes first, so a later one of the same customer is the
        one that adds to it, and rows that had nothing to do with it stay."""
        rows = self.rows("1380013", "13800138104", "13800138105")
        rows[2][0] = rows[1][0]
        rows[2][1] = "张三"
        record = self.preview(rows)
        self.assertEqual(self.decisions(record), ["refuse", "create", "create"])
        first, second, third = self.lines(record)
        self.env.flush_all()
        before = third.sudo().read()[0]
        first.action_correct(self.PHONE, "13800138104")
        self.assertEqual(self.decisions(record), ["create", "update", "create"])
        self.assertEqual(second.same_as_row, first.row_number)
        same = self.preview([row if at != 1 else [row[0], "", "13800138104", "", ""]
                             for at, row in enumerate(rows)])  # fmt: skip
        for one, other in zip(self.lines(record), self.lines(same), strict=True):
            self.assertEqual(one.decision, other.decision)
            self.assertEqual(one.reason, other.reason)
            self.assertEqual(one.same_as_row, other.same_as_row)
        self.assertEqual(third.sudo().read()[0], before)

    def test_corrections_hold_when_the_list_is_decided_on_anew(self):
        """# B4: another choice, or a server that was killed, plans every row again."""
        record = self.preview(self.rows("1380013"))
        self.lines(record).action_correct(self.PHONE, "13800138106")
        record.duplicate_policy = "update"
        self.assertEqual(self.decisions(record), ["create"])
        record._plan_again()
        self.assertEqual(self.decisions(record), ["create"])
        self.assertTrue(self.lines(record).is_corrected)

    def test_corrected_rows_are_imported_and_taken_back(self):
        record = self.preview(self.rows("1380013"))
        line = self.lines(record)
        line.action_correct(self.PHONE, "13800138107")
        record.action_import()
        customer = line.partner_id
        self.assertEqual(customer.phone_sanitized, "+8613800138107")
        with self.assertRaises(UserError):
            line.action_correct(self.PHONE, "13800138108")
        record.action_undo()
        self.assertFalse(customer.exists())
        self.assertEqual(record.kept_count, 0)

    def test_the_refused_workbook_has_what_was_written_and_marks_what_is_wrong(self):
        record = self.preview(self.rows("1380013"))
        self.lines(record).action_correct(self.PHONE, "1380014")
        book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(record.refused_file)))
        right, wrong = book.active["B2"], book.active["D2"]
        self.assertEqual(wrong.value, "1380014")
        self.assertNotEqual(wrong.fill.fgColor.rgb, right.fill.fgColor.rgb)
        self.assertIn("1380014", wrong.comment.text)
        self.assertFalse(right.comment)

    def test_a_row_is_skipped_from_the_cell(self):
        record = self.preview(self.rows("1380013", "1380013"))
        self.lines(record)[0].action_skip_cell(self.PHONE)
        self.assertEqual(self.decisions(record), ["skip", "skip"])
        self.assertEqual(self.cells(record)["rows"], 0)

    def test_a_customer_is_chosen_for_several_rows_at_once(self):
        """Rows that several customers match, or none: a person says who it is."""
        known = self.customer("改正同名贸易有限公司", self.rep, phone="13800138109")
        record = self.preview(self.rows("13800138110", "13800138111"))
        lines = self.lines(record)
        lines.write({"partner_id": known.id})
        self.assertEqual(self.decisions(record), ["update", "update"])
        record.duplicate_policy = "update"  # decides anew
        self.assertEqual(lines.partner_id, known)
        lines[1].write({"partner_id": False})
        self.assertEqual(self.decisions(record), ["update", "create"])
        record.action_import()
        self.assertEqual(lines[0].partner_id, known)
        self.assertNotEqual(lines[1].partner_id, known)

    def test_only_who_may_import_corrects(self):
        record = self.preview(self.rows("1380013"))
        line = self.lines(record)
        foreign = self.customer("改正他人贸易有限公司", self.other_rep)
        for call in (
            lambda: line.with_user(self.other_rep).action_correct(self.PHONE, "1"),
            lambda: line.with_user(self.other_rep).action_restore(self.PHONE),
            lambda: line.with_user(self.other_rep).action_skip_cell(self.PHONE),
            lambda: line.with_user(self.other_rep).get_wrong_cells(record.id),
            lambda: line.write({"corrections": {"2": "13800138112"}}),
        ):
            with self.assertRaises(AccessError):
                call()
        with self.assertRaises(UserError):
            line.action_correct(99, "x")
        good = self.preview([HEADERS, *company_rows(1)])
        with self.assertRaises(AccessError):
            self.lines(good).write({"partner_id": foreign.id})

    def test_rows_that_all_hang_together_are_decided_on_as_a_whole(self):
        from ..phases import correcting

        self.patch(correcting, "MOST_ROWS", 2)
        rows = self.rows("1380013", *["13800138113"] * 4)
        for row in rows[1:]:
            row[0] = rows[1][0]
        record = self.preview(rows)
        self.lines(record)[0].action_correct(self.PHONE, "13800138113")
        self.run_to_end(record)
        self.assertEqual(record.state, "preview")
        self.assertEqual(self.decisions(record)[0], "create")
