from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext, plaintext2html


class CrmServiceInquiryWizard(models.TransientModel):
    """Ask a supplier about a ticket: whom, what, with which files."""

    _name = "crm.service.inquiry.wizard"
    _description = "Ask a Supplier"

    ticket_id = fields.Many2one(
        "crm.service.ticket",
        required=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    partner_id = fields.Many2one("res.partner", "Supplier", required=True)
    name = fields.Char(
        "Subject",
        required=True,
        compute="_compute_words",
        store=True,
        readonly=False,
        precompute=True,
    )
    body = fields.Text(
        "What to Ask",
        required=True,
        compute="_compute_words",
        store=True,
        readonly=False,
        precompute=True,
    )
    file_ids = fields.Many2many(
        "ir.attachment",
        string="Files of the Ticket",
        domain="[('id', 'in', available_ids)]",
        bypass_search_access=True,
    )
    available_ids = fields.Many2many(
        "ir.attachment", compute="_compute_available_ids", bypass_search_access=True
    )

    @api.depends("ticket_id")
    def _compute_words(self):
        """What the customer says, to be shortened: the supplier reads all of it."""
        for wizard in self:
            ticket = wizard.ticket_id
            wizard.name = ticket.name
            wizard.body = html2plaintext(ticket.description or "").strip()

    @api.depends("ticket_id")
    def _compute_available_ids(self):
        files = self.env["ir.attachment"]
        for wizard in self:
            ticket = wizard.ticket_id
            wizard.available_ids = files.search(
                [("res_model", "=", ticket._name), ("res_id", "=", ticket._origin.id)]
            )

    def action_ask(self):
        """Send the question, and open it.

        :raises UserError: for somebody who cannot be asked so
        """
        self.ensure_one()
        ticket = self.ticket_id
        ticket._take_turn_to_change()
        ticket._check_not_merged()
        self._check_supplier()
        if not (self.body or "").strip():
            raise UserError(self.env._("Write what the supplier is to read."))
        inquiries = self.env["crm.service.inquiry"]
        inquiry = inquiries.with_context(mail_create_nosubscribe=True).create(
            {
                "name": self.name,
                "ticket_id": ticket.id,
                "partner_id": self.partner_id.id,
            }
        )
        # only the user reads and writes what belongs to nothing yet
        pending = {"res_model": "mail.compose.message", "res_id": 0}
        files = self.env["ir.attachment"]
        for file in self.file_ids & self.available_ids:
            files |= file.copy(pending)
        inquiry._ask(plaintext2html(self.body), files)
        ticket._message_log(
            body=self.env._(
                "Asked %(supplier)s: %(question)s",
                supplier=self.partner_id.display_name,
                question=inquiry._get_html_link(title=inquiry.name),
            )
        )
        return {"type": "ir.actions.act_window_close"}

    def _check_supplier(self):
        supplier, ticket = self.partner_id, self.ticket_id
        if not supplier.email_normalized:
            raise UserError(
                self.env._("%s has no e-mail address.", supplier.display_name)
            )
        house = supplier.commercial_partner_id
        if (
            ticket.customer_id
            and house == ticket.customer_id
            or (supplier.email_normalized == ticket.email_normalized)
        ):
            raise UserError(
                self.env._(
                    "%s is the customer of this ticket. Answer in the ticket itself.",
                    supplier.display_name,
                )
            )
        # sudo: whether this is a colleague
        if supplier.sudo().user_ids.filtered(lambda user: not user.share):
            raise UserError(
                self.env._(
                    "%s is a colleague. Write a note, or hand the ticket over.",
                    supplier.display_name,
                )
            )
