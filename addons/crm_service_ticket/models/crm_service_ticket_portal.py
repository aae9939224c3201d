from odoo import api, fields, models
from odoo.exceptions import UserError

# What the customer's own login reads of a ticket, in whatever way it asks. A list of
# what is open, not of what is closed: a field added by another module stays inside.
PORTAL_FIELDS = frozenset(
    {
        "access_url",
        "active",
        "access_warning",
        "closed_date",
        "create_date",
        "description",
        "display_name",
        "first_response_date",
        "id",
        "name",
        "number",
        "partner_id",
        "partner_name",
        "portal_customer_id",
        "priority",
        "reopen_count",
        "resolution",
        "resolved_date",
        "satisfaction_comment",
        "satisfaction_score",
        "state",
        "ticket_type",
        "write_date",
        # what Odoo's conversation needs; both hold only what the reader may see
        "message_ids",
        "website_message_ids",
    }
)
# Only the customer's answer writes them, by the system; see crm_service_survey.py
SCORE_FIELDS = frozenset({"satisfaction_score", "satisfaction_comment"})
# beyond it PostgreSQL raises instead of finding nothing
LARGEST_ID = 2**31 - 1
# What a conversation's page may ask for beyond the messages, from outside
OUTSIDE_THREAD_DATA = ("display_name",)


class CrmServiceTicket(models.Model):
    """The customer's side of a ticket: what he sees, what he may do."""

    _inherit = "crm.service.ticket"

    portal_customer_id = fields.Many2one(
        "res.partner",
        string="Customer at Opening",
        compute="_compute_portal_customer_id",
        store=True,
        # at once: a contact may move later in the same transaction
        precompute=True,
        index="btree_not_null",
        help="The company of the contact when the ticket was made. It stays when the "
        "contact moves to another company: what was asked there is theirs to see.",
    )

    @api.model
    def _system_fields(self):
        return super()._system_fields() | {"portal_customer_id"}

    # only when the contact of the ticket is another one, not when he moves
    @api.depends("partner_id")
    def _compute_portal_customer_id(self):
        for ticket in self:
            ticket.portal_customer_id = ticket.partner_id.commercial_partner_id

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for ticket in self:
            ticket.access_url = f"/my/tickets/{ticket.id}"
        return result

    @api.model
    def _has_field_access(self, field, operation):
        """Asked for every value of every record that is read: what all may read comes
        first, and whether the user is an outsider is a column, not a look at groups."""
        if not self.env.su:
            if operation == "write":
                if field.name in SCORE_FIELDS or self.env.user.share:
                    return False
            elif field.name not in PORTAL_FIELDS and self.env.user.share:
                return False
        return super()._has_field_access(field, operation)

    @api.model
    def _get_allowed_message_params(self):
        # a score within a message would pass by the question, its token and its end;
        # what an answer does to its ticket is checked by ``message_post``
        params = super()._get_allowed_message_params() - {"rating_value"}
        return params | {"state_after", "canned_ids"}

    @api.model
    def _get_thread_with_access(self, thread_id, **kwargs):
        """What strangers send opens nothing instead of breaking the comparison: a
        token that is no plain text, a contact that is no number, a ticket that is not
        there or to which no link was ever made."""
        if not 0 < thread_id <= LARGEST_ID:
            return self.browse()
        # sudo: only whether there is a ticket and a link to it
        ticket = self.browse(thread_id).sudo().exists()
        for name in ("hash", "token"):
            value = kwargs.get(name)
            is_text = isinstance(value, str) and value.isascii()
            if name in kwargs and not (is_text and ticket.access_token):
                kwargs[name] = None
        pid = str(kwargs.get("pid") or "")
        if "pid" in kwargs and not (pid.isascii() and pid.isdigit()):
            kwargs["pid"] = None
        return super()._get_thread_with_access(thread_id, **kwargs)

    def _thread_to_store(self, store, fields, *, request_list=None):
        """From outside, also with a link that opens the ticket: no followers, no
        activities, and no list of files, which knows no internal notes."""
        if request_list and not self.env.user._is_internal():
            request_list = [
                name for name in request_list if name in OUTSIDE_THREAD_DATA
            ]
        return super()._thread_to_store(store, fields, request_list=request_list)

    def _revoke_portal_links(self):
        """Make the links mailed so far worthless: their token and the signature that
        is made from it."""
        # sudo: nobody needs to write tickets to lose access to them
        self.sudo().filtered("access_token").write({"access_token": False})

    # ------------------------------------------------------------
    # WHAT THE CUSTOMER DOES
    # ------------------------------------------------------------

    def _portal_can_close(self):
        """Whether the customer may say that it is done with."""
        self.ensure_one()
        return self.state != "closed" and not self.merged_into_id

    def _portal_can_reopen(self):
        """Whether the customer may say that it is not done with."""
        self.ensure_one()
        return self.state in ("resolved", "closed") and not self.merged_into_id

    def _portal_close(self, author):
        """Close the ticket in the name of its customer.

        :param author: partner who asks for it; access is checked by the caller
        :raises UserError: when it is closed already
        """
        self.ensure_one()
        if not self._portal_can_close():
            raise UserError(self.env._("This ticket is closed already."))
        self._move_to("closed")
        self._log_portal_move(
            author, self.env._("Closed by the customer."), "auto_comment"
        )

    def _portal_reopen(self, author, reason=""):
        """Open the ticket again in the name of its customer.

        :param author: partner who asks for it; access is checked by the caller
        :param str reason: plain text, becomes part of the conversation
        :raises UserError: when it is open
        """
        self.ensure_one()
        if not self._portal_can_reopen():
            raise UserError(self.env._("This ticket is open; just write your answer."))
        self._move_to("in_progress")
        self._log_portal_move(
            author, reason or self.env._("The customer opened the ticket again.")
        )

    def _log_portal_move(self, author, text, message_type="comment"):
        """Part of the open conversation; a ``comment`` is a word of the customer, which
        waits for our answer and would open a closed ticket again."""
        self.message_post(
            body=text,
            author_id=author.id or None,
            message_type=message_type,
            subtype_xmlid="mail.mt_comment",
        )
