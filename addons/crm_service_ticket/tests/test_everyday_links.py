"""# G1 V9: what Odoo itself links while somebody does his work (the message that is
answered, files, followers, addressees, activities) is no link that he sets."""

import json

from odoo import http
from odoo.exceptions import AccessError
from odoo.tests import Form, HttpCase, tagged

from .front_common import TICKET, FrontCommon


@tagged("post_install", "-at_install")
class TestEverydayLinks(FrontCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.add_roles({"technician": "crm_customer_center.group_service_agent"})
        for user in (cls.agent, cls.technician):
            cls.env["crm.service.team.member"].create(
                {"team_id": cls.service_team.id, "user_id": user.id}
            )
        cls.ticket = cls.make_ticket(cls.anna)
        # words and files that the next one may not see, or that are nobody's
        cls.ticket.message_post(body="Within", subtype_xmlid="mail.mt_note")
        cls.ticket.message_post(body="From outside", author_id=cls.carl.id)
        cls.env.flush_all()

    def test_an_agent_s_day(self):
        """# G1: writes, with a template's file, plans, does, lets others follow."""
        template = self.env["mail.template"].create(
            {
                "name": "Manual",
                "model_id": self.env["ir.model"]._get_id(TICKET),
                "subject": "The manual",
                "body_html": "<p>Here</p>",
                "partner_to": "{{ object.partner_id.id }}",
                "attachment_ids": [(0, 0, {"name": "manual.txt", "raw": b"manual"})],
            }
        )
        with self.calling_as(self.agent) as env:
            ticket = env[TICKET].browse(self.ticket.id)
            activity = ticket.activity_schedule(
                "mail.mail_activity_data_todo", user_id=self.technician.id
            )
            file = env["ir.attachment"].create(
                {"name": "a.txt", "raw": b"a", "res_model": TICKET, "res_id": ticket.id}
            )
            activity.write({"attachment_ids": [(4, file.id)]})
            activity.action_feedback("Done", attachment_ids=file.ids)
            env.invalidate_all()
            composer = env["mail.compose.message"].with_context(
                default_model=TICKET,
                default_res_ids=ticket.ids,
                default_template_id=template.id,
                default_composition_mode="comment",
            )
            Form(composer).save().action_send_mail()
            ticket.message_subscribe(
                partner_ids=(self.technician.partner_id | self.ben).ids
            )
            ticket.write({"user_id": self.technician.id, "partner_id": self.ben.id})
            env.flush_all()
        message = self.ticket.message_ids.filtered("attachment_ids").sorted("id")[-1]
        self.assertEqual(message.attachment_ids.mapped("name"), ["manual.txt"])
        self.assertIn(self.anna, message.partner_ids)

    def test_a_rep_gives_an_own_lead_away(self):
        """# G1: who gave it may not see it any more then."""
        colleague = self.other_rep
        lead = self.env["crm.lead"].create({"name": "Given", "user_id": self.rep.id})
        with self.calling_as(self.rep) as env:
            own = env["crm.lead"].browse(lead.id)
            own.write({"user_id": colleague.id})
            env.flush_all()
            env.invalidate_all()
            self.assertFalse(own.has_access("read"))
            # by a call of one's own it shows nothing of a hidden record
            with self.assertRaises(AccessError):
                own.message_notify(partner_ids=self.rep.partner_id.ids, body="x")


@tagged("post_install", "-at_install")
class TestEverydayPages(HttpCase, FrontCommon):
    def setUp(self):
        super().setUp()
        self.ticket = self.make_ticket(self.anna)
        self.ticket.message_post(body="Within", subtype_xmlid="mail.mt_note")
        self.token = self.ticket._portal_ensure_token()
        self.env.flush_all()

    def answer(self, words, **access):
        """Write by the page, with a file."""
        form = {
            "thread_model": TICKET,
            "thread_id": self.ticket.id,
            "is_pending": True,
            "csrf_token": http.Request.csrf_token(self),
            **access,
        }
        files = {"ufile": ("a.txt", b"log", "text/plain")}
        upload = self.url_open("/mail/attachment/upload", data=form, files=files)
        [file] = upload.json()["data"]["store_data"]["ir.attachment"]
        params = {
            "thread_model": TICKET,
            "thread_id": self.ticket.id,
            "post_data": {
                "body": words,
                "message_type": "comment",
                "subtype_xmlid": "mail.mt_comment",
                "attachment_ids": [file["id"]],
                "attachment_tokens": [file["ownership_token"]],
            },
            **access,
        }
        answer = self.url_open(
            "/mail/message/post",
            data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
            headers={"Content-Type": "application/json"},
        ).json()
        self.assertNotIn("error", answer)
        self.env.invalidate_all()
        message = self.ticket.message_ids[0]
        self.assertIn(words, message.body)
        self.assertEqual(message.attachment_ids.mapped("name"), ["a.txt"])
        return message

    def test_who_has_the_link_answers_after_a_note(self):
        """# V9: without a login, with a file, after what he does not see."""
        self.authenticate(None, None)
        message = self.answer(
            "Without a login",
            token=self.token,
            hash=self.ticket._sign_token(self.anna.id),
            pid=self.anna.id,
        )
        self.assertEqual(message.author_id, self.anna)

    def test_the_customer_and_his_colleague_answer_after_a_note(self):
        """# V9: the colleague where the company shows all tickets to all of them."""
        self.env.company.service_portal_scope = "company"
        for name in ("anna", "ben"):
            self.authenticate(self.logins[name].login, self.logins[name].login)
            message = self.answer(f"Written by {name}")
            self.assertEqual(message.author_id, self.contacts[name])
            self.ticket.message_post(body="Again", subtype_xmlid="mail.mt_note")
            self.env.flush_all()
