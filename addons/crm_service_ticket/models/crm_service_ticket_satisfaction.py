from odoo import api, fields, models
from odoo.tools import SQL, email_normalize

from odoo.addons.crm_suite_base.tools.changes import follows

from .crm_service_ticket_secret import SCORED

DONE_STATES = ("resolved", "closed")


class CrmServiceTicket(models.Model):
    """Closed tickets ask their customer how it went; see ``crm_service_survey.py``."""

    _inherit = "crm.service.ticket"

    survey_ids = fields.One2many("crm.service.survey", "ticket_id", string="Questions")

    @follows(60, "stage_id", "state", reads=["state"])
    def _question_follows_closing(self, change):
        self._follow_closings({id_: was["state"] for id_, was in change.was.items()})

    def _follow_closings(self, before):
        """Queue or withdraw the question after tickets changed their state.

        :param before: {id: former state}
        """
        closed = self.filtered(
            lambda t: (
                t.state == t.team_id._satisfaction_moment() and before[t.id] != t.state
            )
        )
        reopened = self.filtered(
            lambda t: t.state not in DONE_STATES and before[t.id] in DONE_STATES
        )
        if closed:
            self.env["crm.service.survey"]._open_for(closed)
        if reopened:
            self.env["crm.service.survey"]._withdraw_for(reopened)

    # ------------------------------------------------------------
    # WHOM TO ASK
    # ------------------------------------------------------------

    def _satisfaction_email(self):
        """Address for the question, '' when there is none."""
        self.ensure_one()
        return (
            self.partner_id.email_normalized
            or email_normalize(self.partner_email)
            or ""
        )

    def _satisfaction_phone(self):
        """Number for the question, '' when there is none or it opted out."""
        self.ensure_one()
        partner = self.partner_id
        if partner.phone_sanitized_blacklisted:
            return ""
        if partner:
            # what a stranger typed is not the customer's
            return partner.phone_sanitized or ""
        return self.partner_phone or ""

    # ------------------------------------------------------------
    # WHAT CAME BACK
    # ------------------------------------------------------------

    def _apply_satisfaction(self, survey):
        """Take over an answer: score and comment here, the score in Odoo's ratings,
        where statistics of agents and teams look for it.

        :param survey: the answered question
        """
        self.ensure_one()
        self.write(
            {
                "satisfaction_score": survey.score,
                "satisfaction_comment": survey.comment,
            }
        )
        scored = SCORED.on(self)
        # internal: a colleague of the customer with a portal login does not read it
        scored.rating_apply(
            survey.score,
            rating=scored._satisfaction_rating(survey),
            feedback=survey.comment,
            subtype_xmlid="mail.mt_note",
        )

    def _satisfaction_rating(self, survey):
        """The row of ``rating.rating`` of a question. It has no token, by which Odoo's
        page would take votes without expiry."""
        ratings = self.env["rating.rating"]
        if survey.rating_id:
            return ratings.browse(survey.rating_id.id)
        rating = ratings.create(
            {
                "access_token": False,
                "res_model_id": self.env["ir.model"]._get_id(self._name),
                "res_id": self.id,
                "partner_id": survey.partner_id.id,
                "rated_partner_id": survey.user_id.partner_id.id,
            }
        )
        survey.rating_id = rating
        return rating

    def _schedule_low_score_activity(self, survey):
        """A task for whoever leads the team: the customer is not satisfied."""
        self.ensure_one()
        manager = self.team_id._satisfaction_manager()
        if not manager:
            return
        self.activity_schedule(
            "crm_service_ticket.mail_activity_type_low_score",
            user_id=manager.id,
            summary=self.env._("Score %(score)s of 5", score=survey.score),
            note=survey.comment or False,
        )

    # ------------------------------------------------------------
    # ON THE PORTAL
    # ------------------------------------------------------------

    def _portal_survey(self):
        """The question that the ticket's page may put, sudo; empty: none.

        Where a team asks, the page asks as well, also when no mail could be sent.
        """
        self.ensure_one()
        # sudo: the page shows the customer his own question
        ticket = self.sudo()
        survey = ticket.survey_ids.sorted("closing")[-1:]
        if survey.closing != ticket.reopen_count:
            return survey.browse()
        return survey

    def _read_group_select(self, aggregate_spec, query):
        """An average of stars is one of the stars given: 0 says nobody gave any."""
        if aggregate_spec == "satisfaction_score:avg":
            score = self._field_to_sql(self._table, "satisfaction_score", query)
            return SQL("AVG(NULLIF(%s, 0))", score)
        return super()._read_group_select(aggregate_spec, query)

    @api.model
    def _satisfaction_stats(self, domain, groupby):
        """Average and number of scores in one query.

        :param domain: which tickets; those without score do not count
        :param str groupby: many2one of the ticket
        :return: {record: (average, count)}
        """
        groups = self._read_group(
            [("satisfaction_score", ">", 0), *domain],
            [groupby],
            ["satisfaction_score:avg", "__count"],
        )
        return {record: (average, count) for record, average, count in groups}
