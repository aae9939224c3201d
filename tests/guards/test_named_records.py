"""# B1: a list of anything can be searched."""

from odoo.tests import TransactionCase, tagged

from odoo.addons.crm_suite_base.models.base_system_fields import _is_ours


@tagged("post_install", "-at_install")
class TestNamedRecords(TransactionCase):
    def test_every_record_is_found_by_a_name(self):
        """Where nobody said what a record is called, Odoo finds none, and warns."""
        asked, wrong = 0, []
        for name, model in self.env.items():
            if (
                model._abstract
                or model._transient
                or not _is_ours(model._original_module)
            ):
                continue
            asked += 1
            if not (model._rec_name or model._rec_names_search):
                wrong.append(name)
                continue
            model.search([("display_name", "ilike", "zq")], limit=1)
        self.assertGreater(asked, 50)
        self.assertFalse(wrong, "say _rec_name or _rec_names_search")
