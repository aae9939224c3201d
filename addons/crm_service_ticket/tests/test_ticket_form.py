import io
import re
import zipfile
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import fields, http
from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCase

from .front_common import FrontCommon

FORM = {
    "partner_name": "Ms Li",
    "company_name": "New Company",
    "partner_email": "li@new.example",
    "partner_phone": "138 0013 8000",
    "ticket_type": "fault",
    "name": "Sensor shows no value",
    "description": "Since yesterday.\nSerial 4711",
}


class TicketFormCase(HttpCase, FrontCommon, MailCase):
    url = "/service/ticket/new"

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    def send(self, files=(), url=None, **changes):
        """Send the form; return the page that follows and the new tickets."""
        before = self.tickets.search([])
        values = {**FORM, **changes, "csrf_token": http.Request.csrf_token(self)}
        uploads = [("attachments", file) for file in files]
        with self.mock_mail_gateway():
            page = self.url_open(url or self.url, data=values, files=uploads or None)
        self.env.invalidate_all()
        return page, self.tickets.search([]) - before


@tagged("post_install", "-at_install")
class TestTicketForm(TicketFormCase):
    """# V2: the public form."""

    def test_a_stranger_opens_a_ticket(self):
        """# V2: number on the page, customer made, confirmation with the number."""
        page, ticket = self.send()
        self.assertEqual(len(ticket), 1)
        self.assertIn(ticket.number, page.text)
        self.assertTrue(page.url.endswith("/service/ticket/thanks"))
        self.assertRecordValues(
            ticket,
            [
                {
                    "name": "Sensor shows no value",
                    "ticket_type": "fault",
                    "channel": "web",
                    "team_id": self.service_team.id,
                    "partner_email": "li@new.example",
                    "partner_phone": "+86 138 0013 8000",
                }
            ],
        )
        self.assertIn("Serial 4711", ticket.description)
        self.assertEqual(ticket.partner_id.name, "Ms Li")
        self.assertEqual(ticket.partner_id.email_normalized, "li@new.example")
        mail = self._new_mails.filtered(lambda m: ticket.number in (m.subject or ""))
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.email_to, "li@new.example")
        self.assertIn(f"/my/tickets/{ticket.id}?access_token=", mail.body_html)

    def test_a_stranger_chooses_a_type_with_its_fields(self):
        """# V2 V15: only what is offered; a mistake brings the form back with the
        fields of that type open; the customer reads what was noted."""
        types = self.env["crm.service.ticket.type"]
        lab = self.env["crm.service.team"].create({"name": "Lab"})
        returns = types.create(
            {
                "name": "Return",
                "ticket_type": "complaint",
                "default_team_id": lab.id,
                "default_priority": "2",
                "ticket_properties_definition": [
                    {"name": "order_no", "string": "Order number", "type": "char"},
                    {"name": "pieces", "string": "Pieces", "type": "integer"},
                ],
            }
        )
        hidden = types.create({"name": "Inside only", "on_form": False})
        self.env.flush_all()
        page = self.url_open(self.url).text
        self.assertIn("Order number", page)
        self.assertNotIn("Inside only", page)
        prefix = f"extra_{returns.id}_"
        typed = {"ticket_type": str(returns.id), f"{prefix}order_no": "SO7"}
        page, ticket = self.send(**typed, **{f"{prefix}pieces": "some"})
        self.assertFalse(ticket)
        self.assertEqual(page.status_code, 422)
        self.assertIn("Please write a number.", page.text)
        self.assertIn('value="SO7"', page.text)
        page, ticket = self.send(**typed, **{f"{prefix}pieces": "3"})
        self.assertRecordValues(
            ticket,
            [
                {
                    "type_id": returns.id,
                    "ticket_type": "complaint",
                    "team_id": lab.id,
                    "priority": "2",
                }
            ],
        )
        self.assertEqual(
            ticket._said_of_type(), [("Order number", "SO7"), ("Pieces", "3")]
        )
        for value in (str(hidden.id), "999999999", "bomb", "-1"):
            page, ticket = self.send(ticket_type=value, name=f"x {value}")
            self.assertFalse(ticket)
            self.assertEqual(page.status_code, 422)

    def test_a_known_customer_is_recognised_and_left_as_he_is(self):
        """# V2: by the e-mail he alone reads; a stranger's typing changes nothing of
        his."""
        _page, ticket = self.send(
            partner_email=" ANNA@acme.EXAMPLE ",
            partner_phone="",
            partner_name="Somebody",
        )
        self.assertEqual(ticket.partner_id, self.anna)
        self.assertEqual(self.anna.name, "Anna")
        self.assertEqual(ticket.partner_name, "Somebody")

    def test_another_s_phone_opens_no_door(self):
        """# V2 V9: with an address of one's own, of a webmail, of another customer, or
        with none: no name, no link, no answer of his; the agent is told whose number
        it is. What a stranger typed is what the mails say."""
        self.anna.phone = "+86 139 0013 9000"
        self.anna.name = "Anna Secret"
        self.env.flush_all()
        for address in ("eve@own.example", "eve@vip.163.com", ""):
            with self.subTest(address=address):
                page, ticket = self.send(
                    partner_email=address, partner_phone="0086-139-0013-9000"
                )
                self.assertFalse(ticket.partner_id)
                self.assertEqual(ticket.suggested_partner_id, self.anna)
                self.assertEqual(ticket.email_normalized or "", address)
                self.assertNotIn(self.anna, ticket.message_partner_ids)
                self.assertNotIn("Anna Secret", page.text)
                mails = self._new_mails
                self.assertEqual(set(mails.mapped("email_to")), {address} - {""})
                for mail in mails:
                    self.assertNotIn("Anna", mail.body_html)
        stolen = self.anna.phone
        _page, ticket = self.send(partner_email=self.carl.email, partner_phone=stolen)
        self.assertEqual(ticket.partner_id, self.carl)
        self.assertFalse(ticket.suggested_partner_id)

    def test_the_agent_decides_whose_ticket_it_is(self):
        """# V2: by one click; nobody new is made before."""
        self.anna.phone = "+86 139 0013 9000"
        self.service_team.member_ids = [(0, 0, {"user_id": self.agent.id})]
        self.env.flush_all()
        partners = self.env["res.partner"].search_count([])
        typed = {"partner_email": "eve@own.example", "partner_phone": "13900139000"}
        _page, accepted = self.send(**typed)
        _page, refused = self.send(**typed, name="Another matter")
        self.assertEqual(self.env["res.partner"].search_count([]), partners)
        with self.calling_as(self.agent) as env:
            self.assertTrue(accepted.with_env(env).suggested_partner_id)
            accepted.with_env(env).action_accept_partner()
            with self.assertRaisesRegex(UserError, "already"):
                accepted.with_env(env).action_accept_partner()
            refused.with_env(env).action_refuse_partner()
        self.assertEqual(accepted.partner_id, self.anna)
        self.assertEqual(refused.partner_id.email, "eve@own.example")
        self.assertFalse((accepted | refused).suggested_partner_id)
        # what the customer reads goes to the customer's own address
        self.assertEqual(accepted._customer_addresses(), {"anna@acme.example"})

    def test_strangers_stay_strangers_where_the_team_wants_it(self):
        """# V2: all that was typed is on the ticket; the answer goes to the address."""
        self.service_team.customer_policy = "stranger"
        self.env.flush_all()
        partners = self.env["res.partner"].search_count([])
        page, ticket = self.send(files=[("a.png", b"\x89PNG1", "image/png")])
        self.assertIn(ticket.number, page.text)
        self.assertFalse(ticket.partner_id)
        self.assertEqual(ticket.partner_name, "Ms Li (New Company)")
        self.assertFalse(ticket.first_response_date, "a form is not our answer")
        message = ticket.message_ids.filtered("attachment_ids")
        self.assertFalse(message.author_id, "nobody of us sent the file")
        self.assertIn("Ms Li", message.email_from)
        self.assertEqual(self.env["res.partner"].search_count([]), partners)
        self.assertIn("li@new.example", self._new_mails.mapped("email_to"))

    def test_a_phone_alone_makes_a_customer_as_well(self):
        """# V2"""
        _page, ticket = self.send(partner_email="")
        self.assertEqual(ticket.partner_id.phone, "+86 138 0013 8000")
        self.assertEqual(ticket.partner_id.company_name, "New Company")

    def test_the_page_does_not_tell_who_is_a_customer(self):
        """# V2: the same answer for known and unknown addresses."""
        known, _ticket = self.send(partner_email=self.anna.email, partner_phone="")
        unknown, _ticket = self.send(partner_email="x@y.example", partner_phone="")
        without = re.compile(r"TK\d+|csrf_token[^,]*,|[0-9a-f]{40}o\d+")
        self.assertEqual(
            without.sub("", known.text).split("<main", 1)[-1],
            without.sub("", unknown.text).split("<main", 1)[-1],
        )

    def test_mistakes_come_back_with_all_that_was_typed(self):
        """# V2: a sentence at each field; no ticket, no customer."""
        partners = self.env["res.partner"].search_count([])
        page, ticket = self.send(
            partner_email="li at new",
            partner_phone="123",
            name="",
            company_name="A & B",
        )
        self.assertFalse(ticket)
        self.assertEqual(page.status_code, 422)
        self.assertEqual(self.env["res.partner"].search_count([]), partners)
        for typed in ("li at new", "123", "Since yesterday.", "A &amp; B", "Ms Li"):
            self.assertIn(typed, page.text)
        for name in ("partner_email", "partner_phone", "name"):
            self.assertIn(f'id="problem_{name}"', page.text)
        self.assertNotIn('id="problem_description"', page.text)

    def test_files_become_part_of_the_open_conversation(self):
        """# V2: the customer sees his own files; they hang on the ticket."""
        page, ticket = self.send(files=[("photo.png", b"\x89PNG1", "image/png")])
        self.assertIn(ticket.number, page.text)
        message = ticket.message_ids.filtered("attachment_ids")
        self.assertEqual(message.attachment_ids.mapped("name"), ["photo.png"])
        self.assertEqual(message.attachment_ids.res_id, ticket.id)
        self.assertEqual(message.subtype_id, self.env.ref("mail.mt_comment"))
        self.assertEqual(message.author_id, ticket.partner_id)

    def test_refused_files_are_named_and_good_ones_kept(self):
        """# V2: the second attempt takes the kept file along."""
        page, ticket = self.send(
            files=[
                ("photo.png", b"\x89PNG1", "image/png"),
                ("run.exe", b"MZ", "application/octet-stream"),
            ]
        )
        self.assertFalse(ticket)
        self.assertIn("run.exe", page.text)
        kept = re.search(r'name="kept"[^>]*value="([^"]+)"', page.text)[1]
        _page, ticket = self.send(kept=kept)
        self.assertEqual(ticket.message_attachment_count, 1)
        # once taken it can be taken by nobody else
        _page, other = self.send(kept=kept)
        self.assertEqual(other.message_attachment_count, 0)

    def test_files_of_others_are_not_taken_along(self):
        """# V2: a number without the right to it, and rubbish, are ignored."""
        other = self.make_ticket(self.anna)
        secret = self.attach(other, "secret.txt", b"secret")
        self.env.flush_all()
        for kept in (f"{secret.id}-x", f"{secret.id}-", "x", "-", "9" * 20 + "-é"):
            with self.subTest(kept=kept):
                _page, ticket = self.send(kept=kept, name=f"With {kept}")
                self.assertEqual(len(ticket), 1)
                self.assertEqual(ticket.message_attachment_count, 0)
        self.assertEqual(secret.res_id, other.id)

    def test_the_same_form_again_is_the_same_ticket(self):
        """# V2: sent again from one page, from another within minutes; with the same
        number as answer and without a second mail. Another text is another matter, also
        from the same page."""
        self.env.company.service_form_limit_contact = 0
        self.env.company.service_form_limit_address = 0
        self.env.flush_all()
        form = self.url_open(self.url).text
        key = re.search(r'name="form_key" value="([^"]+)"', form)[1]
        self.assertNotIn(key, self.url_open(self.url).text)
        photo = [("a.png", b"\x89PNG1", "image/png")]
        first_page, first = self.send(files=photo, form_key=key)
        for again in (key, "", "another", "\x00"):
            page, ticket = self.send(files=photo, form_key=again)
            self.assertFalse(ticket)
            self.assertIn(first.number, page.text)
            self.assertFalse(self._new_mails)
        self.assertIn(first.number, first_page.text)
        self.assertEqual(first.message_attachment_count, 1)
        for changes in (
            {"description": "Something else"},
            {"partner_email": "wu@new.example"},
            {"files": [("b.png", b"\x89PNG1", "image/png")]},
        ):
            values = {"files": photo, "form_key": key, **changes}
            self.assertEqual(len(self.send(**values)[1]), 1, changes)
        counters = self.env["crm.service.form.counter"].search([])
        counters.started = fields.Datetime.now() - timedelta(minutes=11)
        self.env.flush_all()
        self.assertEqual(len(self.send(files=photo, form_key="new")[1]), 1)
        self.assertFalse(self.send(files=photo, form_key=key)[1])

    def test_a_bomb_is_not_kept(self):
        """# V2: an archive, or a document, that unpacks to more than anybody sends; the
        answer names the limit."""
        bomb = io.BytesIO()
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(3):
                archive.writestr(f"word/{number}.xml", b"0" * 70 * 1024 * 1024)
        many = io.BytesIO()
        with zipfile.ZipFile(many, "w") as archive:
            for number in range(5001):
                archive.writestr(str(number), b"")
        before = self.env["ir.attachment"].search_count([])
        for name, data in (("a.docx", bomb), ("b.zip", many)):
            page, ticket = self.send(files=[(name, data.getvalue(), "application/zip")])
            self.assertFalse(ticket)
            self.assertIn("200 MB", page.text)
            self.assertIn("5000", page.text)
        self.assertEqual(self.env["ir.attachment"].search_count([]), before)
        damaged = [("c.zip", b"PK\x03\x04 and nothing", "application/zip")]
        self.assertEqual(len(self.send(files=damaged)[1]), 1)

    def test_a_robot_is_thanked_and_forgotten(self):
        """# V2: the trap is filled: no ticket, no hint."""
        page, ticket = self.send(company_website="https://spam.example")
        self.assertFalse(ticket)
        self.assertEqual(page.status_code, 200)
        self.assertTrue(page.url.endswith("/service/ticket/thanks"))

    def test_without_the_session_s_sign_nothing_is_taken(self):
        """# V2: a form on another site."""
        before = self.tickets.search_count([])
        with mute_logger("odoo.http"):
            page = self.url_open(self.url, data={**FORM, "csrf_token": "x"})
        self.assertEqual(page.status_code, 400)
        self.assertEqual(self.tickets.search_count([]), before)

    def test_the_form_can_be_switched_off(self):
        """# V2: for strangers; who is signed in keeps it."""
        self.env.company.service_form_active = False
        self.env.flush_all()
        self.assertEqual(self.url_open(self.url).status_code, 404)
        page, ticket = self.send()
        self.assertEqual((page.status_code, len(ticket)), (404, 0))
        self.authenticate(self.logins["anna"].login, self.logins["anna"].login)
        self.assertEqual(self.url_open("/my/tickets/new").status_code, 200)

    def test_a_signed_in_customer_types_subject_and_text_only(self):
        """# V9: the ticket is his, from the portal."""
        self.authenticate(self.logins["anna"].login, self.logins["anna"].login)
        form = self.url_open("/my/tickets/new").text
        self.assertNotIn("partner_email", form)
        page, ticket = self.send(
            url="/my/tickets/new", partner_email="", partner_phone="", partner_name=""
        )
        self.assertIn(ticket.number, page.text)
        self.assertEqual((ticket.partner_id, ticket.channel), (self.anna, "portal"))
        self.assertEqual(ticket.partner_email, self.anna.email)

    def test_a_signed_in_customer_names_a_device_of_the_own_company(self):
        """# V14: another's is not taken, and a stranger is shown none."""
        mine, foreign = self.env["crm.customer.equipment"].create(
            [
                {"name": "HC-200", "serial": "A1", "partner_id": self.acme.id},
                {"name": "Globe pump", "serial": "G1", "partner_id": self.globex.id},
            ]
        )
        self.authenticate(self.logins["anna"].login, self.logins["anna"].login)
        form = "/my/tickets/new"
        page = self.url_open(form)
        self.assertIn("HC-200 · A1", page.text)
        self.assertNotIn("Globe pump", page.text)
        _page, ticket = self.send(url=form, equipment=str(mine.id))
        self.assertEqual(ticket.equipment_id, mine)
        _page, ticket = self.send(url=form, name="Pump", equipment=str(foreign.id))
        self.assertEqual(len(ticket), 1)
        self.assertFalse(ticket.equipment_id)
        self.authenticate(None, None)
        self.assertNotIn("ticket_equipment", self.url_open(self.url).text)
        _page, ticket = self.send(equipment=str(mine.id))
        self.assertFalse(ticket.equipment_id)

    def test_the_number_is_shown_to_its_sender_only(self):
        """# V2: another visitor's thanks page has none."""
        _page, ticket = self.send()
        self.authenticate(None, None)
        page = self.url_open("/service/ticket/thanks")
        self.assertEqual(page.status_code, 200)
        self.assertNotIn(ticket.number, page.text)

    def test_a_captcha_that_is_installed_is_asked(self):
        """# V2: Google's or Cloudflare's, by Odoo's own method."""

        def refuse(self, action):
            assert action == "service_ticket"
            raise UserError("Are you a robot?")

        self.assertIn('data-captcha="service_ticket"', self.url_open(self.url).text)
        http_model = type(self.env["ir.http"])
        with patch.object(http_model, "_verify_request_recaptcha_token", refuse):
            page, ticket = self.send()
        self.assertFalse(ticket)
        self.assertIn("Are you a robot?", page.text)
        self.assertIn("Serial 4711", page.text)


@tagged("post_install", "-at_install")
class TestTicketFormLimit(TicketFormCase):
    """# V2: not too many at once, counted in the database."""

    def test_one_contact_is_slowed_down(self):
        """# V2: by the e-mail, whatever the name; the text stays on the page."""
        self.env.company.service_form_limit_contact = 2
        self.env.flush_all()
        for subject in ("One", "Two"):
            self.assertEqual(len(self.send(partner_phone="", name=subject)[1]), 1)
        page, ticket = self.send(partner_phone="", partner_name="Another")
        self.assertFalse(ticket)
        self.assertIn("Serial 4711", page.text)
        self.assertIn("alert-danger", page.text)
        files = self.env["ir.attachment"].search_count([])
        photo = [("a.png", b"\x89PNG1", "image/png")]
        self.send(partner_phone="", partner_name="Another", files=photo)
        self.assertEqual(
            self.env["ir.attachment"].search_count([]),
            files,
            "what is refused fills no disk",
        )
        self.assertEqual(
            len(self.send(partner_email="o@p.example", partner_phone="")[1]), 1
        )

    def test_one_address_is_slowed_down(self):
        """# V2: mistakes count as well, or they would be free tries."""
        self.env.company.service_form_limit_address = 2
        self.env.flush_all()
        self.send(name="")
        self.assertEqual(len(self.send()[1]), 1)
        self.assertFalse(self.send()[1])

    def test_no_address_is_stored_and_rows_do_not_stay(self):
        """# V2: digests only, gone after a day."""
        self.send()
        counters = self.env["crm.service.form.counter"]
        self.env.cr.execute("SELECT key FROM crm_service_form_counter")
        keys = [key for (key,) in self.env.cr.fetchall()]
        self.assertTrue(keys)
        for key in keys:
            self.assertRegex(key, "^[0-9a-f]{40}$")
        counters.search([]).started = fields.Datetime.now() - timedelta(hours=25)
        counters._gc_counters()
        self.assertFalse(counters.search([]))


@tagged("post_install", "-at_install")
class TestFormCounter(FrontCommon):
    def test_hits_are_counted_by_sender_and_hour(self):
        """# V2: each sender and each hour from 1."""
        counters = self.env["crm.service.form.counter"]
        now = datetime(2026, 11, 24, 9, 30)
        hits = [counters._hit("address", "10.0.0.1", now) for _n in range(3)]
        self.assertEqual(hits, [1, 2, 3])
        self.assertEqual(counters._hit("address", "10.0.0.2", now), 1)
        self.assertEqual(
            counters._hit("address", "10.0.0.1", now + timedelta(minutes=30)), 1
        )
        self.assertTrue(counters._is_too_often([("address", "10.0.0.1", 3)], now))
        self.assertFalse(
            counters._is_too_often([("address", "10.0.0.1", 0), ("x", "", 1)], now)
        )

    def test_one_query_a_hit(self):
        """# V2: on the way of every form."""
        counters = self.env["crm.service.form.counter"]
        now = fields.Datetime.now()
        counters._hit("address", "10.0.0.1", now)
        with self.assertQueryCount(1):
            counters._hit("address", "10.0.0.1", now)

    def test_nobody_reads_the_keys(self):
        """# V2: nor may anybody else than the administrator see the rows."""
        counters = self.env["crm.service.form.counter"]
        for user in (self.agent, self.rep, self.logins["anna"]):
            self.assertFalse(counters.with_user(user).has_access("read"))
        self.assertNotIn("key", counters.with_user(self.crm_admin).fields_get())
