from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_suite_base.models.crm_job import Step
from odoo.addons.crm_suite_base.models.mail_mail import PROMISED


class CrmServiceTicket(models.Model):
    """Closing after silence, with notice."""

    _inherit = "crm.service.ticket"

    silence_notice_date = fields.Datetime("Told of Closing", readonly=True, copy=False)

    @api.model
    def _system_fields(self):
        return super()._system_fields() | {"silence_notice_date"}

    @api.model
    def _silence_domain(self, team, before) -> Domain:
        """Tickets of a team that wait for the customer, or are resolved, and in which
        nobody wrote or moved anything since ``before`` (UTC). What somebody has put
        aside is not forgotten: he looks at it again."""
        silent = Domain("last_message_date", "<=", before) | Domain(
            "last_message_date", "=", False
        )
        return (
            Domain("team_id", "=", team.id)
            & Domain("state", "in", ("waiting", "resolved"))
            & Domain("date_last_stage_update", "<=", before)
            & Domain("aside_until", "=", False)
            & silent
        )

    @api.model
    def _told_domain(self) -> Domain:
        """Tickets whose customer was told of this silence, not of one before."""

        def to_sql(model, alias, query):
            told, *spoken = (
                model._field_to_sql(alias, name, query)
                for name in (
                    "silence_notice_date",
                    "date_last_stage_update",
                    "last_message_date",
                )
            )
            # of a date that is not there GREATEST takes no notice
            return SQL("%s >= GREATEST(%s, %s)", told, *spoken)

        return Domain.custom(to_sql=to_sql, predicate=_was_told)

    @api.model
    def _process_silence(self, now) -> int:
        """Tell customers, and close what stayed silent.

        Who is to be told is told first and has the whole notice time, also when the
        job did not run for a while. Nobody who could not be told is closed.

        :return: how many tickets were handled
        """
        # sudo: the job's own; it sees every team and ticket
        tickets, teams = self.sudo(), self.env["crm.service.team"].sudo()
        steps = [
            step
            for team in teams.search([("auto_close_days", ">", 0)])
            for step in tickets._silence_steps(team, now)
        ]
        return self.env["crm.job"]._work_off(*steps)

    @api.model
    def _silence_steps(self, team, now) -> list[Step]:
        closing = self._silence_domain(team, now - timedelta(days=team.auto_close_days))
        close = Step(
            "crm_service_ticket.silence_close",
            self,
            closing,
            lambda tickets: tickets._close_silent(team),
            person=self._job_person,
        )
        if not team.auto_close_notice_days:
            return [close]
        told = now - timedelta(days=team.auto_close_notice_days)
        closing &= Domain("silence_notice_date", "<=", told) & self._told_domain()
        days = team.auto_close_days - team.auto_close_notice_days
        notice = Step(
            "crm_service_ticket.silence_notice",
            self,
            # told before the last word or move is not told of this silence
            self._silence_domain(team, now - timedelta(days=days))
            & ~self._told_domain(),
            lambda tickets: tickets._give_notice(now),
            person=self._job_person,
        )
        return [notice, close._replace(domain=closing)]

    @api.model
    def _job_person(self, ticket):
        """Who hears when a job cannot handle a ticket."""
        return ticket.user_id or ticket.team_id.user_id

    def _give_notice(self, now):
        """Tell the customers; those without an address have the time all the same.

        :raises UserError: when there is no template: nobody is closed untold
        """
        template = self.env.ref(
            "crm_service_ticket.mail_template_silence", raise_if_not_found=False
        )
        reachable = self.filtered("partner_email")
        if reachable and not template:
            raise UserError(
                self.env._(
                    "The e-mail template that tells of closing is gone. Update the "
                    "module, or close without notice in the settings of the team."
                )
            )
        if reachable:
            promised = "crm_service_ticket.silence"
            PROMISED.on(reachable, promised).message_post_with_source(
                template,
                subtype_xmlid="mail.mt_note",
                message_type="auto_comment",
                email_layout_xmlid="mail.mail_notification_light",
            )
        self.write({"silence_notice_date": now})

    def _close_silent(self, team):
        """Close tickets that stayed silent.

        :raises UserError: for one whose notice did not reach the customer
        """
        if team.auto_close_notice_days:
            check_notice_arrived(self)
        self._track_set_log_message(
            self.env._("Closed after %s days without a word", team.auto_close_days)
        )
        self._move_to("closed")

    @api.model
    def _cron_close_silent(self):
        """Handle all silent tickets, batch by batch."""
        self._process_silence(fields.Datetime.now())


def check_notice_arrived(tickets):
    """:raises UserError: for one whose notice did not reach the customer"""
    # sudo: whether mail arrived, no more
    failed = tickets.env["mail.notification"].sudo()
    failed = failed.search(
        [
            ("mail_message_id.model", "=", tickets._name),
            ("mail_message_id.res_id", "in", tickets.ids),
            ("mail_message_id.message_type", "=", "auto_comment"),
            ("notification_status", "in", ("exception", "bounce")),
        ]
    )
    for message in failed.mail_message_id:
        ticket = tickets.browse(message.res_id)
        if message.date >= ticket.silence_notice_date.replace(microsecond=0):
            raise UserError(
                tickets.env._(
                    "The notice of closing did not reach the customer (%(reason)s)."
                    " Tell the customer, then close the ticket by hand.",
                    reason=failed.filtered(
                        lambda one, message=message: one.mail_message_id == message
                    )[:1].format_failure_reason(),
                )
            )


def _was_told(ticket) -> bool:
    """Whether the customer was told of this silence, not of one before."""
    spoken = [ticket.date_last_stage_update, ticket.last_message_date]
    return bool(ticket.silence_notice_date) and all(
        not date or date <= ticket.silence_notice_date for date in spoken
    )
