import runpy

from odoo.modules import Manifest
from odoo.tests import tagged
from odoo.tools import SQL

from .common import TaggingCommon

FORMER = "crm_tagging.rule_cost_limit"
PRESENT = "crm_suite_base.rule_cost_limit"


@tagged("post_install", "-at_install")
class TestMigration(TaggingCommon):
    """What former versions stored is read by this one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls.make_draft("Rule", [("city", "=", "X1")], add=cls.make_tag("A"))
        cls.rule.responsible_id = cls.manager
        cls.segment = cls.env["crm.segment"].create(
            {"name": "Segment", "domain": "[('city', '=', 'X1')]"}
        )
        cls.env.flush_all()

    def migrate(self):
        path = Manifest.for_addon("crm_tagging").path
        script = runpy.run_path(f"{path}/migrations/19.0.1.1.0/pre-rules.py")
        script["migrate"](self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def rename(self, table, old, new):
        self.env.cr.execute(
            SQL(
                "ALTER TABLE %s RENAME COLUMN %s TO %s",
                *map(SQL.identifier, (table, old, new)),
            )
        )

    def test_columns_get_the_name_that_all_rules_share(self):
        """# R1: with what stands in them; twice is once."""
        self.env.cr.execute(
            "UPDATE crm_segment SET error = 'gone' WHERE id = %s", [self.segment.id]
        )
        self.rename("crm_tag_rule", "responsible_id", "user_id")
        self.rename("crm_segment", "error", "error_message")
        for _time in range(2):
            self.migrate()
            self.assertEqual(self.rule.responsible_id, self.manager)
            self.assertEqual(self.segment.error, "gone")

    def test_the_limit_somebody_set_goes_on(self):
        parameters = self.env["ir.config_parameter"]
        parameters.search([("key", "in", [FORMER, PRESENT])]).unlink()
        parameters.set_param(FORMER, "7")
        self.env.flush_all()
        for _time in range(2):
            self.migrate()
            self.env.registry.clear_all_caches()
            self.assertEqual(parameters.get_param(PRESENT), "7")
            self.assertFalse(parameters.get_param(FORMER))
