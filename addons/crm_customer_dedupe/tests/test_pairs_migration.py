import importlib.util
from pathlib import Path

from odoo.tests import TransactionCase, tagged

FILE = Path(__file__).parents[1] / "migrations/19.0.1.2.1/post-oftener.py"


@tagged("post_install", "-at_install")
class TestPairsMigration(TransactionCase):
    def test_nightly_becomes_half_hourly_but_for_who_set_it(self):
        """# C4: what the migration does to the job."""
        spec = importlib.util.spec_from_file_location("migration", FILE)
        migration = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(migration)
        cron = self.env.ref("crm_customer_dedupe.ir_cron_pairs")
        for before, after in (
            ((1, "days"), (30, "minutes")),
            ((3, "hours"), (3, "hours")),
        ):
            cron.write({"interval_number": before[0], "interval_type": before[1]})
            migration.migrate(self.env.cr, "19.0.1.2.0")
            self.assertEqual((cron.interval_number, cron.interval_type), after)
