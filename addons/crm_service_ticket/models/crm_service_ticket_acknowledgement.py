from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.crm_suite_base.models.mail_mail import PROMISED

# the mail as it is looked after
CONFIRMATION = "crm_service_ticket.confirmation"
# of one sender: more within the hour is a machine that does not say so
PER_HOUR = 5
# what our automatic answer says about itself (RFC 3834, and what Exchange reads)
HEADERS = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}


class CrmServiceTicket(models.Model):
    """Who writes to us hears at once that it arrived, and under which number."""

    _inherit = "crm.service.ticket"

    acknowledged_date = fields.Datetime(
        "Confirmed On",
        readonly=True,
        copy=False,
        help="When the customer was sent the number of the ticket.",
    )

    @api.model
    def _system_fields(self):
        return super()._system_fields() | {"acknowledged_date"}

    def _acknowledge(self, references=None):
        """Send the customer the number, by the template of the team; once per ticket.

        :param str references: Message-ID of the mail this answers, so that mail
            programs show both together
        :return: whether a mail was queued
        """
        self.ensure_one()
        template = self._acknowledgement_template()
        if not template or not self._is_to_acknowledge():
            return False
        source = self.env["crm.service.mail"]._source()
        PROMISED.on(template, CONFIRMATION).send_mail(
            self.id,
            email_values={
                "headers": repr({**HEADERS, "X-Service-Source": source}),
                "references": references,
                "reply_to": self._notify_get_reply_to()[self.id],
            },
        )
        # sudo: a system field, whoever's form it was
        self.sudo().acknowledged_date = fields.Datetime.now()
        # sudo: the queue is only woken, so that nobody waits
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        return True

    def _job_mail_failed(self, key, unknown):
        """A mail about the ticket did not go out, or perhaps not (``unknown``).

        :return: whose business it is
        """
        if key == CONFIRMATION and not unknown:
            self.acknowledged_date = False
        return self._job_person(self)

    def _acknowledgement_template(self):
        """What to say, empty for a team that says nothing."""
        # sudo: how the team answers, whoever writes to it
        team = self.sudo().team_id
        if team and not team.acknowledgement_active:
            return team.acknowledgement_template_id.browse()
        return team.acknowledgement_template_id or self.env.ref(
            "crm_service_ticket.mail_template_ticket_received",
            raise_if_not_found=False,
        )

    def _is_to_acknowledge(self) -> bool:
        """Whether there is somebody to tell, whom we have not told too often."""
        address = self.email_normalized
        if self.acknowledged_date or not address:
            return False
        since = fields.Datetime.now() - timedelta(hours=1)
        # sudo: only how many there were
        told = self.sudo().search_count(
            [("email_normalized", "=", address), ("acknowledged_date", ">", since)],
            limit=PER_HOUR,
        )
        return told < PER_HOUR

    def _acknowledgement_lang(self) -> str:
        """The customer's language; of a stranger that of the form he wrote in, and of
        a mail that of the company."""
        self.ensure_one()
        form = self.env.lang if self.channel in ("web", "portal") else ""
        company = self.company_id or self.env.company
        return self.partner_id.lang or form or company.partner_id.lang or ""

    def _acknowledgement_promise(self) -> str:
        """A sentence on what the customer may expect, in the language of the context.

        A module that knows more (the SLA clock) extends this.
        """
        return self.env._("We will get back to you.")
