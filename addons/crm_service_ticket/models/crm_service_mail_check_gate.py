from odoo import api, models
from odoo.tools import email_normalize

from ..tools import mail_check, mail_evidence
from .crm_service_mail import CHECK, MAX_EXCERPT


class CrmServiceMail(models.Model):
    """A test of the mail set-up that comes in is told from mail of people."""

    _inherit = "crm.service.mail"

    @api.model
    def _takes_check(self, mail) -> bool:
        """Take in a test, or a report about one; neither becomes a ticket.

        A test is known by its mark, which only this database can make: so it is known
        even before the test's own row is there.

        :param mail: as ``tools/mail_reader`` read it
        """
        mark = mail.text(mail_check.HEADER.lower())
        sign = self.env["crm.service.mail.check"]._sign
        nonce = mail_check.nonce_of(mark, sign) if mark else ""
        if nonce:
            self._note_check(mail, nonce)
            return True
        return bool(mail.reports) and _takes_report_of_check(self, mail)

    @api.model
    def _note_check(self, mail, nonce):
        """Write the row of a test; the same one again writes nothing."""
        aliases = self._aliases(self._addresses_of(mail))
        # sudo: which team the address belongs to, whoever runs the gateway
        team = self._team_of({"team_id": aliases[:1].alias_parent_thread_id})
        self._insert(
            {
                "message_id": mail_check.row_name(nonce),
                "digest": mail.digest,
                "sent_date": mail.sent,
                "email_from": str(mail.sender) or None,
                "sender": email_normalize(mail.sender.address) or None,
                "subject": mail.subject or None,
                "kind": mail_evidence.OWN,
                "reason": None,
                "outcome": CHECK,
                "ticket_id": None,
                "addressed_team_id": team.id or None,
            }
        )


def _takes_report_of_check(log, mail) -> bool:
    """What a mail system says of a test that it did not deliver stands with it."""
    facts = mail_evidence.facts_of(mail)
    if not facts.enclosed:
        return False
    # sudo: the test is found whoever runs the gateway
    checks = log.env["crm.service.mail.check"].sudo()
    check = checks.search([("message_id", "in", [*facts.enclosed])], limit=1)
    if not check:
        return False
    verdict = mail_evidence.classify(facts, log._known(facts, False))
    if verdict.kind == mail_evidence.BOUNCE:
        check.report = mail.plain.strip()[:MAX_EXCERPT] or verdict.reason
    return verdict.kind in mail_evidence.REPORTS
