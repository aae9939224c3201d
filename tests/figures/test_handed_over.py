"""An upgrade from when the reports were one module. Row O5."""

from odoo.modules.migration import load_script
from odoo.tests import TransactionCase, tagged
from odoo.tools import file_path

SCRIPT = "crm_reports/migrations/19.0.1.2.0/pre-modules.py"


@tagged("post_install", "-at_install")
class TestHandedOver(TransactionCase):
    def setUp(self):
        super().setUp()
        self.script = load_script(file_path(SCRIPT), "modules")
        self.before = self.names()

    def names(self):
        """{external id: (module, whose index)} of all that is handed over."""
        self.env.cr.execute(
            """
            SELECT data.name, data.module, module.name
              FROM ir_model_data data
         LEFT JOIN ir_model_constraint held ON data.model = 'ir.model.constraint'
               AND held.id = data.res_id
         LEFT JOIN ir_module_module module ON module.id = held.module
             WHERE data.name = ANY(%s) AND data.module LIKE 'crm_reports%%'
            """,
            [[name for names in self.script.HANDED_OVER.values() for name in names]],
        )
        return {name: (module, whose) for name, module, whose in self.env.cr.fetchall()}

    def test_everything_is_where_the_new_modules_have_it(self):
        """A name that is misspelled in the script would be deleted and made anew."""
        for module, names in self.script.HANDED_OVER.items():
            for name in names:
                whose = module if name.startswith("constraint_") else None
                self.assertEqual(self.before.get(name), (module, whose), name)

    def test_what_the_former_module_had_is_handed_over(self):
        names = [*self.before]
        self.env.cr.execute(
            "UPDATE ir_model_constraint SET module = (SELECT id FROM ir_module_module"
            " WHERE name = 'crm_reports') WHERE 'constraint_' || name = ANY(%s)",
            [names],
        )
        self.env.cr.execute(
            "UPDATE ir_model_data SET module = 'crm_reports' WHERE name = ANY(%s)"
            " AND module LIKE 'crm_reports_%%'",
            [names],
        )
        self.env.cr.execute(
            "UPDATE ir_module_module SET state = 'uninstalled' WHERE name = ANY(%s)",
            [[*self.script.HANDED_OVER]],
        )
        self.assertNotEqual(self.names(), self.before)
        for _time in range(2):
            self.script.migrate(self.env.cr, "19.0.1.1.0")
        self.assertEqual(self.names(), self.before)
        self.env.cr.execute(
            "SELECT DISTINCT state FROM ir_module_module WHERE name = ANY(%s)",
            [[*self.script.HANDED_OVER]],
        )
        self.assertEqual(self.env.cr.fetchall(), [("to install",)])
