from odoo import http
from odoo.exceptions import UserError
from odoo.tests import Form, HttpCase, tagged

from odoo.addons.crm_service_ticket.exceptions import SolutionMissing
from odoo.addons.mail.tests.common import MailCase

from .common import TicketCommon
from .test_migration import MigrationCase

LINK = "not_solved=1"
CUSTOMER = "li@ruida.example"


class SolutionCase(TicketCommon, MailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls.make_ticket("Drift", cls.contact, user_id=cls.agent.id)

    def wizard(self, tickets=None, **values):
        """The dialog as the agent has opened it."""
        tickets = tickets or self.ticket
        wizards = self.env["crm.service.resolve.wizard"].with_user(self.agent)
        return wizards.with_context(active_ids=tickets.ids).create(values)

    def mails_to(self, address):
        return [m for m in self._mails if address in m["email_to"][0]]

    def secret_link(self, ticket=None):
        ticket = ticket or self.ticket
        return f"/my/tickets/{ticket.id}?access_token={ticket._portal_ensure_token()}"


@tagged("post_install", "-at_install")
class TestSolution(SolutionCase):
    """# V7: resolving says how it was solved."""

    def test_proposed_are_the_words_of_our_last_answer(self):
        ticket = self.ticket
        self.assertFalse(self.wizard().solution)
        self.answer(ticket, self.agent, "We look into it.")
        self.answer(ticket, self.agent, "Turn the filter\n-- \nLiu")
        ticket.with_user(self.agent).message_post(body="A note")
        ticket.message_post(
            body="Thanks!",
            author_id=self.contact.id,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
        )
        with Form(self.wizard()) as form:
            self.assertEqual(str(form.solution), "<p>Turn the filter</p>")
        ticket.resolution = "<p>Noted</p>"
        self.assertEqual(str(self.wizard().solution), "<p>Noted</p>")

    def test_to_resolve_writes_it_and_tells_the_customer(self):
        with self.mock_mail_gateway():
            self.wizard(solution="<p>The cable was loose.</p>").action_resolve()
        self.assertEqual(self.ticket.state, "resolved")
        self.assertIn("The cable was loose.", self.ticket.resolution)
        [mail] = self.mails_to(CUSTOMER)
        self.assertIn("The cable was loose.", mail["body"])
        self.assertIn(self.secret_link(), mail["body"])
        self.assertIn(LINK, mail["body"])
        # a closing is no word between us, and nobody here reads the link
        self.assertFalse(self.ticket.first_response_date)
        message = self.ticket.message_ids.filtered(lambda m: LINK in (m.body or ""))
        self.assertTrue(message.subtype_id.internal)
        self.assertNotIn(self.ticket._portal_ensure_token(), message.body)

    def test_the_customer_need_not_be_told(self):
        with self.mock_mail_gateway():
            self.wizard(solution="<p>So</p>", tell_customer=False).action_resolve()
        self.assertEqual(self.ticket.state, "resolved")
        self.assertFalse(self._mails)

    def test_a_stranger_is_told_and_who_has_no_address_is_not(self):
        stranger = self.make_ticket(
            partner_email="zhou@neu.example", user_id=self.agent.id
        )
        nobody = self.make_ticket("Call", user_id=self.agent.id)
        wizard = self.wizard(stranger | nobody)
        self.assertEqual((wizard.ticket_count, wizard.reachable_count), (2, 1))
        self.assertFalse(wizard.solution)
        with self.mock_mail_gateway():
            wizard.action_resolve()
        self.assertEqual((stranger | nobody).mapped("state"), ["resolved"] * 2)
        self.assertEqual(len(self._mails), 1)
        self.assertIn(self.secret_link(stranger), self._mails[0]["body"])

    def test_what_is_done_is_left_alone(self):
        done = self.make_ticket("Done", user_id=self.agent.id, resolution="<p>A</p>")
        done.action_close()
        with self.mock_mail_gateway():
            self.wizard(self.ticket | done, solution="<p>B</p>").action_resolve()
        self.assertEqual(done.state, "closed")
        self.assertEqual(str(done.resolution), "<p>A</p>")
        self.assertEqual(len(self._mails), 1)

    # ------------------------------------------------------------
    # NEEDED
    # ------------------------------------------------------------

    def test_a_team_may_need_it_whatever_way_it_is_resolved(self):
        self.service.is_solution_required = True
        mine = self.ticket.with_user(self.agent)
        stage = self.stage("resolved").id
        self.assertTrue(self.wizard().is_solution_required)
        for attempt in (
            mine.action_resolve,
            lambda: mine.write({"stage_id": stage}),
            lambda: mine.write({"stage_id": stage, "resolution": "<p><br></p>"}),
            self.wizard(solution="<p><br></p>").action_resolve,
        ):
            with (
                self.assertRaises(SolutionMissing) as caught,
                self.env.cr.savepoint(),
            ):
                attempt()
            self.assertEqual(caught.exception.context["ticket_ids"], self.ticket.ids)
            self.assertIn(self.ticket.number, str(caught.exception))
        self.assertEqual(self.ticket.state, "pending")
        mine.write({"stage_id": stage, "resolution": "<p>So</p>"})
        self.assertEqual(self.ticket.state, "resolved")

    def test_other_moves_and_other_teams_are_not_asked(self):
        self.service.is_solution_required = True
        mine = self.ticket.with_user(self.agent)
        mine.action_wait()
        mine.action_close()
        self.assertEqual(self.ticket.state, "closed")
        other = self.make_ticket(team_id=self.other_service.id)
        other.with_user(self.other_agent).action_resolve()
        self.assertEqual(other.state, "resolved")

    # ------------------------------------------------------------
    # SENT OFF
    # ------------------------------------------------------------

    def test_an_answer_that_resolves_is_the_solution(self):
        self.service.is_solution_required = True
        self.answer(self.ticket, self.agent, "Turn it.", state_after="resolved")
        self.assertEqual(str(self.ticket.resolution), "<p>Turn it.</p>")
        other = self.make_ticket(resolution="<p>Noted</p>", user_id=self.agent.id)
        self.answer(other, self.agent, "As said.", state_after="resolved")
        self.assertEqual(str(other.resolution), "<p>Noted</p>")

    def test_an_answer_without_words_says_no_solution(self):
        self.service.is_solution_required = True
        before = self.ticket.message_ids
        with self.assertRaises(SolutionMissing), self.env.cr.savepoint():
            self.answer(
                self.ticket,
                self.agent,
                body="",
                attachments=[("log.txt", b"x")],
                state_after="resolved",
            )
        self.env.invalidate_all()
        self.assertEqual(self.ticket.message_ids, before)

    def test_one_mail_says_the_answer_and_how_to_object(self):
        self.ticket.message_subscribe(self.technician.partner_id.ids)
        with self.mock_mail_gateway():
            for state in (None, "waiting", "resolved"):
                self.answer(
                    self.ticket,
                    self.agent,
                    f"Turn it, {state}.",
                    partner_ids=self.contact.ids,
                    state_after=state,
                )
        told = [(m["body"], LINK in m["body"]) for m in self.mails_to(CUSTOMER)]
        self.assertEqual([is_asked for _body, is_asked in told], [False, False, True])
        self.assertIn("Turn it, resolved.", told[-1][0])
        self.assertIn(self.secret_link(), told[-1][0])
        ours = self.mails_to(self.technician.email)
        self.assertEqual(len(ours), 3)
        self.assertFalse([mail for mail in ours if LINK in mail["body"]])

    def test_a_merged_ticket_is_not_resolved(self):
        target = self.make_ticket("Other", self.contact)
        self.env["crm.service.merge.wizard"].create(
            {"ticket_ids": self.ticket.ids, "target_id": target.id}
        ).action_merge()
        with self.assertRaisesRegex(UserError, "merged into"):
            self.wizard(solution="<p>So</p>").action_resolve()


@tagged("post_install", "-at_install")
class TestNotSolved(SolutionCase, HttpCase):
    """# V7 V9: the customer objects, by the link of a mail."""

    def test_to_open_the_link_changes_nothing_to_send_the_reason_does(self):
        self.wizard(solution="<p>Turn it.</p>", tell_customer=False).action_resolve()
        self.authenticate(None, None)
        page = self.url_open(f"{self.secret_link()}&{LINK}")
        self.env.invalidate_all()
        self.assertEqual(self.ticket.state, "resolved")
        tag = page.text.partition("<details")[2].partition(">")[0]
        self.assertIn(" open=", tag)
        values = {
            "csrf_token": http.Request.csrf_token(self),
            "access_token": self.ticket._portal_ensure_token(),
            "reason": "Still drifts",
        }
        self.url_open(f"/my/tickets/{self.ticket.id}/reopen", data=values)
        self.env.invalidate_all()
        self.assertEqual(self.ticket.state, "in_progress")
        bodies = "".join(self.ticket.message_ids.mapped("body"))
        self.assertIn("Still drifts", bodies)

    def test_the_question_is_folded_without_the_link(self):
        self.wizard(solution="<p>Turn it.</p>", tell_customer=False).action_resolve()
        page = self.url_open(self.secret_link()).text
        tag = page.partition("<details")[2].partition(">")[0]
        self.assertIn("not_solved", tag)
        self.assertNotIn(" open", tag)

    def test_the_mail_that_asks_for_stars_lets_one_object(self):
        self.ticket.action_close()
        with self.mock_mail_gateway():
            self.env["crm.service.survey"]._cron_ask()
            self.env["mail.mail"].search([("state", "=", "outgoing")]).send()
        [mail] = self.mails_to(CUSTOMER)
        self.assertIn(self.secret_link(), mail["body"])
        self.assertIn(LINK, mail["body"])
        self.assertIn(f"/service/rate/{self.ticket.survey_ids.token}", mail["body"])


@tagged("post_install", "-at_install")
class TestTemplatesMigrate(MigrationCase):
    """Mails of a database of before say it as well; what somebody worded stays."""

    def test_only_untouched_templates_are_renewed(self):
        ours, theirs = (
            self.env.ref(f"crm_service_ticket.mail_template_{name}")
            for name in ("satisfaction", "silence")
        )
        former = "<p>Former words</p>"
        ours.body_html = former
        theirs.with_user(self.env.ref("base.user_admin")).body_html = former
        self.env.flush_all()
        self.migrate("19.0.1.2.0/post-not-solved")
        self.assertIn("not_solved", ours.body_html)
        self.assertEqual(theirs.body_html, former)
