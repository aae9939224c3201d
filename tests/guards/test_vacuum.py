"""# B7: what cleans up at night says when it is done."""

from odoo.tests import TransactionCase, tagged

from odoo.addons.base.models.ir_autovacuum import is_autovacuum
from odoo.addons.crm_suite_base.models.base_system_fields import _is_ours


@tagged("post_install", "-at_install")
class TestVacuum(TransactionCase):
    def test_nothing_is_cleaned_up_for_ever(self):
        """Odoo calls again and again what says that something is left."""
        asked, wrong = set(), []
        for name, model in self.env.items():
            for attribute in dir(type(model)):
                function = getattr(type(model), attribute)
                if not is_autovacuum(function):
                    continue
                # odoo.addons.<module>.…; what is of Odoo's own core is no addon
                module = function.__module__.removeprefix("odoo.addons.").split(".")[0]
                if not _is_ours(module):
                    continue
                asked.add(f"{name}.{attribute}")
                for _time in range(20):
                    _done, left = function(model) or (0, False)
                    if not left:
                        break
                else:
                    wrong.append(f"{name}.{attribute}")
        self.assertIn("crm.job.problem._gc_gone", asked)
        self.assertFalse(wrong)
