from datetime import timedelta
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged, users
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCase

from .front_common import FrontCommon


@tagged("post_install", "-at_install")
class TestSatisfaction(FrontCommon, MailCase):
    """# V6: asked once a closing by policy, answered by the customer alone."""

    def setUp(self):
        super().setUp()
        self.now = fields.Datetime.now().replace(microsecond=0)

    def ask(self, *surveys):
        with self.mock_mail_gateway():
            self.surveys.union(*surveys)._send(self.now)
        return self._new_mails

    # ------------------------------------------------------------
    # ASKING
    # ------------------------------------------------------------

    def test_a_closing_is_asked_about_once(self):
        """# V6: resolved, then closed: one question; closed again: none more."""
        ticket = self.close(self.make_ticket(self.anna), "resolved")
        self.assertFalse(ticket.survey_ids)
        self.close(ticket)
        self.assertEqual(len(ticket.survey_ids), 1)
        self.surveys._open_for(ticket)
        self.close(ticket)
        self.assertEqual(len(ticket.survey_ids), 1)

    def test_the_next_closing_is_another_question(self):
        """# V6: reopened before the answer: the old question is taken back."""
        ticket = self.close(self.make_ticket(self.anna))
        first = ticket.survey_ids
        ticket.action_reopen()
        self.assertEqual((first.state, first.reason), ("skipped", "reopened"))
        self.close(ticket)
        self.assertEqual(len(ticket.survey_ids), 2)
        self.assertEqual(sorted(ticket.survey_ids.mapped("closing")), [0, 1])
        self.assertEqual(ticket._portal_survey().closing, 1)

    def test_an_answered_question_survives_reopening(self):
        """# V6: what the customer said stays said."""
        survey = self.make_survey(self.anna)
        survey._answer(2, "slow", self.now)
        survey.ticket_id.action_reopen()
        self.assertEqual((survey.state, survey.score), ("answered", 2))

    def sent(self, mail):
        """What leaves for the one reader of a mail."""
        [email] = mail._prepare_outgoing_list()
        return email

    def test_a_team_may_ask_when_solved(self):
        """# V6: policy by team; the closing that follows asks no more."""
        self.service_team.satisfaction_moment = "resolved"
        ticket = self.close(self.make_ticket(self.anna), "resolved")
        self.assertEqual(len(ticket.survey_ids), 1)
        self.close(ticket)
        self.assertEqual(len(ticket.survey_ids), 1)

    def test_the_mail_has_five_links_that_only_open_the_page(self):
        """# V6: in the customer's language, to the customer's address, from us."""
        self.env["res.lang"]._activate_lang("zh_CN")
        self.anna.lang = "zh_CN"
        survey = self.close(self.make_ticket(self.anna)).survey_ids
        mail = self.ask(survey)
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.email_to, "anna@acme.example")
        self.assertIn(survey.ticket_id.number, mail.subject)
        sent = self.sent(mail)
        for score in range(1, 6):
            link = f"/service/rate/{survey.token}?score={score}"
            self.assertIn(link, sent["body"])
            self.assertNotIn(link, mail.body_html)
        self.assertNotIn(survey.ticket_id._portal_ensure_token(), mail.body_html)
        self.assertEqual((survey.state, survey.channel), ("sent", "email"))
        self.assertEqual(survey.deadline, self.now + timedelta(days=14))
        self.assertEqual(survey.remind_date, self.now + timedelta(days=3))

    def test_reasons_not_to_ask_are_kept(self):
        """# V6: off, on the list, opted out, asked not long ago."""
        team = self.service_team
        team.satisfaction_cooldown_days = 7
        cases = {
            "off": lambda: team.write({"satisfaction_active": False}),
            "skipped": lambda: team.write(
                {"satisfaction_skip_partner_ids": [(4, self.acme.id)]}
            ),
            "no_address": lambda: self.env["mail.blacklist"]._add(self.anna.email),
            "cooldown": lambda: self.make_survey(
                self.anna, self.now - timedelta(days=6)
            ),
        }
        for reason, prepare in cases.items():
            savepoint = self.env.cr.savepoint()
            with self.subTest(reason=reason):
                prepare()
                survey = self.close(self.make_ticket(self.anna)).survey_ids
                self.assertFalse(self.ask(survey))
                self.assertEqual((survey.state, survey.reason), ("skipped", reason))
            savepoint.rollback()
            self.env.invalidate_all()

    def test_two_closings_of_one_customer_in_a_batch_ask_once(self):
        """# V6: the cool-down holds within a batch too, and others are asked."""
        self.service_team.satisfaction_cooldown_days = 7
        surveys = [
            self.close(self.make_ticket(partner)).survey_ids
            for partner in (self.anna, self.anna, self.ben)
        ]
        self.assertEqual(len(self.ask(*surveys)), 2)
        self.assertEqual([s.state for s in surveys], ["sent", "skipped", "sent"])

    def test_by_sms_the_queue_of_odoo_sends_a_short_link(self):
        """# V6: whatever provider stands behind it."""
        self.service_team.satisfaction_channel = "sms"
        self.anna.phone = "+86 138 0013 8000"
        survey = self.close(self.make_ticket(self.anna)).survey_ids
        before = self.env["sms.sms"].search([])
        survey._send(self.now)
        sms = self.env["sms.sms"].search([]) - before
        self.assertEqual(len(sms), 1)
        self.assertEqual(sms.number, "+8613800138000")
        self.assertIn(f"/service/rate/{survey.token}", sms.body)
        self.assertIn(survey.ticket_id.number, sms.body)
        self.assertEqual(survey.channel, "sms")

    def test_one_reminder_and_then_the_end(self):
        """# V6: by the cron, in its three steps."""
        survey = self.make_survey(self.anna, self.now)
        later = self.now + timedelta(days=3)
        with self.mock_mail_gateway():
            self.assertEqual(self.surveys._process_due(later), 1)
            self.assertEqual(self.surveys._process_due(later), 0)
        self.assertEqual(len(self._new_mails), 1)
        self.assertEqual(survey.reminded_date, later)
        end = self.now + timedelta(days=14)
        self.assertEqual(self.surveys._process_due(end), 1)
        self.assertEqual(survey.state, "expired")
        self.assertEqual(self.surveys._process_due(end), 0)

    def test_who_answered_is_not_reminded(self):
        """# V6"""
        survey = self.make_survey(self.anna, self.now)
        survey._answer(5, "", self.now)
        end = self.now + timedelta(days=30)
        self.assertEqual(self.surveys._process_due(end), 0)

    def test_the_cron_works_on_all_batches(self):
        """# V6: one real run, more rows than a batch takes."""
        self.close(self.make_ticket(self.anna))
        self.close(self.make_ticket(self.ben))
        self.close(self.make_ticket(self.carl))
        cron = self.env.ref("crm_service_ticket.cron_satisfaction")
        run = type(self.surveys)._cron_ask

        def in_twos(records, batch_size=2):
            return run(records, batch_size)

        with (
            patch.object(type(self.surveys), "_cron_ask", in_twos),
            self.enter_registry_test_mode(),
            self.mock_mail_gateway(),
        ):
            cron.method_direct_trigger()
        states = self.surveys.search(
            [("partner_id", "in", (self.anna | self.ben | self.carl).ids)]
        ).mapped("state")
        self.assertEqual(states, ["sent"] * 3)

    def test_asking_takes_the_same_queries_for_many(self):
        """# V6: rules and addresses of a batch are read at once."""
        few = self.surveys.union(
            *(self.close(self.make_ticket(self.anna)).survey_ids for _n in range(2))
        )
        many = self.surveys.union(
            *(self.close(self.make_ticket(self.anna)).survey_ids for _n in range(12))
        )
        self.service_team.satisfaction_active = False
        self.env.flush_all()
        counts = []
        for surveys in (few, many):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            surveys._send(self.now)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)

    # ------------------------------------------------------------
    # ANSWERING
    # ------------------------------------------------------------

    def test_an_answer_reaches_ticket_rating_and_figures(self):
        """# V6: score and comment on the ticket, agent, team and customer."""
        survey = self.make_survey(self.anna)
        survey._answer(4, "Friendly", self.now)
        ticket = survey.ticket_id
        self.assertEqual(
            (ticket.satisfaction_score, ticket.satisfaction_comment), (4, "Friendly")
        )
        rating = self.env["rating.rating"].search([("res_id", "=", ticket.id)])
        self.assertEqual((rating.rating, rating.consumed), (4, True))
        self.assertEqual(rating.rated_partner_id, self.agent.partner_id)
        self.assertEqual(ticket.rating_last_value, 4)
        self.make_survey(self.ben)._answer(1, "", self.now)
        self.env.invalidate_all()
        self.assertEqual(self.service_team.satisfaction_avg, 2.5)
        self.assertEqual(self.service_team.satisfaction_count, 2)
        self.assertEqual(self.acme.service_satisfaction_avg, 2.5)
        self.assertEqual(self.anna.service_satisfaction_avg, 4)
        self.assertEqual(self.carl.service_satisfaction_count, 0)
        agent = self.agent.with_user(self.service_manager)
        self.assertEqual(
            (agent.service_satisfaction_avg, agent.service_satisfaction_count), (2.5, 2)
        )

    def test_the_score_stays_with_whose_closing_it_was(self):
        """# V6: a ticket handed over afterwards does not take the score along."""
        survey = self.make_survey(self.anna)
        survey.ticket_id.user_id = self.service_manager
        survey._answer(1, "", self.now)
        stats = self.service_manager | self.agent
        self.assertEqual(stats.mapped("service_satisfaction_count"), [0, 1])

    def test_an_answer_can_be_changed_until_the_end(self):
        """# V6: one rating, the last word counts, each change is counted."""
        survey = self.make_survey(self.anna, self.now)
        survey._answer(2, "slow", self.now)
        survey._answer(5, "sorted out", self.now + timedelta(days=13))
        ticket = survey.ticket_id
        self.assertEqual((ticket.satisfaction_score, survey.change_count), (5, 1))
        self.assertEqual(len(survey.rating_id), 1)
        self.assertEqual(
            self.env["rating.rating"].search_count([("res_id", "=", ticket.id)]), 1
        )
        with self.assertRaises(UserError):
            survey._answer(1, "", survey.deadline)
        self.assertEqual(ticket.satisfaction_score, 5)

    def test_the_same_answer_twice_changes_nothing(self):
        """# V6: a double tap."""
        survey = self.make_survey(self.anna)
        survey._answer(3, "ok", self.now)
        messages = survey.ticket_id.message_ids
        survey._answer(3, "ok", self.now)
        self.assertEqual(survey.change_count, 0)
        self.assertEqual(survey.ticket_id.message_ids, messages)

    def test_no_score_outside_the_five(self):
        """# V6: 0 and 6 are refused with a sentence."""
        survey = self.make_survey(self.anna)
        for score in (0, 6, -1):
            with self.assertRaises(UserError):
                survey._answer(score, "", self.now)

    def test_an_answer_neither_reopens_nor_counts_as_a_word_of_the_customer(self):
        """# V6: the ticket stays closed, and the note is internal."""
        survey = self.make_survey(self.anna)
        survey._answer(1, "Never again", self.now)
        ticket = survey.ticket_id
        self.assertEqual((ticket.state, ticket.reopen_count), ("closed", 0))
        message = ticket.message_ids.filtered(lambda m: "Never again" in m.body)
        self.assertEqual(message.subtype_id, self.env.ref("mail.mt_note"))

    # ------------------------------------------------------------
    # LOW SCORES
    # ------------------------------------------------------------

    def test_a_low_score_is_a_task_for_the_leader_once(self):
        """# V6: however often the answer is changed."""
        survey = self.make_survey(self.anna)
        survey._answer(2, "Waited two days", self.now)
        task = self.activities(survey.ticket_id)
        self.assertEqual(task.user_id, self.service_manager)
        self.assertIn("Waited two days", task.note)
        self.assertIn("2", task.summary)
        survey._answer(1, "and still", self.now)
        self.assertEqual(len(self.activities(survey.ticket_id)), 1)

    def test_the_threshold_is_the_team_s(self):
        """# V6: 3 alarms where the team says so; 0 never does."""
        for threshold, expected in [(2, 0), (3, 1), (0, 0)]:
            self.service_team.satisfaction_low_score = threshold
            survey = self.make_survey(self.anna)
            survey._answer(3, "", self.now)
            self.assertEqual(len(self.activities(survey.ticket_id)), expected)

    def test_without_leader_a_service_manager_hears_of_it(self):
        """# V6: somebody always does."""
        self.service_team.user_id = False
        survey = self.make_survey(self.anna)
        survey._answer(1, "", self.now)
        task = self.activities(survey.ticket_id)
        self.assertTrue(
            task.user_id.has_group("crm_customer_center.group_service_manager")
        )

    # ------------------------------------------------------------
    # NOBODY FAKES A SCORE
    # ------------------------------------------------------------

    @users("crm_agent", "crm_service_manager", "crm_crm_admin", "crm_rep")
    def test_no_employee_writes_a_score(self):
        """# V6: not on the ticket, the question, the rating, nor by Odoo's method."""
        survey = self.make_survey(self.anna)
        survey._answer(1, "Bad", self.now)
        survey = survey.with_env(self.env)
        for attempt in (
            lambda: survey.ticket_id.write({"satisfaction_score": 5}),
            lambda: survey.write({"score": 5}),
            lambda: survey.unlink(),
            lambda: survey.create({"ticket_id": survey.ticket_id.id, "closing": 9}),
            lambda: survey.rating_id.write({"rating": 5}),
            lambda: survey.ticket_id.rating_apply(5, rating=survey.rating_id),
            lambda: survey.read(["token"]),
        ):
            with self.assertRaises(AccessError):
                attempt()
        ratings = self.env["rating.rating"]
        with self.assertRaises(AccessError):
            ratings.create(
                {
                    "res_model_id": self.env["ir.model"]._get_id("crm.service.ticket"),
                    "res_id": survey.sudo().ticket_id.id,
                    "rating": 5,
                    "consumed": True,
                }
            )

    @users("crm_rep", "crm_marketing", "crm_plain")
    def test_who_reads_no_tickets_reads_no_answers(self):
        """# V6: neither the questions nor the ratings of tickets."""
        self.make_survey(self.anna)._answer(1, "Bad", self.now)
        with self.assertRaises(AccessError):
            self.env["crm.service.survey"].search([])
        self.assertFalse(
            self.env["rating.rating"].search([("res_model", "=", "crm.service.ticket")])
        )

    def test_an_agent_reads_the_own_teams_answers(self):
        """# V6 G1: another team's are read by its people and the manager."""
        own = self.make_survey(self.anna)
        other_team = self.env["crm.service.team"].create({"name": "Far away"})
        other = self.make_survey(
            self.ben, team_id=other_team.id, user_id=self.service_manager.id
        )
        for survey in own | other:
            survey._answer(2, "Bad", self.now)
        for user, expected in (
            (self.agent, own),
            (self.service_manager, own | other),
        ):
            domain = [("id", "in", (own | other).ids)]
            self.assertEqual(self.surveys.with_user(user).search(domain), expected)
            ratings = self.env["rating.rating"].with_user(user)
            found = ratings.search([("id", "in", (own | other).rating_id.ids)])
            self.assertEqual(found, expected.rating_id)

    def test_settings_out_of_range_are_refused(self):
        """# V6: an answer needs a day, a threshold lies on the scale."""
        for vals in (
            {"satisfaction_expiry_days": 0},
            {"satisfaction_reminder_days": -1},
            {"satisfaction_low_score": 6},
        ):
            with (
                self.subTest(vals=vals),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.service_team.write(vals)
                self.env.flush_all()

    def test_a_merged_ticket_is_not_asked_about(self):
        """# V6: it lives on in the other one."""
        target = self.make_ticket(self.anna)
        source = self.make_ticket(self.anna)
        source.sudo().merged_into_id = target
        survey = self.close(source).survey_ids
        survey._send(self.now)
        self.assertEqual((survey.state, survey.reason), ("skipped", "merged"))
