from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import email_normalize, email_normalize_all

from odoo.addons.crm_suite_base.tools.token import Token

from ..tools.secrets import AT_SENDING, without_secrets

# the customer's answer is being taken over
SCORED = Token("service_scored")


class CrmServiceTicket(models.Model):
    """Links that open a ticket are for its customer: nobody here can read or make one.

    They are completed in the mail that goes to the customer's own address and nowhere
    else; see ``tools/secrets.py`` and docs/adr/0024.
    """

    _inherit = "crm.service.ticket"

    access_token = fields.Char(groups=fields.NO_ACCESS)

    # ------------------------------------------------------------
    # LINKS
    # ------------------------------------------------------------

    def _portal_ensure_token(self):
        # sudo: nobody reads it; callers put it into a mail to the customer
        return super(CrmServiceTicket, self.sudo())._portal_ensure_token()

    def _sign_token(self, pid):
        # sudo: only compared, or put into a mail to that person
        return super(CrmServiceTicket, self.sudo())._sign_token(pid)

    def get_portal_url(
        self,
        suffix=None,
        report_type=None,
        download=None,
        query_string=None,
        anchor=None,
    ):
        """The address of the ticket's page, to be completed when it is sent."""
        self.ensure_one()
        return (
            f"{self.access_url}{suffix or ''}?access_token={AT_SENDING}"
            f"{query_string or ''}{f'#{anchor}' if anchor else ''}"
        )

    def _get_share_url(
        self, redirect=False, signup_partner=False, pid=None, share_token=True
    ):
        """A link to give away has no right in it, whoever asks for one; who has the
        customer's link already keeps it on his way."""
        is_system = self.env.su
        return super()._get_share_url(
            redirect=redirect,
            signup_partner=signup_partner and is_system,
            pid=pid if is_system else None,
            share_token=share_token and is_system,
        )

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        groups = super()._notify_get_recipients_groups(
            message, model_description, msg_vals=msg_vals
        )
        for _name, _is_for, values in groups:
            button = values.get("button_access") or {}
            if button.get("url"):
                button["url"] = without_secrets(button["url"])
        return groups

    # ------------------------------------------------------------
    # WHO GETS THEM
    # ------------------------------------------------------------

    def _customer_addresses(self) -> set[str]:
        """The addresses of the one whose ticket it is: the contact's own, of a stranger
        the one he gave. None for a contact who has left the company since."""
        self.ensure_one()
        partner = self.partner_id
        if not partner:
            return {self.email_normalized} - {False, ""}
        if self.portal_customer_id not in (partner, partner.commercial_partner_id):
            return set()
        return set(email_normalize_all(partner.email or ""))

    def _secrets_for(self, readers: frozenset[str]) -> dict[str, str]:
        """What completes the links of a mail about this ticket; see ``mail.mail``.

        :param readers: all addresses the mail goes to
        """
        self.ensure_one()
        if not readers or not readers <= self._customer_addresses():
            return {}
        secrets = {"access_token=": self._portal_ensure_token()}
        if self.partner_id:
            secrets["hash="] = self._sign_token(self.partner_id.id)
            # as the system, which may invite the customer to a login of his own
            invited = self.with_user(api.SUPERUSER_ID).partner_id
            found = invited.signup_get_auth_param()[invited.id]
            if found.get("auth_signup_token"):
                secrets["auth_signup_token="] = found["auth_signup_token"]
        return secrets

    # ------------------------------------------------------------
    # WHO MAY SCORE
    # ------------------------------------------------------------

    def _workers(self) -> dict:
        """Everybody of ours who had the tickets, moved them or answered in them; as
        many queries for many tickets as for one.

        :return: users by id of the ticket
        """
        # sudo: who it was is asked for whoever scores; people who left count as well
        tickets = self.sudo().with_context(active_test=False)
        nobody = self.env["res.users"]
        group = tickets.env.ref("crm_customer_center.group_service_agent")
        # a customer may be a colleague; and the system is nobody
        agents = group.all_user_ids - nobody.browse(api.SUPERUSER_ID)
        former, spoke = tickets._former_agents(), tickets._speakers()
        found = {}
        for ticket in tickets:
            rows = ticket.handover_ids
            found[ticket.id] = (
                ticket.user_id
                | ticket.survey_ids.user_id
                | ticket.assignment_ids.user_id
                | rows.from_user_id
                | rows.to_user_id
                | former.get(ticket.id, nobody)
                | ((spoke.get(ticket.id, nobody) | rows.by_user_id) & agents)
            )
        return found

    def _speakers(self) -> dict:
        """The users who wrote in the tickets.

        :return: users by id of the ticket
        """
        rows = self.env["mail.message"]._read_group(
            [("model", "=", self._name), ("res_id", "in", self.ids)],
            ["res_id"],
            ["author_id:recordset"],
        )
        return {ticket_id: authors.user_ids for ticket_id, authors in rows}

    def _former_agents(self) -> dict:
        """Who had the tickets before, by their history.

        :return: users by id of the ticket
        """
        agent = self.env["ir.model.fields"]._get_ids(self._name)["user_id"]
        values = self.env["mail.tracking.value"].search_fetch(
            [
                ("field_id", "=", agent),
                ("mail_message_id.model", "=", self._name),
                ("mail_message_id.res_id", "in", self.ids),
            ],
            ["old_value_integer", "new_value_integer", "mail_message_id"],
        )
        ids = {*values.mapped("old_value_integer"), *values.mapped("new_value_integer")}
        there = self.env["res.users"].browse(ids - {0}).exists()
        result = defaultdict(self.env["res.users"].browse)
        for value in values:
            pair = {value.old_value_integer, value.new_value_integer}
            both = there.browse(pair) & there
            result[value.mail_message_id.res_id] |= both
        return result

    def _own_work(self, user=None):
        """Those of the tickets on which a score would be about one's own work: the
        customer, or the address or phone that is asked, is of somebody who worked on
        it.

        :param user: who answers, if he is signed in
        """
        workers = self._workers()
        return self.filtered(lambda t: _is_by_worker(t, workers[t.id], user))

    def rating_apply(self, rate, **kwargs):
        """Odoo's way for anybody who may write ratings.

        :raises AccessError: always; scores come from the customer's answer
        """
        if SCORED.is_on(self.env):
            return super().rating_apply(rate, **kwargs)
        raise AccessError(
            self.env._("Only the customer's answer to our question is a score.")
        )


def _is_by_worker(ticket, workers, user) -> bool:
    """Return whether a score would be about the scorer's own work."""
    if user and user in workers:
        return True
    own = {
        *workers.mapped("email_normalized"),
        *workers.partner_id.mapped("email_normalized"),
        *workers.partner_id.mapped("phone_sanitized"),
    }
    asked = {
        ticket._satisfaction_email(),
        email_normalize(ticket.partner_email),
        ticket.partner_id.phone_sanitized,
    }
    return bool(workers.partner_id & ticket.partner_id or (own & asked) - {False, ""})
