"""The list of who sets up the house: what is done, who sees it, who begins there."""

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import SQL

from .setup_common import SetupCommon


@tagged("post_install", "-at_install")
class TestSetup(SetupCommon):
    def as_delivered(self, model):
        """Its records as they come along: nobody has touched them."""
        self.env.flush_all()
        table = SQL.identifier(self.env[model]._table)
        self.env.cr.execute(SQL("UPDATE %s SET write_uid = %s", table, SUPERUSER_ID))
        self.env.invalidate_all()

    def test_the_company_needs_a_country_and_a_phone(self):
        self.env.company.phone = False
        self.assert_settled_by(
            "company", lambda: self.env.company.write({"phone": "021-55550000"})
        )
        self.env.company.country_id = False
        self.assert_state("company", "open")

    def test_somebody_beside_administrators_has_a_role(self):
        everybody = self.env["res.users"].search([("share", "=", False)])
        (everybody - self.house - self.env.user).active = False
        self.assert_settled_by("people", lambda: self.rep.write({"active": True}))

    def test_a_team_has_members(self):
        self.env["crm.team.member"].search([]).unlink()
        self.assert_settled_by(
            "teams", lambda: self.team.write({"member_ids": [(4, self.rep.id)]})
        )

    def test_what_comes_along_is_done_once_somebody_changes_it(self):
        level = self.env["crm.customer.level"].search([], limit=1)
        self.as_delivered("crm.customer.level")
        self.assert_settled_by(
            "levels", lambda: level.with_user(self.house).write({"name": "Gold"})
        )

    def test_or_has_looked_at_it(self):
        """Regions, levels, days and numbers may be right as they come along."""
        models = {
            "regions": "crm.customer.region",
            "levels": "crm.customer.level",
            "lifecycle": "crm.lifecycle.rule",
            "numbering": "ir.sequence",
        }
        look = self.setup_of().open_step
        for key, model in models.items():
            self.as_delivered(model)
            with self.subTest(key=key):
                self.assert_settled_by(key, lambda key=key: look(key))

    def test_having_been_there_is_not_enough_for_the_others(self):
        self.env.company.phone = False
        self.setup_of().open_step("company")
        self.assert_state("company", "open")

    def test_what_is_not_needed_is_settled_and_can_be_needed_again(self):
        self.env.company.phone = False
        setup = self.setup_of()
        before = setup.get_setup()["settled"]
        self.assertEqual(setup.skip_step("company", True)["settled"], before + 1)
        self.assert_state("company", "skipped")
        self.assertEqual(setup.skip_step("company", False)["settled"], before)
        self.assert_state("company", "open")

    def test_each_company_has_its_own_list(self):
        self.setup_of().skip_step("levels", True)
        other = self.env["res.company"].create({"name": "Other house"})
        self.house.company_ids += other
        there = self.setup_of().with_company(other).get_setup()["steps"]
        states = {step["key"]: step["state"] for step in there}
        self.assertNotEqual(states["levels"], "skipped")

    def test_only_administrators_see_the_list(self):
        menu = self.env.ref("crm_customer_center.menu_setup")
        for role, user in self.roles.items():
            with self.subTest(role=role):
                menus = self.env["ir.ui.menu"].with_user(user)
                is_shown = menu.id in menus._visible_menu_ids()
                self.assertEqual(is_shown, role == "crm_admin")
                if role == "crm_admin":
                    continue
                setup = self.setup_of(user)
                with self.assertRaises(AccessError):
                    setup.get_setup()
                with self.assertRaises(AccessError):
                    setup.open_step("levels")
                with self.assertRaises(AccessError):
                    setup.skip_step("levels", True)

    def test_a_place_one_may_not_write_in_is_left_out(self):
        """Companies, accounts and sequences are the system administrator's."""
        theirs = {"company", "people", "numbering"}
        self.assertFalse(theirs & self.states(self.crm_admin).keys())
        self.assertLessEqual(theirs, self.states().keys())
        with self.assertRaises(UserError):
            self.setup_of(self.crm_admin).skip_step("company", True)

    def test_marks_are_not_typed(self):
        company = self.env.company.with_user(self.house)
        with self.assertRaises(AccessError):
            company.write({"crm_setup_marks": {"seen": ["levels"]}})


@tagged("post_install", "-at_install")
class TestSetupLanding(SetupCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for user in (cls.crm_admin, cls.rep):
            user.password = user.login

    def home_of(self, user):
        """The action a person begins with; False: the first menu."""
        self.authenticate(user.login, user.login)
        info = self.make_jsonrpc_request("/web/session/get_session_info", {})
        return info["home_action_id"]

    def test_who_sets_up_begins_with_the_list_until_it_is_done(self):
        action = self.env.ref("crm_customer_center.action_setup")
        self.assertEqual(self.home_of(self.crm_admin), action.id)
        for key in self.states(self.crm_admin):
            self.setup_of(self.crm_admin).skip_step(key, True)
        self.assertFalse(self.home_of(self.crm_admin))

    def test_who_opens_a_page_of_the_client_is_not_asked_for(self):
        """The question is paid by who may land, not by every page."""
        self.authenticate(self.crm_admin.login, self.crm_admin.login)
        asked = []
        model = self.env.registry["crm.setup"]
        self.patch(model, "_is_set_up", lambda setup: asked.append(setup.env.uid))
        self.url_open("/odoo/contacts")
        self.assertFalse(asked)
        self.url_open("/odoo")
        self.assertEqual(asked, [self.crm_admin.id])

    def test_who_has_customers_begins_elsewhere(self):
        self.make_customer("Own", self.crm_admin)
        self.assertFalse(self.home_of(self.crm_admin))

    def test_so_does_who_says_where(self):
        wish = self.env.ref("crm_customer_center.action_customer")
        self.crm_admin.action_id = wish.id
        self.assertEqual(self.home_of(self.crm_admin), wish.id)

    def test_so_does_who_sells(self):
        self.assertFalse(self.home_of(self.rep))
