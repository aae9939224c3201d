from odoo.tests import TransactionCase, tagged

from ..models.ir_http_landing import LandingPage


@tagged("post_install", "-at_install")
class TestLanding(TransactionCase):
    """Modules say where people begin; one place decides between them."""

    def begin(self, *pages):
        """The action of who has these pages to begin with, and who was asked."""
        asked = []

        def page(action, begins, sequence):
            return LandingPage(
                action, lambda: asked.append(action) or begins, sequence=sequence
            )

        offered = [page(*words) for words in pages]
        self.patch(self.env.registry["ir.http"], "_landing_pages", lambda _s: offered)
        return self.env["ir.http"]._landing_action(), asked

    def test_the_first_that_begins_is_it_and_nobody_after_it_is_asked(self):
        users, companies = "base.action_res_users", "base.action_res_company_form"
        menus = "base.grant_menu_access"
        action, asked = self.begin(
            (menus, True, 30), (companies, True, 20), (users, False, 10)
        )
        self.assertEqual(action, self.env.ref(companies).id)
        self.assertEqual(asked, [users, companies])

    def test_where_none_does_it_is_the_first_menu(self):
        self.assertIs(self.begin(("base.action_res_users", False, 10))[0], False)
        self.assertIs(self.begin()[0], False)
