from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.crm_service_merge import MOVED_MESSAGES


class CrmServiceMoveWizard(models.TransientModel):
    """Move messages to the ticket they belong to, or split a new one off."""

    _name = "crm.service.move.wizard"
    _description = "Move Messages to Another Ticket"

    ticket_id = fields.Many2one("crm.service.ticket", required=True, readonly=True)
    message_ids = fields.Many2many(
        "mail.message",
        string="Messages",
        compute="_compute_message_ids",
        store=True,
        readonly=False,
        domain="[('id', 'in', movable_ids)]",
    )
    movable_ids = fields.Many2many("mail.message", compute="_compute_movable_ids")
    to_new = fields.Boolean("To a New Ticket")
    target_id = fields.Many2one(
        "crm.service.ticket",
        "To Ticket",
        compute="_compute_target_id",
        store=True,
        readonly=False,
        domain="[('id', '!=', ticket_id), ('merged_into_id', '=', False)]",
    )
    name = fields.Char("Subject of the New Ticket")
    merges = fields.Boolean(
        compute="_compute_merges",
        help="All that was said is moved: the ticket is merged, not emptied.",
    )
    customers = fields.Char(
        compute="_compute_customers", help="Whose tickets these are, if not of one."
    )

    @api.depends("to_new", "message_ids", "movable_ids", "ticket_id")
    def _compute_merges(self):
        for wizard in self:
            ticket = wizard.ticket_id
            left = wizard.movable_ids._origin - wizard.message_ids._origin
            # a confirmation that stays behind is nobody's word
            is_left = any(ticket._is_spoken(message) for message in left)
            is_mail = ticket.channel == "email"
            wizard.merges = is_mail and not wizard.to_new and not is_left

    @api.depends("to_new", "target_id", "ticket_id")
    def _compute_customers(self):
        for wizard in self:
            target = wizard.target_id.browse() if wizard.to_new else wizard.target_id
            names = (wizard.ticket_id | target)._customer_names()
            wizard.customers = ", ".join(names) if len(names) > 1 else False

    @api.depends("ticket_id")
    def _compute_movable_ids(self):
        for wizard in self:
            wizard.movable_ids = wizard.ticket_id.message_ids.filtered(
                lambda message: message.message_type in MOVED_MESSAGES
            )

    @api.depends("ticket_id")
    def _compute_message_ids(self):
        """The last one: what just landed in the wrong place."""
        for wizard in self:
            wizard.message_ids = wizard.movable_ids[:1]

    @api.depends("ticket_id")
    def _compute_target_id(self):
        """The one the sender named, where we did not believe the number."""
        for wizard in self:
            mails = wizard.ticket_id.incoming_mail_ids
            wizard.target_id = mails.suggested_ticket_id[:1]

    def action_move(self):
        """Move, and open where the messages are now.

        A mail that became a ticket of its own by mistake takes the ticket along: an
        empty one would wait for an answer for ever.

        :raises UserError: when nothing or nowhere is chosen
        """
        self.ensure_one()
        origin = self.ticket_id
        if not self.message_ids:
            raise UserError(self.env._("Choose the messages to move."))
        origin._take_turn_to_change()
        origin._check_not_merged()
        target = self._split() if self.to_new else self.target_id
        if not target:
            raise UserError(
                self.env._("Choose the ticket they belong to, or a new ticket.")
            )
        target.check_access("write")
        if self.merges:
            rows = self.env["crm.service.merge"]._merge(origin, target)
            target = rows.target_id.with_env(self.env)
        else:
            # sudo: messages belong to a ticket the user may change
            origin.sudo()._move_messages(self.message_ids.sudo(), target.sudo())
        return target._get_records_action()

    def _split(self):
        name = self.name or self.message_ids[:1].subject or self.ticket_id.name
        target = self.env["crm.service.ticket"].create(
            self.ticket_id._prepare_split_vals(name)
        )
        # sudo: which message it is, is the system's to say
        target.sudo()._describe_by(self.message_ids.sudo().sorted("id")[:1])
        target.linked_to_ids = self.ticket_id
        return target
