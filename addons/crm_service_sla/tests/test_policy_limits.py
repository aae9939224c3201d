from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .common import SlaCommon


@tagged("post_install", "-at_install")
class TestPolicyLimits(SlaCommon):
    """# V4: targets are typed and shown in hours and days."""

    def form(self):
        return Form(self.policy.with_user(self.service_manager))

    def test_what_is_kept_is_shown_as_people_say_it(self):
        """# V4: a working day of this calendar has eight hours; round the clock 24."""
        self.policy.resolution_minutes = 1200
        self.assertEqual(self.policy.first_response_limit, "1 h")
        self.assertEqual(self.policy.resolution_limit, "2 working days 4 h")
        self.policy.hours = "always"
        self.assertEqual(self.policy.resolution_limit, "20 h")

    def test_it_is_shown_in_the_readers_language_and_read_again(self):
        """# V4: saving what is shown changes nothing."""
        self.env["res.lang"]._activate_lang("zh_CN")
        for lang in ("en_US", "zh_CN"):
            for minutes in (60, 500, 960, 1200):
                policy = self.policy.with_context(lang=lang)
                policy.resolution_minutes = minutes
                policy.resolution_limit = policy.resolution_limit
                with self.subTest(lang=lang, shown=policy.resolution_limit):
                    self.assertEqual(policy.resolution_minutes, minutes)

    def test_what_is_typed_is_kept_in_minutes(self):
        """# V4: and shown as it was understood, before it is saved."""
        with self.form() as form:
            form.resolution_limit = "1.5d"
            self.assertEqual(form.resolution_limit, "1 working day 4 h")
            form.first_response_limit = "30 分钟"
            form.next_response_limit = ""
        self.assertEqual(
            self.policy._plan()[:3],
            (30, 0, 720),
        )

    def test_what_was_typed_stays_when_something_else_is_chosen(self):
        """# V4: as the same number of minutes."""
        with self.form() as form:
            form.resolution_limit = "2 working days"
            form.hours = "always"
            self.assertEqual(form.resolution_limit, "16 h")
        self.assertEqual(self.policy.resolution_minutes, 960)

    def test_what_is_no_limit_is_refused_with_what_is_accepted(self):
        """# V4: in the form at once, and by every other way in."""
        with self.assertRaisesRegex(ValidationError, "“90”.*days\\?.*2 working days"):
            self.form().resolution_limit = "90"
        with self.assertRaisesRegex(ValidationError, "no length of time"):
            self.policy.resolution_limit = "soon"
        self.policy.hours = "always"
        with self.assertRaisesRegex(ValidationError, "on the wall"):
            self.policy.resolution_limit = "2 working days"

    def test_other_targets_stay_when_one_is_written(self):
        """# V4"""
        self.policy.resolution_limit = "2 d"
        self.assertEqual(self.policy._plan()[:3], (60, 120, 960))
