from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

BATCH = 200


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
        nobody wrote or moved anything since ``before`` (UTC)."""
        silent = Domain("last_message_date", "<=", before) | Domain(
            "last_message_date", "=", False
        )
        return (
            Domain("team_id", "=", team.id)
            & Domain("state", "in", ("waiting", "resolved"))
            & Domain("date_last_stage_update", "<=", before)
            & silent
        )

    @api.model
    def _process_silence(self, now, limit=BATCH) -> int:
        """Tell customers, and close what stayed silent; without commit.

        Who is to be told is told first and has the whole notice time, also when the
        job did not run for a while.

        :return: how many tickets were handled
        """
        done = 0
        teams = self.env["crm.service.team"].search([("auto_close_days", ">", 0)])
        for team in teams:
            done += self._give_notice(team, now, limit - done)
            done += self._close_silent(team, now, limit - done)
            if done >= limit:
                break
        return done

    @api.model
    def _give_notice(self, team, now, limit) -> int:
        if not team.auto_close_notice_days or limit <= 0:
            return 0
        days = team.auto_close_days - team.auto_close_notice_days
        domain = self._silence_domain(team, now - timedelta(days=days))
        # told before the last word or move is not told of this silence
        tickets = self.search(domain, order="id").filtered(
            lambda ticket: not ticket._was_told()
        )[:limit]
        template = self.env.ref(
            "crm_service_ticket.mail_template_silence", raise_if_not_found=False
        )
        if template and tickets:
            reachable = tickets.filtered("partner_email")
            reachable.message_post_with_source(
                template,
                subtype_xmlid="mail.mt_note",
                message_type="auto_comment",
                email_layout_xmlid="mail.mail_notification_light",
            )
        tickets.write({"silence_notice_date": now})
        return len(tickets)

    @api.model
    def _close_silent(self, team, now, limit) -> int:
        if limit <= 0:
            return 0
        domain = self._silence_domain(team, now - timedelta(days=team.auto_close_days))
        if team.auto_close_notice_days:
            told = now - timedelta(days=team.auto_close_notice_days)
            domain &= Domain("silence_notice_date", "<=", told)
        tickets = self.search(domain, order="id", limit=limit)
        if team.auto_close_notice_days:
            tickets = tickets.filtered(lambda ticket: ticket._was_told())
        tickets._track_set_log_message(
            self.env._("Closed after %s days without a word", team.auto_close_days)
        )
        tickets._move_to("closed")
        return len(tickets)

    def _was_told(self) -> bool:
        """Whether the customer was told of this silence, not of one before."""
        self.ensure_one()
        spoken = [self.date_last_stage_update, self.last_message_date]
        return bool(self.silence_notice_date) and all(
            not date or date <= self.silence_notice_date for date in spoken
        )

    @api.model
    def _cron_close_silent(self):
        """Handle all silent tickets, batch by batch."""
        while True:
            # sudo: the job's own; it sees every ticket
            done = self.sudo()._process_silence(fields.Datetime.now())
            remaining = BATCH if done >= BATCH else 0
            left = self.env["ir.cron"]._commit_progress(done, remaining=remaining)
            if not remaining or not left:
                return
