import email
import email.policy
from contextlib import contextmanager
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import config

from odoo.addons.base.models.ir_mail_server import IrMail_Server
from odoo.addons.crm_customer_center.tests.common import AccessTable

from .common import DOMAIN, SERVICE, TicketCommon
from .test_mail_smtp import SmtpServer

MANAGER = f"manager@{DOMAIN}"
ROLES = ["agent", "technician", "service_manager", "rep", "crm_admin", "plain"]
# what a mail system sends back
REPORT = f"""From: MAILER-DAEMON@mx.example
To: bounce@{DOMAIN}
Subject: Undelivered Mail Returned to Sender
Message-ID: <back@mx.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

Your message was refused: relay access denied
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {SERVICE}
Action: failed
Status: 5.7.1

--b
Content-Type: message/rfc822

%s
--b--
"""


class CheckCase(TicketCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.service_manager.email = MANAGER
        cls.env["ir.mail_server"].search([]).active = False
        cls.env["fetchmail.server"].search([]).active = False
        cls.env["crm.service.mail"].search([]).unlink()
        cls.checks = cls.env["crm.service.mail.check"]

    def setUp(self):
        super().setUp()
        self.team = self.service.with_user(self.service_manager)

    @contextmanager
    def sending(self, refuses=None):
        """Mail really leaves, to a server of ours."""
        with (
            patch.object(IrMail_Server, "_disable_send", lambda self: False),
            SmtpServer() as server,
        ):
            server.refuses = refuses
            self.use(server.port)
            yield server

    def use(self, port):
        self.env["ir.mail_server"].search([]).active = False
        self.env["ir.mail_server"].create(
            {
                "name": "Ours",
                "smtp_host": "127.0.0.1",
                "smtp_port": port,
                "smtp_encryption": "none",
                "smtp_authentication": "login",
            }
        )

    def check(self):
        """The last test, as the manager reads it."""
        self.env.invalidate_all()
        return self.checks.with_user(self.service_manager).search([], limit=1)

    def parsed(self, raw):
        return email.message_from_bytes(raw, policy=email.policy.SMTP)


@tagged("post_install", "-at_install")
class TestMailCheck(CheckCase):
    """# V2: whether mail leaves and comes in, seen before the first customer writes."""

    def test_the_way_out_says_what_the_server_said(self):
        with self.sending() as server:
            self.team.action_test_way_out()
            [raw] = server.mails
        mail = self.parsed(raw)
        self.assertEqual(mail["To"], MANAGER)
        self.assertEqual(mail["Auto-Submitted"], "auto-generated")
        self.assertNotIn("X-Service-Check", mail)
        check = self.check()
        self.assertEqual((check.way, check.state), ("out", "sent"))
        self.assertIn("Ours (127.0.0.1:", check.result)
        self.assertIn("250 kept", check.result)
        self.assertFalse(check.advice)

    def test_a_refusal_is_shown_in_the_server_s_words(self):
        with self.sending(refuses="550 5.1.1 no such mailbox") as server:
            self.team.action_test_way_out()
            self.assertFalse(server.mails)
        check = self.check()
        self.assertEqual((check.state, check.failure), ("refused", "address"))
        self.assertIn("550 5.1.1 no such mailbox", check.result)
        self.assertIn(MANAGER, check.result)

    def test_no_connection_is_said(self):
        with self.sending():
            self.use(1)
            self.team.action_test_way_out()
        check = self.check()
        self.assertEqual((check.state, check.failure), ("refused", "unreachable"))
        self.assertIn("127.0.0.1:1", check.result)

    def test_without_a_server_the_outcome_is_honest(self):
        """Odoo then tries the machine it runs on."""
        self.env["ir.mail_server"].search([]).active = False
        with (
            patch.object(IrMail_Server, "_disable_send", lambda self: False),
            patch.dict(config.options, smtp_server="127.0.0.1", smtp_port=1),
        ):
            self.team.action_test_way_in()
        check = self.check()
        self.assertEqual((check.state, check.failure), ("refused", "unreachable"))
        self.assertIn("127.0.0.1:1", check.result)

    def test_where_sending_is_switched_off_nothing_is_claimed(self):
        self.team.action_test_way_out()
        check = self.check()
        self.assertEqual((check.state, check.failure), ("refused", "off"))
        self.assertIn("switched off", check.result)

    def test_who_has_no_address_is_told(self):
        self.service_manager.email = False
        with self.assertRaisesRegex(UserError, "preferences"):
            self.team.action_test_way_out()
        self.service_manager.email = MANAGER
        self.service.alias_name = False
        with self.assertRaisesRegex(UserError, "complete e-mail address"):
            self.team.action_test_way_in()
        self.assertFalse(self.check())


@tagged("post_install", "-at_install")
class TestMailCheckIn(CheckCase):
    """# V2: what was sent to the team's address is known when it comes in."""

    def sent(self):
        """A test on its way in."""
        with self.sending() as server:
            self.team.action_test_way_in()
            [raw] = server.mails
        return raw

    def test_it_arrives_and_is_no_ticket(self):
        before = self.tickets.search_count([])
        with freeze_time("2026-11-24 03:00:00"):
            raw = self.sent()
        self.assertEqual(self.parsed(raw)["To"], SERVICE)
        check = self.check()
        self.assertEqual((check.way, check.state), ("in", "sent"))
        self.assertIn("not arrived so far", check.result)
        with freeze_time("2026-11-24 03:00:12"):
            self.assertFalse(self.deliver(raw))
            # the same again, as some servers do
            self.assertFalse(self.deliver(raw))
        check = self.check()
        self.assertEqual((check.state, check.seconds), ("arrived", 12))
        self.assertIn("after 12 seconds", check.result)
        self.assertFalse(check.advice)
        self.assertEqual(self.tickets.search_count([]), before)
        row = self.env["crm.service.mail"].search([("outcome", "=", "check")])
        self.assertEqual(row.addressed_team_id, self.service)
        self.assertFalse(row.to_review)

    def test_it_is_known_before_its_own_row_is_there(self):
        """A mail server on the same machine is faster than our transaction."""
        raw = self.sent()
        check = self.checks.search([])
        values = check.read(["team_id", "way", "address", "sent_date"])[0]
        secret = (check.nonce, check.message_id)
        check.unlink()
        self.assertFalse(self.deliver(raw))
        self.checks.create(
            {
                **{name: values[name] for name in ("way", "address", "sent_date")},
                "team_id": self.service.id,
                "nonce": secret[0],
                "message_id": secret[1],
            }
        )
        self.assertEqual(self.check().state, "arrived")

    def test_a_relay_may_change_what_it_likes_but_the_mark(self):
        mail = self.parsed(self.sent())
        del mail["Message-ID"]
        del mail["X-Service-Source"]
        mail["Message-ID"] = "<given@relay.example>"
        mail.replace_header("Subject", "[EXT] something else")
        self.assertFalse(self.deliver(mail.as_bytes()))
        self.assertEqual(self.check().state, "arrived")

    def test_without_its_mark_it_is_no_ticket_either(self):
        mail = self.parsed(self.sent())
        del mail["X-Service-Check"]
        self.assertFalse(self.deliver(mail.as_bytes()))
        self.assertEqual(self.check().state, "sent")

    def test_a_mark_that_is_not_ours_hides_no_customer(self):
        """# A stranger cannot make mail vanish."""
        own = self.parsed(self.sent())["X-Service-Check"]
        for mark in ("x", "a.b", "." * 5000, own[:-1] + "g", own.replace(".", "..")):
            with self.subTest(mark[:20]):
                self.assertTrue(self.receive(X_Service_Check=mark))
        self.assertEqual(self.check().state, "sent")

    def test_elsewhere_is_not_arrived(self):
        mail = self.parsed(self.sent())
        self.other_service.alias_name = "other"
        mail.replace_header("To", f"other@{DOMAIN}")
        self.assertFalse(self.deliver(mail.as_bytes()))
        check = self.check()
        self.assertEqual(check.state, "astray")
        self.assertIn(SERVICE, check.result)

    def test_what_comes_back_stands_with_it(self):
        raw = REPORT.encode() % self.sent()
        before = self.tickets.search_count([])
        self.assertFalse(self.deliver(raw))
        check = self.check()
        self.assertEqual(check.state, "refused")
        self.assertIn("relay access denied", check.result)
        self.assertEqual(self.tickets.search_count([]), before)

    def test_while_it_is_missing_one_is_told_what_to_check(self):
        self.sent()
        self.assertIn("No mailbox is fetched", self.check().advice)
        box = self.env["fetchmail.server"].create(
            {"name": "QQ", "server_type": "imap", "state": "done", "server": "x"}
        )
        self.assertIn("QQ has never been fetched", self.check().advice)
        box.write({"date": fields.Datetime.now()})
        self.assertIn("QQ was fetched last on", self.check().advice)
        box.write({"error_message": "LOGIN failed\nagain"})
        self.assertIn("QQ cannot be fetched: LOGIN failed again", self.check().advice)
        self.assertIn(SERVICE, self.check().advice)

    def test_looking_again_has_mail_fetched(self):
        cron = self.env.ref("mail.ir_cron_mail_gateway_action")
        for is_active, count in ((False, 0), (True, 1)):
            cron.active = is_active
            before = self.env["ir.cron.trigger"].search_count([])
            self.team.action_look_for_mail()
            after = self.env["ir.cron.trigger"].search_count([])
            self.assertEqual(after - before, count)


@tagged("post_install", "-at_install")
class TestMailGaps(CheckCase):
    """# V2: the team says what its mail lacks, and who can add it."""

    def gaps(self, user=None):
        self.env.invalidate_all()
        team = self.service.with_user(user or self.service_manager)
        return team.lacks_domain, team.lacks_way_out, team.lacks_way_in

    def test_what_is_missing(self):
        self.assertEqual(self.gaps(), (False, True, True))
        self.use(2525)
        self.assertEqual(self.gaps(), (False, False, True))
        self.receive()
        self.assertEqual(self.gaps(), (False, False, False))
        self.service.alias_domain_id = False
        self.assertEqual(self.gaps(self.agent), (True, False, False))

    def test_a_server_in_the_configuration_is_one(self):
        with patch.dict(config.options, smtp_server="mail.hengce.example"):
            self.assertFalse(self.gaps()[1])

    def test_a_mailbox_that_is_fetched_is_a_way_in(self):
        self.env["fetchmail.server"].create(
            {"name": "QQ", "server_type": "imap", "state": "done", "server": "x"}
        )
        self.assertFalse(self.gaps()[2])

    def test_who_may_is_offered_it_others_know_whom_to_ask(self):
        admin = self.env.ref("base.user_admin")
        for user, chooses, adds in (
            (self.agent, False, False),
            (self.service_manager, True, False),
            (admin, True, True),
        ):
            self.env.invalidate_all()
            team = self.service.with_user(user)
            with self.subTest(user.login):
                self.assertEqual(team.may_choose_domain, chooses)
                self.assertEqual(team.may_add_servers, adds)
                self.assertIn(admin.name, team.mail_keepers)

    def test_the_domain_is_chosen_or_added(self):
        self.service.alias_domain_id = False
        wizards = self.env["crm.service.domain.wizard"]
        by_manager = wizards.with_user(self.service_manager)
        action = self.team.action_choose_domain()
        with Form(by_manager.with_context(**action["context"])) as form:
            self.assertEqual(form.alias_name, "help")
            form.domain_id = self.alias_domain
        form.save().action_apply()
        self.assertEqual(self.service.alias_email, SERVICE)
        admin = self.env.ref("base.user_admin")
        wizards.with_user(admin).create(
            {"team_id": self.service.id, "new_domain": " @New.Example "}
        ).action_apply()
        self.assertEqual(self.service.alias_email, "help@new.example")
        # the same once more is the same domain
        wizards.with_user(admin).create(
            {"team_id": self.service.id, "new_domain": "new.example"}
        ).action_apply()
        domains = self.env["mail.alias.domain"]
        self.assertEqual(domains.search_count([("name", "=", "new.example")]), 1)

    def test_what_one_may_not_or_what_is_none_is_refused(self):
        wizards = self.env["crm.service.domain.wizard"].with_user(self.service_manager)
        with self.assertRaises(AccessError):
            wizards.create(
                {"team_id": self.service.id, "new_domain": "mine.example"}
            ).action_apply()
        for values in (
            {"alias_name": " ", "domain_id": self.alias_domain.id},
            {"alias_name": "help", "domain_id": False},
        ):
            with self.subTest(values), self.assertRaises(UserError):
                wizards.create({"team_id": self.service.id, **values}).action_apply()
        with self.assertRaises(AccessError):
            self.service.with_user(self.agent).action_choose_domain()
        for action in (
            "action_test_way_out",
            "action_test_way_in",
            "action_look_for_mail",
        ):
            with self.subTest(action), self.assertRaises(AccessError):
                getattr(self.service.with_user(self.agent), action)()

    def test_an_agent_opens_the_form(self):
        """What is for managers alone is not asked of the agent."""
        with self.assertRaises(AccessError):
            self.service.with_user(self.agent).mail_check_ids  # noqa: B018
        view = self.env.ref("crm_service_ticket.view_team_form")
        arch = self.service.with_user(self.agent).get_view(view.id)["arch"]
        self.assertNotIn("mail_check_ids", arch)
        self.assertIn("lacks_domain", arch)


@tagged("post_install", "-at_install")
class TestMailCheckAccess(AccessTable, CheckCase):
    """# G1: tests of mail are the service manager's and the administrator's."""

    ACCESS_ROLES = ROLES
    ACCESS_TABLE = """
kind           agt tech smgr rep adm pln
ours           -   -    R    -   R   -
other-company  -   -    -    -   -   -
"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        foreign = cls.make_service_team("Foreign", company_id=elsewhere.id)
        cls.records = {
            kind: cls.checks.create(
                {
                    "team_id": team.id,
                    "way": "out",
                    "address": f"{kind}@{DOMAIN}",
                    "sent_date": fields.Datetime.now(),
                    "nonce": kind,
                    "message_id": f"<{kind}@x.example>",
                }
            )
            for kind, team in (("ours", cls.service), ("other-company", foreign))
        }
        cls.env.flush_all()

    def test_reading_obeys_the_table_through_every_door(self):
        self.assert_reading_obeys("answer", "way", "address")

    def test_nobody_writes_them(self):
        self.assert_changing_obeys(
            {
                "W": lambda r: r.write({"answer": "250 fine"}),
                "D": lambda r: r.unlink(),
            }
        )
