from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestColorSchemeScreen(HttpCase):
    def test_the_switch_in_the_menu_turns_the_lights_off_and_on(self):
        """U3: two presses, and Odoo is dark; two more, and it is light again."""
        user = new_test_user(self.env, "night.owl", groups="base.group_user")
        self.start_tour("/odoo", "crm_dark_mode_off", login="night.owl")
        user.invalidate_recordset()
        self.assertEqual(user.color_scheme_choice, "dark")
        self.start_tour("/odoo", "crm_dark_mode_on", login="night.owl")
        user.invalidate_recordset()
        self.assertEqual(user.color_scheme_choice, "light")
