from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.crm_dark_mode.models import ir_asset

DARK, LIGHT = "web.assets_web_dark", "web.assets_web.min.css"
PALETTE = "/crm_dark_mode/static/src/scss/palette.dark.scss"


@tagged("post_install", "-at_install")
class TestColorScheme(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reader = new_test_user(cls.env, "night.owl", groups="base.group_user")
        cls.other = new_test_user(cls.env, "early.bird", groups="base.group_user")
        cls.assets = cls.env["ir.asset"]

    def page(self, choice, cookie=None):
        """The web client as the reader gets it with a choice."""
        self.reader.color_scheme_choice = choice
        self.authenticate("night.owl", "night.owl")
        if cookie:
            self.opener.cookies.set("color_scheme", cookie)
        answer = self.url_open("/odoo")
        answer.raise_for_status()
        return answer

    def files(self, bundle):
        return [path[0] for path in self.assets._get_asset_paths(bundle, {})]

    def with_enterprise(self):
        """As if an installed module had a dark mode, as ``web_enterprise`` has."""
        self.assertIn("web_enterprise", ir_asset.OTHER_DARK_MODES)
        return patch.object(ir_asset, "OTHER_DARK_MODES", frozenset({"web"}))

    def test_nothing_changes_until_somebody_chooses(self):
        """U3: the default is Odoo as it was."""
        self.assertEqual(self.reader.color_scheme_choice, "light")
        self.assertNotIn(DARK, self.page("light").text)

    def test_who_chose_dark_gets_the_dark_styles_and_the_cookie_scripts_read(self):
        """U3: charts and editors choose their colours by the cookie."""
        answer = self.page("dark")
        self.assertIn(DARK, answer.text)
        self.assertEqual(answer.cookies["color_scheme"], "dark")

    def test_a_cookie_of_somebody_else_at_this_computer_counts_for_nothing(self):
        """U3: who chose light gets light where the one before worked in dark."""
        answer = self.page("light", cookie="dark")
        self.assertNotIn(DARK, answer.text)
        self.assertEqual(answer.cookies["color_scheme"], "light")

    def test_as_the_device_follows_what_the_page_found_out(self):
        """U3: the server cannot ask the device; the page's cookie tells."""
        self.assertNotIn(DARK, self.page("device").text)
        self.assertIn(DARK, self.page("device", cookie="dark").text)

    def test_each_person_chooses_for_himself_only(self):
        mine = self.reader.with_user(self.reader)
        mine.write({"color_scheme_choice": "dark"})
        self.assertEqual(
            mine.read(["color_scheme_choice"])[0]["color_scheme_choice"], "dark"
        )
        with self.assertRaises(AccessError):
            self.other.with_user(self.reader).write({"color_scheme_choice": "dark"})

    def test_the_choice_stands_in_the_preferences(self):
        view = self.env["res.users"].get_view(
            self.env.ref("base.view_users_form_simple_modif").id, "form"
        )
        self.assertIn("color_scheme_choice", view["arch"])
        self.assertTrue(self.reader.has_own_dark_mode)

    def test_our_colours_come_before_odoos_in_both_dark_bundles(self):
        """Odoo's variables are defaults: only what stands before them counts."""
        for bundle in (DARK, "web.assets_backend_lazy_dark"):
            self.assertEqual(self.files(bundle)[0], PALETTE)
        for bundle in ("web.assets_web", "web.assets_backend_lazy"):
            self.assertFalse([f for f in self.files(bundle) if ".dark.scss" in f])

    def test_the_dark_styles_compile_and_are_dark(self):
        bundle = self.env["ir.qweb"]._get_asset_bundle(DARK, js=False, assets_params={})
        styles = bundle.preprocess_css()
        self.assertFalse(bundle.css_errors)
        self.assertRegex(styles, r"color-scheme:\s*dark")
        self.assertIn("#15181f", styles)

    def test_where_enterprise_is_installed_the_module_does_nothing(self):
        """Enterprise has a dark mode: two palettes in one bundle would be neither."""
        self.reader.color_scheme_choice = "dark"
        with self.with_enterprise():
            for bundle in (DARK, "web.assets_backend_lazy_dark", "web.assets_web"):
                ours = [f for f in self.files(bundle) if f.startswith("/crm_dark_mode")]
                self.assertFalse(ours)
            as_reader = self.env["ir.http"].with_user(self.reader)
            self.assertEqual(as_reader.color_scheme(), "light")
            self.reader.invalidate_recordset(["has_own_dark_mode"])
            self.assertFalse(self.reader.has_own_dark_mode)
