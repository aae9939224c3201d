import base64
from email.message import EmailMessage
from importlib.util import module_from_spec, spec_from_file_location

from odoo.tests import Form, tagged
from odoo.tools import file_path

from .common import DOMAIN, SERVICE, TicketCommon

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJ"
    "RU5ErkJggg=="
)


def script(name):
    path = file_path(f"crm_service_ticket/migrations/19.0.1.1.0/{name}.py")
    spec = spec_from_file_location(name.replace("-", "_"), path)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@tagged("post_install", "-at_install")
class TestMailPlaces(TicketCommon):
    """# V2: where a mail goes, and where its words and pictures stand."""

    def picture_mail(self, **headers):
        message = EmailMessage()
        values = {
            "From": "Ms Li <li@ruida.example>",
            "To": SERVICE,
            "Subject": "With a picture",
            "Message-ID": "<picture@mail.ruida.example>",
        }
        for name, value in {**values, **headers}.items():
            message[name] = value
        message.set_content("See below")
        message.add_alternative(
            '<p>See this: <img src="cid:one@x" alt="a"/></p>', subtype="html"
        )
        message.get_payload()[1].add_related(
            PIXEL, maintype="image", subtype="png", cid="<one@x>", filename="a.png"
        )
        return message.as_bytes()

    # ------------------------------------------------------------
    # TEAMS
    # ------------------------------------------------------------

    def both_teams(self, **headers):
        self.other_service.alias_name = "other"
        before = self.tickets.search([])
        self.receive(**headers)
        return self.tickets.search([], order="id") - before

    def test_to_one_team_and_copy_to_another(self):
        """# V2 G1: a ticket each, linked, the customer is told one number; whichever
        stands first in the mail."""
        for number, (to, cc) in enumerate(
            [(SERVICE, f"other@{DOMAIN}"), (f"other@{DOMAIN}", SERVICE)]
        ):
            tickets = self.both_teams(
                To=to, Cc=cc, Message_ID=f"<two-{number}@x>", Subject=f"Both {number}"
            )
            self.assertEqual(len(tickets), 2)
            first = tickets.filtered("acknowledged_date")
            other = tickets - first
            teams = [self.service, self.other_service]
            expected = teams if to == SERVICE else teams[::-1]
            self.assertEqual([first.team_id, other.team_id], expected)
            self.assertEqual(first.linked_ticket_ids, other)
            self.assertIn(other.number, "".join(first.message_ids.mapped("body")))
            for ticket in tickets:
                self.assertEqual(ticket.partner_id, self.contact)
                self.assertTrue(ticket.awaiting_answer)
                self.assertIn("Please help", ticket.description)
            self.assertEqual(self.mail_row(first).outcome, "new")
            # an answer to the mail is one of the first team's
            answer = self.receive(In_Reply_To=f"<two-{number}@x>", Subject="And")
            self.assertEqual(answer, first)
            # an answer to one of ours is that ticket's, whoever is in copy
            reply = self.answer(other, self.service_manager)
            more = self.both_teams(
                To=to, Cc=cc, In_Reply_To=reply.message_id, Message_ID=f"<m{number}@x>"
            )
            self.assertFalse(more)

    def test_three_teams_and_twice_the_same(self):
        """# V2"""
        self.make_service_team("Third", alias_name="third")
        tickets = self.both_teams(
            To=f"{SERVICE}, other@{DOMAIN}, HELP@{DOMAIN}", Cc=f"third@{DOMAIN}"
        )
        self.assertEqual(len(tickets), 3)
        self.assertEqual(len(tickets.team_id), 3)
        self.assertEqual(tickets[0].linked_ticket_ids, tickets[1:])

    def test_the_same_mail_delivered_again_is_known(self):
        """# V2"""
        self.other_service.alias_name = "other"
        raw = self.make_mail(Cc=f"other@{DOMAIN}", Message_ID="<again@x>")
        before = self.tickets.search([])
        self.deliver(raw)
        both = self.tickets.search([]) - before
        self.assertEqual(len(both), 2)
        self.deliver(raw)
        self.assertEqual(self.tickets.search([]) - before, both)

    def test_a_machine_s_answer_to_both_makes_none(self):
        """# V2"""
        headers = {"Cc": f"other@{DOMAIN}", "Auto_Submitted": "auto-replied"}
        self.assertFalse(self.both_teams(**headers))

    # ------------------------------------------------------------
    # PICTURES AND WORDS
    # ------------------------------------------------------------

    def assertShowsPicture(self, body):
        self.assertNotIn("cid:", body)
        self.assertRegex(body, r'src="/web/image/\d+\?access_token=')

    def test_inline_pictures_show_wherever_the_text_does(self):
        """# V2: in the description, in the message, in a ticket that is split off, at
        both teams."""
        self.other_service.alias_name = "other"
        before = self.tickets.search([])
        self.deliver(self.picture_mail(Cc=f"other@{DOMAIN}"))
        tickets = self.tickets.search([]) - before
        self.assertEqual(len(tickets), 2)
        for ticket in tickets:
            message = ticket.message_ids.filtered(lambda m: m.message_type == "email")
            self.assertShowsPicture(ticket.description)
            self.assertShowsPicture(message.body)
            self.assertIn("See this", ticket.description)
            self.assertEqual(message.attachment_ids.res_id, ticket.id)
        ticket = tickets[0]
        raw = self.picture_mail(
            Subject=f"[{ticket.number}] more", **{"Message-ID": "<second@x>"}
        )
        self.assertEqual(self.deliver(raw), ticket)
        with self.calling_as(self.service_manager) as env:
            action = ticket.with_env(env).action_move_messages()
            wizard = Form(
                env["crm.service.move.wizard"].with_context(**action["context"])
            )
            wizard.to_new = True
            split = self.tickets.browse(wizard.save().action_move()["res_id"])
        self.assertShowsPicture(split.description)

    def test_the_same_text_does_not_stand_twice(self):
        """# V2 V9: in the ticket's form and on its page; what a person writes there,
        and a text whose message went elsewhere, is shown."""
        ticket = self.receive(body="It drifts")
        self.assertTrue(ticket.is_description_said)
        with self.calling_as(self.agent) as env:
            form = Form(ticket.with_env(env))
            self.assertTrue(form.is_description_said)
            ticket.with_env(env).description = "Summary: drifts"
            self.assertFalse(ticket.with_env(env).is_description_said)
        moved = self.receive(body="Mine")
        target = self.receive(body="Other")
        self.env["crm.service.merge"]._merge(moved, target)
        self.assertFalse(moved.is_description_said)
        self.assertIn("Mine", moved.description)
        self.assertTrue(self.make_ticket(description="Typed").is_description_said)

    def test_history_of_a_mail_is_folded(self):
        """# V2: of the first one and of answers, in message and description."""
        history = "-----原始邮件-----\n发件人: x\n发送时间: y\n主题: z\n\n旧的"
        body = f"收到，请处理。\n\n{history}"
        ticket = self.receive(body=body)
        reply = self.receive(body=body, Subject=f"[{ticket.number}]")
        self.assertEqual(reply, ticket)
        for text in (ticket.description, *ticket.message_ids.mapped("body")[:2]):
            new, mark, old = text.partition("data-o-mail-quote")
            self.assertTrue(mark, text)
            self.assertIn("收到", new)
            self.assertIn("旧的", old)

    def test_tickets_of_before_are_told_apart(self):
        """# V2: what stands in the conversation, with pictures that were broken; what
        a person wrote stays."""
        mails = [self.receive(body=body) for body in ("One", "Two", "Three")]
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_service_ticket SET description_message_id = NULL"
            " WHERE id = ANY(%s)",
            [[ticket.id for ticket in mails]],
        )
        self.env.invalidate_all()
        with_picture, typed, plain = mails
        with_picture.description = '<p><img src="cid:one@x"></p>'
        typed.description = "<p>Typed</p>"
        plain.description = plain.message_ids[:1].body
        self.env.flush_all()
        script("post-description").migrate(self.env.cr, "19.0.1.0.2")
        self.env.invalidate_all()
        self.assertIn("One", with_picture.description)
        self.assertTrue(with_picture.is_description_said)
        self.assertFalse(typed.is_description_said)
        self.assertIn("Typed", typed.description)

    def test_ratings_of_before_lose_their_token(self):
        """# V6"""
        ratings = self.env["rating.rating"].create(
            [
                {"res_model_id": self.env["ir.model"]._get_id(name), "res_id": id_}
                for name, id_ in [("res.partner", self.contact.id)] * 2
            ]
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE rating_rating SET res_model = 'crm.service.ticket' WHERE id = %s",
            [ratings[0].id],
        )
        script("post-rating-tokens").migrate(self.env.cr, "19.0.1.0.2")
        self.env.invalidate_all()
        self.assertEqual([bool(r.access_token) for r in ratings], [False, True])
