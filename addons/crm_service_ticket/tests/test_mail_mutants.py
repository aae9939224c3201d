import os
import random
import re

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools import mail_html
from ..tools.mail_charset import decode
from .common import SERVICE, TicketCommon
from .mail_forge import forge
from .mail_mutate import mutate, split

# how many mails; CRM_SUITE_MUTANTS=2000 for the long run
MUTANTS = int(os.environ.get("CRM_SUITE_MUTANTS") or 100)
SEED = int(os.environ.get("CRM_SUITE_MUTANTS_SEED") or 20261130)
# the words of forged mails that nothing else has
_MARK = re.compile(rb"(?<![A-Za-z0-9\x80-\xff])W\d+X\d+(?![A-Za-z0-9\x80-\xff])")


@tagged("post_install", "-at_install")
class TestMailMutants(TicketCommon):
    """# V2: mails broken on their way. Each is a ticket or stands in the list, once,
    and no word that can still be read is lost."""

    def state(self):
        return (
            self.tickets.search_count([]),
            self.env["mail.message"].search_count(
                [("model", "=", "crm.service.ticket")]
            ),
            self.env["crm.service.mail"].search_count([]),
        )

    def shown(self, ticket, row):
        """What somebody finds of a mail: words of ticket, row and files; the files."""
        messages = ticket.message_ids.filtered(lambda m: m.message_type == "email")
        files = messages.attachment_ids | row.original_id
        texts = [mail_html.text_of(str(ticket.description or "")), row.excerpt or ""]
        texts += [decode(file.raw or b"").text for file in files]
        words = mail_html.words("\n".join(texts))
        return set(words), {file.raw.strip() for file in files if file.raw}

    @mute_logger(
        "odoo.addons.mail.models.mail_thread",
        "odoo.addons.crm_service_ticket.models.crm_service_mail_gate",
    )
    def test_broken_mail_arrives_once_and_whole(self):
        """# V2: fetched from a mailbox, where nobody would be told of a failure."""
        self.service.acknowledgement_active = False
        self.env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", 10**6)
        threads = self.env["mail.thread"].with_context(default_fetchmail_server_id=1)
        random_ = random.Random(SEED)
        for number in range(MUTANTS):
            made = forge(random_, number, SERVICE)
            mutant = mutate(random_, made.raw)
            last = self.env["crm.service.mail"].search([], limit=1)
            with self.subTest(label=f"{made.label}: {mutant.label}"):
                ticket_id = threads.message_process(False, mutant.raw)
                self.env.flush_all()
                row = self.env["crm.service.mail"].search([("id", ">", last.id or 0)])
                self.assertEqual(len(row), 1)
                ticket = self.tickets.browse(ticket_id or [])
                self.assertEqual(row.ticket_id, ticket)
                self.assertTrue(ticket or (row.reason and row.original_id))
                words, files = self.shown(ticket, row)
                if ticket and mutant.is_whole:
                    said = set(mail_html.words("\n".join(made.words)))
                    self.assertFalse(said - words)
                    if "unnamed_charset" not in mutant.label:
                        self.assertFalse({data.strip() for data in made.files} - files)
                visible = {m.decode() for m in _MARK.findall(split(mutant.raw)[2])}
                self.assertFalse(visible - words)
                if number % 5 == 0:
                    before = self.state()
                    threads.message_process(False, mutant.raw)
                    self.assertEqual(self.state(), before, "the same again is one")
            if number % 50 == 49:
                self.env.invalidate_all()
