from odoo.tests import Form, tagged

from .common import SlaCommon


@tagged("post_install", "-at_install")
class TestSlaOnchange(SlaCommon):
    """# V4: whatever is chosen in a ticket's form, before it is saved."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clocked = cls.make_ticket(partner=cls.contact, user_id=cls.agent.id)
        cls.done = cls.make_ticket(partner=cls.contact, user_id=cls.agent.id)
        cls.done.action_resolve()
        cls.other_policy = cls.make_policy("Other", team_ids=cls.other_service.ids)
        cls.env.flush_all()

    def choices(self, field, env):
        """Some values a person may choose in a field; none for what is not chosen."""
        if field.type == "many2one":
            return env[field.comodel_name].search([], limit=3)
        if field.type == "selection":
            return [value for value, _label in field._description_selection(env)]
        if field.type == "boolean":
            return [True, False]
        return ["Typed"] if field.type in ("char", "text", "html") else []

    def change_everything(self, ticket, user):
        """Ask for each field of the form, and each choice in it, what follows."""
        with self.calling_as(user) as env:
            record = ticket.with_env(env)
            names = set(Form(record)._view["fields"]) - {"id"}
            self.assertGreater(len(names), 30)
            for name in names:
                field = record._fields[name]
                form = Form(record)
                form._perform_onchange(name)
                if any(form._get_modifier(name, m) for m in ("readonly", "invisible")):
                    continue
                for value in self.choices(field, env):
                    with self.subTest(field=name, value=value, user=user.login):
                        setattr(form, name, value)

    def test_every_choice_of_the_form_is_answered(self):
        """# V4: of tickets whose clock runs, whose clock has ended, and of new ones,
        as those who work with them."""
        for user in (self.agent, self.service_manager):
            for ticket in (self.clocked, self.done, self.tickets):
                self.change_everything(ticket, user)

    def test_the_clock_is_shown_as_it_stands_until_the_choice_is_saved(self):
        """# V4: the badge and the page do not vanish on a click in the status bar."""
        with self.calling_as(self.agent) as env:
            form = Form(self.clocked.with_env(env))
            label, words = form.sla_label, form.sla_explanation
            self.assertTrue(label)
            self.assertTrue(words)
            form.stage_id = self.stage("in_progress").with_env(env)
            self.assertEqual(form.sla_label, label)
            self.assertTrue(form.sla_explanation)
            form.team_id = self.other_service.with_env(env)
            self.assertEqual(form.sla_label, label)
