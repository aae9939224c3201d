from odoo.tests import tagged

from odoo.addons.crm_customer_center.tests.setup_common import SetupCommon


@tagged("post_install", "-at_install")
class TestSetup(SetupCommon):
    def test_the_groups_were_looked_at(self):
        self.env.cr.execute("UPDATE crm_tag_group SET write_uid = 1")
        self.assert_settled_by("tags", lambda: self.setup_of().open_step("tags"))
