"""# V6 V9 G1: a right that is a link belongs to its customer; nobody here reads it."""

import re

from odoo import fields, http
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.mail.tests.common import MailCase

from .front_common import TICKET, FrontCommon
from .test_mail_places import script

# Odoo's own, whose tokens open something else, and are read by who may read the record
OTHERS = frozenset({"ir.attachment"})
LINK = re.compile(
    r"/my/[^\"'\s]*access_token=|/mail/view\?[^\"'\s]*access_token=|/rate/"
)
SECRET = re.compile(
    r"(?:access_token|hash|auth_signup_token)=(?!set-when-sent)[^&\"'\s]"
)
STAFF = ("agent", "service_manager", "crm_admin", "rep")


class SecretsCase(FrontCommon, MailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls.make_ticket(cls.anna)
        cls.answer(cls.ticket, "We look into it.")
        cls.survey = cls.close(cls.ticket).survey_ids

    @classmethod
    def answer(cls, ticket, body, user=None):
        user = user or cls.agent
        # sudo: of whichever team the ticket is
        return (
            ticket.with_user(user)
            .sudo()
            .message_post(
                body=body,
                author_id=user.partner_id.id,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
        )

    def secrets(self):
        """All that opens the ticket or its question, as it is stored or made."""
        return {
            self.survey.token,
            self.ticket._portal_ensure_token(),
            self.ticket._sign_token(self.anna.id),
        }

    def assertNoSecret(self, text, where=None):
        for secret in self.secrets():
            self.assertNotIn(secret, text or "", where)


@tagged("post_install", "-at_install")
class TestSecrets(SecretsCase):
    def test_no_field_with_a_secret_is_read_by_people(self):
        """# V6: every model of ours, by the names of its fields. Odoo's ratings of
        tickets have none."""
        seen = set()
        for model in self.env.registry.values():
            is_ours = model._name.startswith("crm.")
            if not is_ours or model._abstract or model._name in OTHERS:
                continue
            for field in model._fields.values():
                if "token" in field.name and field.store and field.type == "char":
                    seen.add((model._name, field.name))
                    self.assertEqual(field.groups, fields.NO_ACCESS, field)
        self.assertGreaterEqual(
            seen, {(TICKET, "access_token"), ("crm.service.survey", "token")}
        )

    def test_nobody_reads_searches_or_guesses_a_secret(self):
        """# V6: by reading, exporting, comparing, sorting and grouping."""
        self.secrets()
        self.env.flush_all()
        records = [(self.ticket, "access_token"), (self.survey, "token")]
        for record, _field in records:
            readers = {
                u for u in STAFF if record.with_user(self.roles[u]).has_access("read")
            }
            self.assertLessEqual({"agent", "service_manager"}, readers)
        for name in STAFF:
            for record, field in records:
                record = record.with_user(self.roles[name])
                if not record.has_access("read"):
                    continue
                domain = [(field, "=like", "a%")]
                for attempt in (
                    lambda r=record, f=field: r.read([f]),
                    lambda r=record, f=field: r.export_data([f]),
                    lambda r=record, d=domain: r.search(d),
                    lambda r=record, f=field: r.search([], order=f, limit=1),
                    lambda r=record, f=field: r.formatted_read_group([], [f], []),
                ):
                    with (
                        self.subTest(user=name, field=record._fields[field]),
                        self.assertRaises(AccessError),
                    ):
                        attempt()

    def test_no_method_gives_a_link_away(self):
        """# V6 V9: neither Odoo's address of the page nor its dialog to share."""
        self.secrets()
        for name in ("agent", "service_manager", "crm_admin"):
            with self.calling_as(self.roles[name]) as env:
                ticket = self.ticket.with_env(env)
                share = env["portal.share"].create(
                    {
                        "res_model": TICKET,
                        "res_id": ticket.id,
                        "partner_ids": env.user.partner_id.ids,
                    }
                )
                # the dialog asks for the token to know which mail to send
                with self.assertRaises(AccessError), self.env.cr.savepoint():
                    share.action_send_mail()
                for text in (
                    ticket.get_portal_url(),
                    ticket._get_share_url(pid=env.user.partner_id.id),
                    str(ticket._get_access_action(force_website=True)),
                    share.share_link,
                ):
                    self.assertNoSecret(text, name)

    def test_nothing_that_is_stored_carries_a_secret(self):
        """# V6: confirmation, answers, silence, question and reminder, as they stand in
        conversations and in the queue; a link is there and leads nowhere."""
        templates = self.env["mail.template"].search(
            [("model", "in", [TICKET, "crm.service.survey"])]
        )
        self.assertGreaterEqual(len(templates), 4)
        with self.mock_mail_gateway():
            for template in templates:
                record = self.survey if "survey" in template.model else self.ticket
                template.send_mail(record.id)
            self.answer(self.ticket, "Is it well now?")
            self.survey._send(fields.Datetime.now())
        self.env.flush_all()
        stored = self.env["mail.mail"].search([]).mapped("body_html")
        stored += self.env["mail.message"].search([]).mapped("body")
        self.assertTrue(any(LINK.search(body or "") for body in stored))
        for body in filter(None, stored):
            self.assertNoSecret(body)
            if LINK.search(body):
                self.assertFalse(SECRET.search(body), body[:500])

    def test_no_preview_shows_a_secret(self):
        """# V6: of a template, by the dialogs that render one."""
        for xmlid in ("mail_template_ticket_received", "mail_template_satisfaction"):
            template = self.env.ref(f"crm_service_ticket.{xmlid}")
            record = self.survey if "survey" in template.model else self.ticket
            with self.calling_as(self.agent) as env:
                body = template.with_env(env)._render_field("body_html", record.ids)
                self.assertNoSecret(body[record.id])
        sms = self.env.ref("crm_service_ticket.sms_template_satisfaction")
        self.assertNoSecret(sms._render_field("body", self.survey.ids)[self.survey.id])

    def test_secrets_of_before_are_taken_out(self):
        """# V6: of messages and of mails that wait; a picture keeps its own. The link
        of a ticket whose question is open is worth nothing any more."""
        token, rate = self.ticket._portal_ensure_token(), self.survey.token
        image = "/web/image/7?access_token=0f0f"
        texts = {
            (TICKET, self.ticket.id): (
                f'<a href="https://x/my/tickets/5?access_token={token}">a</a>'
                f'<a href="https://x/mail/view?access_token={token}&amp;hash=ab12'
                f'&amp;auth_signup_token=zz.9&amp;pid=7">b</a><img src="{image}">'
            ),
            ("crm.service.survey", self.survey.id): (
                f'<a href="https://x/service/rate/{rate}?score=5">c</a>'
            ),
        }
        mails = self.env["mail.mail"].create(
            [
                {"model": model, "res_id": number, "body_html": text, "body": text}
                for (model, number), text in texts.items()
            ]
        )
        other = self.make_ticket(self.carl)
        kept = other._portal_ensure_token()
        self.env.flush_all()
        script("post-link-secrets").migrate(self.env.cr, "19.0.1.0.2")
        self.env.invalidate_all()
        for mail in mails:
            for text in (mail.body_html, mail.body):
                self.assertIn("set-when-sent", text)
                for secret in (token, rate, "ab12", "zz.9"):
                    self.assertNotIn(secret, text)
        self.assertIn(image, mails[0].body)
        self.assertIn("pid=7", mails[0].body)
        self.assertIn("?score=5", mails[1].body)
        self.assertFalse(self.ticket.access_token)
        self.assertEqual(other.access_token, kept)

    # ------------------------------------------------------------
    # WHO GETS THEM
    # ------------------------------------------------------------

    def outgoing(self, **values):
        """What leaves for each reader of a mail that asks for all secrets."""
        word = "set-when-sent"
        mail = self.env["mail.mail"].create(
            {
                "model": TICKET,
                "res_id": self.ticket.id,
                "body_html": f'<a href="/my/x?access_token={word}&amp;hash={word}">'
                f'x</a><a href="/service/rate/{word}">y</a>',
                **values,
            }
        )
        emails = mail._prepare_outgoing_list()
        self.assertTrue(emails, "nobody gets anything, so nothing is shown")
        return emails

    def test_the_customer_gets_a_link_that_opens(self):
        """# V6 V9: in the copy that is sent, in both its parts."""
        for values in (
            {"recipient_ids": [(6, 0, self.anna.ids)]},
            {"email_to": '"Anna" <Anna@ACME.example>'},
        ):
            [email] = self.outgoing(**values)
            self.assertIn(f"access_token={self.ticket.access_token}", email["body"])
            self.assertIn(self.ticket._sign_token(self.anna.id), email["body"])
            self.assertIn(self.ticket.access_token, email["body_alternative"])
            self.assertNotIn(self.survey.token, email["body"])
        [email] = self.outgoing(
            model="crm.service.survey",
            res_id=self.survey.id,
            email_to="anna@acme.example",
        )
        self.assertIn(f"/service/rate/{self.survey.token}", email["body"])
        # who is not content says so on the ticket's page
        self.assertIn(f"access_token={self.ticket.access_token}", email["body"])

    def test_who_left_the_company_is_asked_and_opens_no_ticket(self):
        """# V6: the question is about the work; the ticket is the former company's."""
        token = self.ticket._portal_ensure_token()
        self.move_contact(self.anna, self.globex)
        [email] = self.outgoing(
            model="crm.service.survey",
            res_id=self.survey.id,
            email_to="anna@acme.example",
        )
        self.assertIn(f"/service/rate/{self.survey.token}", email["body"])
        self.assertNotIn(token, email["body"])
        self.assertNotIn(f"access_token={self.ticket.access_token}", email["body"])

    def test_whoever_else_reads_gets_none(self):
        """# V6: a colleague, an agent who writes the words himself, in copy, with the
        customer in one mail, about another record."""
        agent = self.agent.partner_id
        agent.email = "agent@hengce.example"
        for values in (
            {"recipient_ids": [(6, 0, self.ben.ids)]},
            {"recipient_ids": [(6, 0, agent.ids)]},
            {"email_to": "agent@hengce.example"},
            {"email_to": "anna@acme.example, agent@hengce.example"},
            {"email_to": "anna@acme.example", "email_cc": "agent@hengce.example"},
            {
                "email_to": "anna@acme.example",
                "model": "res.partner",
                "res_id": self.anna.id,
            },
            {
                "email_to": "agent@hengce.example",
                "model": "crm.service.survey",
                "res_id": self.survey.id,
            },
        ):
            for email in self.outgoing(**values):
                with self.subTest(values=values):
                    self.assertNoSecret(email["body"])
                    self.assertNoSecret(email["body_alternative"])

    def test_who_left_the_customer_gets_none(self):
        """# V9: also of mails that were written before."""
        self.move_contact(self.anna, self.globex)
        for email in self.outgoing(recipient_ids=[(6, 0, self.anna.ids)]):
            self.assertNoSecret(email["body"])

    def test_an_answer_reaches_the_customer_with_a_link(self):
        """# V9: and the colleague who follows without one."""
        ticket = self.make_ticket(self.carl)
        ticket.message_subscribe(partner_ids=self.technician_partner().ids)
        with self.mock_mail_gateway():
            self.answer(ticket, "Please try again.")
            self.env["mail.mail"].search([("res_id", "=", ticket.id)]).send()
        bodies = {
            email: mail["body"] for mail in self._mails for email in mail["email_to"]
        }
        token = ticket.access_token
        self.assertTrue(token)
        for email, body in bodies.items():
            check = self.assertIn if "carl@" in email else self.assertNotIn
            check(token, body, email)
        self.assertTrue(any("carl@" in email for email in bodies))

    def technician_partner(self):
        user = new_test_user(self.env, "colleague", groups="base.group_user")
        user.notification_type = "email"
        return user.partner_id


@tagged("post_install", "-at_install")
class TestOwnWork(SecretsCase):
    """# V6: nobody scores what he did himself, as whoever he comes."""

    def make_own(self, user, **values):
        """A ticket whose customer is one of us, closed."""
        user.partner_id.email = user.partner_id.email or f"{user.login}@hengce.example"
        ticket = self.make_ticket(user.partner_id, **values)
        return self.close(ticket)

    def refused(self, ticket, user=None):
        survey = ticket.survey_ids
        survey._send(fields.Datetime.now())
        self.assertEqual((survey.state, survey.reason), ("skipped", "own"))
        survey.state = "sent"
        survey.deadline = fields.Datetime.add(fields.Datetime.now(), days=1)
        with self.assertRaisesRegex(UserError, "does not score"):
            survey.with_user(user or self.env.user).sudo()._answer(
                5, "", fields.Datetime.now()
            )
        self.assertFalse(ticket.satisfaction_score)

    def test_the_customer_of_the_own_ticket(self):
        """# V6: assigned, handed over, answered, taken and given away again."""
        other = self.service_manager
        assigned = self.make_own(self.agent, user_id=self.agent.id)
        given_away = self.make_ticket(self.agent.partner_id, user_id=self.agent.id)
        given_away.user_id = other
        given_away.flush_recordset()
        self.flush_tracking()
        handed = self.make_ticket(self.agent.partner_id, user_id=self.agent.id)
        handed._escalate("management", "Look", user=other)
        answered = self.make_ticket(self.agent.partner_id, user_id=other.id)
        self.answer(answered, "Done.")
        for ticket in (assigned, given_away, handed, answered):
            self.refused(self.close(ticket))

    def test_an_agent_s_own_address_or_phone_on_a_ticket(self):
        """# V6: a stranger's name with the agent's address, a second contact of his."""
        self.agent.partner_id.email = "agent@hengce.example"
        stranger = self.tickets.create(
            {
                "name": "Mine",
                "partner_email": "Agent <agent@hengce.example>",
                "team_id": self.service_team.id,
                "user_id": self.agent.id,
            }
        )
        self.refused(self.close(stranger))
        second = self.make_contact(
            self.acme, "Second", email="x@acme.example", phone="+86 139 1111 2222"
        )
        self.agent.partner_id.phone = "+86 139 1111 2222"
        self.refused(self.close(self.make_ticket(second)))

    def test_a_worker_who_is_signed_in_with_the_customer_s_link(self):
        """# V6"""
        self.survey._send(fields.Datetime.now())
        self.assertEqual(self.survey.state, "sent")
        with self.assertRaisesRegex(UserError, "does not score"):
            self.survey.with_user(self.agent).sudo()._answer(
                5, "", fields.Datetime.now()
            )
        self.survey._answer(2, "", fields.Datetime.now())
        self.assertEqual(self.ticket.satisfaction_score, 2)

    def test_a_colleague_whose_ticket_others_did_scores_it(self):
        """# V6: the house has customers of its own."""
        asker = new_test_user(self.env, "asker", groups="base.group_user")
        asker.partner_id.email = "asker@hengce.example"
        ticket = self.make_ticket(asker.partner_id)
        self.answer(ticket, "Any news?", asker)
        self.close(ticket).survey_ids._send(fields.Datetime.now())
        self.assertEqual(ticket.survey_ids.state, "sent")
        ticket.survey_ids.with_user(asker).sudo()._answer(4, "", fields.Datetime.now())
        self.assertEqual(ticket.satisfaction_score, 4)

    def test_whose_work_it_was_costs_no_more_for_many(self):
        """# V6: tickets that were taken, given away, handed over and answered."""

        def work(count):
            tickets = self.tickets.browse()
            for number in range(count):
                ticket = self.make_ticket(self.carl, name=f"Worked on {number}")
                ticket.user_id = self.service_manager
                self.answer(ticket, "Done.")
                ticket._escalate("technician", "Look", user=self.agent)
                tickets |= ticket
            self.flush_tracking()
            return self.close(tickets)

        def queries(tickets):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertFalse(tickets._own_work())
            return self.env.cr.sql_log_count - before

        queries(work(1))
        few, many = (queries(work(count)) for count in (2, 12))
        self.assertEqual(few, many)
        self.assertLess(few, 25)

    def test_who_left_us_worked_on_it_all_the_same(self):
        """# V6: an account that is switched off, by what it answered."""
        self.agent.partner_id.email = "agent@hengce.example"
        answered = self.make_ticket(
            self.agent.partner_id, user_id=self.service_manager.id
        )
        self.answer(answered, "Done.")
        self.agent.active = False
        self.assertEqual(answered._own_work(), answered)

    # ------------------------------------------------------------
    # BY ODOO'S RATINGS
    # ------------------------------------------------------------

    def test_no_rating_becomes_a_ticket_s(self):
        """# V6: created for it, moved to it, tied to its conversation, posted with a
        message, applied by Odoo's page; also as superuser on somebody's behalf."""
        model_id = self.env["ir.model"]._get_id
        message = self.ticket.message_ids[:1]
        for name in (*STAFF, None):
            user = self.roles[name] if name else self.env.user
            with self.calling_as(user) as env:
                ratings = env["rating.rating"]
                elsewhere = {
                    "res_model_id": model_id("res.partner"),
                    "res_id": self.anna.id,
                    "rated_partner_id": user.partner_id.id,
                }
                own = {
                    "res_model_id": model_id(TICKET),
                    "res_id": self.ticket.id,
                    "rating": 5,
                    "consumed": True,
                }
                ticket = self.ticket.with_env(env)
                attempts = {
                    "create": lambda r=ratings, v=own: r.create(v),
                    "move": lambda r=ratings, v=elsewhere, w=own: r.create(v).write(w),
                    "model": lambda r=ratings, v=elsewhere: r.create(
                        {**v, "res_id": self.ticket.id}
                    ).write({"res_model": TICKET}),
                    "message": lambda r=ratings, v=elsewhere: r.create(v).write(
                        {"message_id": message.id}
                    ),
                    "post": lambda t=ticket: t.message_post(body="x", rating_value=5),
                    "apply": lambda t=ticket, r=ratings, v=elsewhere: t.rating_apply(
                        5, rating=r.create(v)
                    ),
                    "context": lambda t=ticket: t.with_context(
                        service_scored=True
                    ).rating_apply(5),
                }
                for way, attempt in attempts.items():
                    with (
                        self.subTest(user=name, way=way),
                        self.assertRaises(AccessError),
                        self.env.cr.savepoint(),
                    ):
                        attempt()
        found = self.env["rating.rating"].search([("res_model", "=", TICKET)])
        self.assertFalse(found.filtered(lambda r: r.res_id == self.ticket.id))

    def test_ratings_of_tickets_have_no_token(self):
        """# V6: Odoo's page has nothing to open."""
        self.survey._send(fields.Datetime.now())
        self.survey._answer(3, "", fields.Datetime.now())
        self.assertEqual(self.survey.rating_id.rating, 3)
        self.assertFalse(self.survey.rating_id.access_token)


@tagged("post_install", "-at_install")
class TestOwnWorkPages(HttpCase, SecretsCase):
    """# V6 V9: by the pages of the customer."""

    def post(self, action, **data):
        token = http.Request.csrf_token(self)
        page = self.url_open(
            f"/my/tickets/{self.ticket.id}/{action}",
            data={**data, "csrf_token": token},
        )
        self.env.invalidate_all()
        return page

    def test_nobody_of_us_acts_in_the_customer_s_name(self):
        """# V6 V9: who may read the ticket inside sees its page, without the customer's
        buttons, and they do not work by hand."""
        self.survey._send(fields.Datetime.now())
        self.env.flush_all()
        for name in ("agent", "service_manager"):
            user = self.roles[name]
            user.password = user.login
            self.authenticate(user.login, user.login)
            page = self.url_open(f"/my/tickets/{self.ticket.id}").text
            self.assertIn(self.ticket.name, page)
            self.assertNotIn("o_ticket_rate", page)
            self.assertNotIn("o_ticket_reopen", page)
            self.assertNoSecret(page)
            for action in ("rate", "close", "reopen"):
                page = self.post(action, score="5", reason="x")
                self.assertIn("done=ours", page.url)
        self.assertFalse(self.ticket.satisfaction_score)
        self.assertEqual(self.ticket.state, "closed")

    def test_the_link_does_not_help_who_worked_on_it(self):
        """# V6: signed in; the customer it was mailed to answers with it."""
        self.survey._send(fields.Datetime.now())
        url = f"/service/rate/{self.survey.token}"
        self.agent.password = self.agent.login
        self.env.flush_all()
        self.authenticate(self.agent.login, self.agent.login)
        page = self.url_open(url, data={"score": "5"})
        self.assertIn("does not score", page.text)
        self.authenticate(None, None)
        self.url_open(url, data={"score": "2"})
        self.env.invalidate_all()
        self.assertEqual(self.ticket.satisfaction_score, 2)
