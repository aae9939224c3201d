from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .crm_service_mail import MADE, SET_ASIDE

MANAGER = "crm_customer_center.group_service_manager"


class CrmServiceMail(models.Model):
    """The list of what was stopped: somebody looks at it, and one button makes a ticket
    of what should have been one."""

    _inherit = "crm.service.mail"

    to_review = fields.Boolean(
        "To Look At",
        readonly=True,
        index="btree_not_null",
        help="Nobody has seen this mail: it was stopped or not understood.",
    )
    original_id = fields.Many2one(
        "ir.attachment", "Mail as It Came", readonly=True, ondelete="set null"
    )
    is_blocked = fields.Boolean(
        "Sender Is Blocked", compute="_compute_is_blocked", help="By address or domain."
    )

    def _compute_is_blocked(self):
        senders = self.env["crm.service.blocked.sender"]
        for company, mails in self._by_company():
            blocked = senders._matching(mails.mapped("sender"), company)
            for mail in mails:
                mail.is_blocked = mail.sender in blocked

    def _by_company(self):
        """These mails by the company that blocks their senders: as the gateway does,
        mail of nobody in particular is the own company's."""
        return self.grouped(lambda mail: mail.company_id or self.env.company).items()

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def _check_manager(self):
        """:raises AccessError: for whom looking after mail is not the work"""
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(MANAGER):
            raise AccessError(
                self.env._("Stopped mails are looked after by the service manager.")
            )

    def action_make_ticket(self):
        """Make a ticket of each of these mails, from its original: as if it had never
        been stopped.

        :return: action that opens what was made
        """
        self._check_manager()
        # two managers at once: the second one waits, and sees that it is done
        # sudo: rows that were checked to be this manager's
        self.sudo().lock_for_update()
        self.invalidate_recordset()
        stopped = self.filtered(lambda mail: mail.outcome in SET_ASIDE)
        if not stopped:
            raise UserError(
                self.env._("These mails are tickets already, or stand on one.")
            )
        tickets = self.env["crm.service.ticket"]
        for mail in stopped:
            # sudo: the gateway's work, for a person who may look after mail
            stopped_mail = mail.sudo()
            tickets |= stopped_mail._take_again().sudo(False)
            stopped_mail.write({"outcome": MADE, "to_review": False})
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_service_ticket.action_ticket"
        )
        if len(tickets) == 1:
            return {
                **action,
                "res_id": tickets.id,
                "view_mode": "form",
                "views": [(False, "form")],
            }
        return {**action, "domain": [("id", "in", tickets.ids)], "context": {}}

    def action_seen(self):
        """Nothing is to be done with these mails; they stay in the list."""
        self._check_manager()
        # sudo: one mark, for a person who may look after mail
        self.sudo().to_review = False

    def action_block_sender(self):
        """Stop all further mail of these senders."""
        self._check_manager()
        named = self.filtered("sender")
        if not named:
            raise UserError(
                self.env._("These mails name no address that could be blocked.")
            )
        for company, mails in named._by_company():
            self.env["crm.service.blocked.sender"]._block(
                mails.mapped("sender"), company
            )
        # sudo: see action_seen
        self.sudo().filtered(lambda mail: mail.outcome in SET_ASIDE).to_review = False

    def action_unblock_sender(self):
        """Let these senders write to us again, whether they are blocked by their
        address or by their domain."""
        self._check_manager()
        senders = self.env["crm.service.blocked.sender"]
        for company, mails in self._by_company():
            senders._of(mails.mapped("sender"), company).action_archive()
