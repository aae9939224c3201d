from collections import Counter
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.gc import disabling_gc

from . import corpus
from .common import SERVICE, TicketCommon


@tagged("post_install", "-at_install")
class TestMailCorpus(TicketCommon):
    """# V2: a thousand mails, each where it should land."""

    @mute_logger("odoo.addons.mail.models.mail_thread")
    def test_a_thousand_mails_land_where_they_should(self):
        """# V2: new, answered by reference, number, address and subject, delivered
        twice, automatic; in the encodings of Outlook, Gmail, QQ, 163 and Foxmail."""
        cases = corpus.build(SERVICE, self.env["crm.service.mail"]._source())
        self.assertEqual(len(cases), 1000)
        self.remember_aliases()
        # where mail lands is the question here; see test_acknowledgement.py
        self.service.acknowledgement_active = False
        before = self.tickets.search_count([])
        with disabling_gc():
            wrong = self.deliver_all(cases)
        self.assertFalse(wrong, "\n".join(wrong[:20]))
        self.assertEqual(self.tickets.search_count([]), before + 460)
        self.assert_rows(cases)

    def deliver_all(self, cases):
        """Deliver one by one; return what went wrong."""
        known, wrong = {}, []
        for case in cases:
            ticket = self.deliver(case.make(known))
            problem = self.judge(case, ticket, known)
            if problem:
                wrong.append(f"{case.label} ({case.conversation}): {problem}")
        return wrong

    def remember_aliases(self):
        """Odoo asks six times a mail whether addresses are aliases; none comes or goes
        here, so the first answer is the answer."""
        Domains = type(self.env["mail.alias.domain"])
        answers, ask = {}, Domains._find_aliases

        def remembered(domains, email_list):
            key = tuple(email_list)
            if key not in answers:
                answers[key] = ask(domains, email_list)
            return list(answers[key])

        self.startPatcher(patch.object(Domains, "_find_aliases", remembered))

    def judge(self, case, ticket, known):
        """What is wrong with where a mail landed; '' for nothing."""
        if case.expect in (corpus.STOPPED, corpus.TWICE):
            return f"became {ticket}" if ticket else ""
        if case.expect == corpus.SAME:
            expected = known[case.conversation]["id"]
            return "" if ticket.id == expected else f"landed in {ticket}"
        if not ticket:
            return "was lost"
        message = ticket.message_ids.filtered(lambda m: m.message_type == "email")
        known[case.conversation] = {
            "id": ticket.id,
            "number": ticket.number,
            "message_id": message.message_id,
        }
        return self.judge_new(case, ticket, message)

    def judge_new(self, case, ticket, message):
        if case.label == "alarm":
            return "" if ticket.name.startswith("ALARM") else f"named {ticket.name}"
        number = case.conversation
        subject = f"{corpus.SUBJECTS[number % len(corpus.SUBJECTS)]} {number}"
        if ticket.name != subject:
            return f"named {ticket.name}"
        is_empty = number % 50 == 11
        if not is_empty and f"{number} 号设备" not in message.body:
            return f"says {message.body[:80]}"
        if number == 7:
            (file,) = message.attachment_ids.filtered(lambda f: f.name == "log.bin")
            return "" if file.file_size == corpus.BIG else f"file of {file.file_size}"
        return ""

    def assert_rows(self, cases):
        """Every mail has its row, and the reasons are the right ones."""
        groups = self.env["crm.service.mail"]._read_group([], ["outcome"], ["__count"])
        self.assertEqual(
            dict(groups),
            {
                "new": 460,
                "references": 144,
                "number": 72,
                "address": 72,
                "sender_subject": 72,
                "stopped": 80,
            },
        )
        self.assertEqual(
            Counter(case.expect for case in cases),
            {"new": 460, "same": 360, "stopped": 80, "twice": 100},
        )
