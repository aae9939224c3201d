from odoo.tests import tagged

from odoo.addons.crm_customer_center.tests.setup_common import SetupCommon


@tagged("post_install", "-at_install")
class TestSetup(SetupCommon):
    def test_targets_of_the_year_are_set(self):
        targets = self.env["crm.sales.target"].sudo()
        targets.search([]).unlink()
        month = self.env.company._today().replace(day=1)
        values = {"user_id": self.rep.id, "amount": 1000}
        targets.create({**values, "month": month.replace(year=month.year - 1)})
        self.assert_settled_by(
            "targets", lambda: targets.create({**values, "month": month})
        )
