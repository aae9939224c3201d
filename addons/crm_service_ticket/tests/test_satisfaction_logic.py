from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_service_ticket.tools.satisfaction import (
    Case,
    Plan,
    Policy,
    deadline,
    is_low,
    parse_score,
    plan_request,
    reminder,
)

NOW = datetime(2026, 11, 24, 9, 30)
POLICY = Policy(True, "email", expiry_days=14, cooldown_days=7, reminder_days=3)
REACHABLE = Case(email="li@example.com", phone="+86 138 0013 8000")
policies = st.builds(
    Policy,
    st.booleans(),
    st.sampled_from(["email", "sms", "email_sms", ""]),
    st.integers(-2, 60),
    st.integers(0, 60),
    st.integers(0, 60),
)
cases = st.builds(
    Case,
    st.sampled_from(["", "a@b.cn"]),
    st.sampled_from(["", "+86 138 0013 8000"]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.none() | st.integers(0, 90).map(lambda n: NOW - timedelta(days=n)),
)


@tagged("post_install", "-at_install")
class TestSatisfactionLogic(BaseCase):
    """# V6: whether, how and when a customer is asked."""

    def test_a_reachable_customer_is_asked_by_the_way_the_team_chose(self):
        """# V6: e-mail, SMS, or e-mail and SMS where there is no e-mail."""
        without_email = REACHABLE._replace(email="")
        for channel, case, expected in [
            ("email", REACHABLE, "email"),
            ("sms", REACHABLE, "sms"),
            ("email_sms", REACHABLE, "email"),
            ("email_sms", without_email, "sms"),
        ]:
            with self.subTest(channel=channel, case=case):
                policy = POLICY._replace(channel=channel)
                self.assertEqual(plan_request(policy, case, NOW), Plan(expected, ""))

    def test_each_reason_not_to_ask_is_named(self):
        """# V6: off, merged, own, skip list, cool-down, no address."""
        asked = NOW - timedelta(days=6, hours=23)
        for policy, case, reason in [
            (POLICY._replace(enabled=False), REACHABLE, "off"),
            (POLICY, REACHABLE._replace(merged=True), "merged"),
            (POLICY, REACHABLE._replace(own=True), "own"),
            (POLICY, REACHABLE._replace(skipped=True), "skipped"),
            (POLICY, REACHABLE._replace(last_asked=asked), "cooldown"),
            (POLICY, REACHABLE._replace(email=""), "no_address"),
            (
                POLICY._replace(channel="sms"),
                REACHABLE._replace(phone=""),
                "no_address",
            ),
        ]:
            with self.subTest(reason=reason):
                self.assertEqual(plan_request(policy, case, NOW), Plan("", reason))

    def test_the_cool_down_ends_to_the_second(self):
        """# V6: asked seven days ago to the second, asked again."""
        edge = REACHABLE._replace(last_asked=NOW - timedelta(days=7))
        self.assertEqual(plan_request(POLICY, edge, NOW).channel, "email")
        early = REACHABLE._replace(last_asked=edge.last_asked + timedelta(seconds=1))
        self.assertEqual(plan_request(POLICY, early, NOW).reason, "cooldown")

    def test_without_cool_down_every_closing_asks(self):
        """# V6: 0 days."""
        policy = POLICY._replace(cooldown_days=0)
        case = REACHABLE._replace(last_asked=NOW)
        self.assertEqual(plan_request(policy, case, NOW).channel, "email")

    @given(policies, cases)
    def test_a_plan_is_a_channel_or_a_reason(self, policy, case):
        """# V6: never both, never neither, and a channel that reaches the customer."""
        plan = plan_request(policy, case, NOW)
        self.assertNotEqual(bool(plan.channel), bool(plan.reason))
        if plan.channel:
            self.assertTrue(
                getattr(case, {"email": "email", "sms": "phone"}[plan.channel])
            )
            self.assertTrue(policy.enabled and not case.skipped and not case.merged)

    @given(policies)
    def test_a_reminder_comes_between_question_and_deadline(self, policy):
        """# V6: or not at all; an answer has a day at least."""
        moment = reminder(policy, NOW)
        self.assertGreaterEqual(deadline(policy, NOW), NOW + timedelta(days=1))
        if moment is not None:
            self.assertTrue(NOW < moment < deadline(policy, NOW))
        elif policy.reminder_days:
            self.assertGreaterEqual(
                NOW + timedelta(policy.reminder_days), deadline(policy, NOW)
            )

    def test_deadline_and_reminder_are_counted_in_days(self):
        """# V6: an answer has a day at least; no reminder at the deadline."""
        for days, expected in ((14, 14), (2, 2), (1, 1), (0, 1), (-3, 1)):
            with self.subTest(days=days):
                policy = POLICY._replace(expiry_days=days)
                self.assertEqual(deadline(policy, NOW), NOW + timedelta(days=expected))
        for days, expected in ((3, 3), (13, 13), (14, None), (15, None), (0, None)):
            with self.subTest(days=days):
                moment = reminder(POLICY._replace(reminder_days=days), NOW)
                wanted = expected and NOW + timedelta(days=expected)
                self.assertEqual(moment, wanted)

    def test_only_the_five_answers_are_scores(self):
        """# V6: whatever a stranger sends."""
        for raw, score in [("1", 1), (" 5 ", 5), (3, 3)]:
            self.assertEqual(parse_score(raw), score)
        for raw in ["0", "6", "-1", "4.5", "５", "٣", "", None, [], True, "5'--", b"5"]:
            with self.subTest(raw=raw):
                self.assertEqual(parse_score(raw), 0)

    @given(st.text() | st.integers() | st.none() | st.floats())
    def test_anything_else_is_no_score(self, raw):
        """# V6: and nothing raises."""
        self.assertIn(parse_score(raw), range(6))

    def test_a_low_score_is_one_up_to_the_threshold(self):
        """# V6: 0 means that nobody is alarmed; no score alarms nobody."""
        self.assertEqual(
            [is_low(s, 2) for s in range(6)], [False, True, True] + [False] * 3
        )
        self.assertFalse(any(is_low(score, 0) for score in range(6)))
