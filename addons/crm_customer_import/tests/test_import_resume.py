from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..phases.importing import Importing
from ..phases.reading import Reading
from .common import HEADERS, ImportCase, company_rows

WORKER = "odoo.addons.crm_customer_import.models.crm_customer_import_background"


@tagged("post_install", "-at_install")
class TestImportResume(ImportCase):
    """Going on where a killed server stopped, never twice. Spec C8.

    tests/flows/test_import_kill.py kills a real server; here each phase is cut off
    between two batches.
    """

    def cut_off(self, record, after: int):
        """Run ``after`` batches of the phase and drop the rest."""
        phase = record._phase()
        for _batch in range(after):
            next(phase)
        phase.close()
        record.env.flush_all()
        record.env.invalidate_all()

    def test_each_phase_goes_on_after_a_cut(self):
        record = self.make_import([HEADERS, *company_rows(1200)]).sudo()
        record.state = "reading"
        self.cut_off(record, 1)
        self.assertEqual(record.row_count, 500)
        self.run_to_end(record)
        self.assertEqual(record.row_count, 1200)
        self.assertEqual(record.create_count, 1200)
        Importing(record).settle_untouched()
        record.state = "importing"
        self.cut_off(record, 1)
        self.assertEqual(record.done_count, 500)
        self.run_to_end(record)
        self.assertAccounted(record, 1200)
        Partner = self.env["res.partner"]
        named = [("name", "=like", "测试00%贸易有限公司")]
        self.assertEqual(Partner.search_count(named), 1200)
        record.state = "undoing"
        self.cut_off(record, 2)
        self.run_to_end(record)
        self.assertEqual(record.kept_count, 0)
        self.assertEqual(Partner.search_count(named), 0)

    def test_rows_seen_before_the_cut_are_known_after_it(self):
        """A repeat in the second part is found although the first is long read."""
        rows = [HEADERS, *company_rows(501), company_rows(1)[0]]
        record = self.make_import(rows).sudo()
        record.state = "reading"
        self.cut_off(record, 1)
        self.run_to_end(record)
        last = record.line_ids.sorted("row_number")[-1]
        self.assertEqual(last.same_as_row, 2)

    def test_cron_does_all_phases(self):
        """The real job, commits included, on the transaction of the test."""
        record = self.make_import([HEADERS, *company_rows(700)])
        record.sudo().state = "reading"
        cron = self.env.ref("crm_customer_import.ir_cron_customer_import")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        record.invalidate_recordset()
        self.assertEqual(record.state, "preview")
        self.assertEqual(record.get_progress()["percent"], 100)
        record.action_import()
        self.assertEqual(record.state, "importing", "too long for the request")
        self.assertEqual(record.get_progress()["state"], "importing")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        record.invalidate_recordset()
        self.assertEqual(record.state, "done")
        self.assertAccounted(record, 700)

    def test_long_list_is_read_in_the_background(self):
        record = self.make_import([HEADERS, *company_rows(3000)])
        triggers = self.env["ir.cron.trigger"]
        cron = self.env.ref("crm_customer_import.ir_cron_customer_import")
        before = triggers.search_count([("cron_id", "=", cron.id)])
        record.action_preview()
        self.assertEqual(record.state, "reading")
        self.assertGreater(triggers.search_count([("cron_id", "=", cron.id)]), before)
        with self.assertRaises(UserError):
            record.action_import()
        self.assertFalse(record.get_progress()["known"])
        self.run_to_end(record)
        self.assertEqual(record.state, "preview")
        self.assertAccounted(record, 3000)

    def test_one_broken_import_does_not_stop_the_others(self):
        first = self.make_import([HEADERS, *company_rows(1)]).sudo()
        second = self.make_import([HEADERS, *company_rows(1, 1)]).sudo()
        (first | second).state = "reading"
        read = Reading.batches

        def broken(phase):
            if phase.record == first:
                raise ZeroDivisionError
            return read(phase)

        cron = self.env.ref("crm_customer_import.ir_cron_customer_import")
        with (
            patch.object(Reading, "batches", broken),
            self.enter_registry_test_mode(),
            mute_logger(WORKER),
        ):
            cron.method_direct_trigger()
        (first | second).invalidate_recordset()
        self.assertEqual(first.state, "error")
        self.assertEqual(second.state, "preview")

    def test_cancelled_while_reading(self):
        record = self.make_import([HEADERS, *company_rows(3000)])
        record.action_preview()
        record.action_cancel()
        self.assertEqual(record.state, "draft")
        self.assertEqual(record.row_count, 0)
        with self.assertRaises(UserError):
            record.sudo().state = "importing"
            record.unlink()
