from odoo import fields, models
from odoo.tools import html2plaintext


class ChatbotScriptStep(models.Model):
    """A step that opens a ticket: what the visitor told the bot, with the whole
    conversation, for a customer found or created as everywhere else."""

    _inherit = "chatbot.script.step"

    step_type = fields.Selection(
        selection_add=[("create_ticket", "Create Ticket")],
        ondelete={"create_ticket": "cascade"},
    )
    service_team_id = fields.Many2one(
        "crm.service.team",
        ondelete="set null",
        index="btree_not_null",
        help="The team that gets the ticket. Empty: the one of the public form.",
    )

    def _process_step(self, discuss_channel):
        self.ensure_one()
        posted_message = super()._process_step(discuss_channel)
        if self.step_type == "create_ticket":
            self._process_step_create_ticket(discuss_channel)
        return posted_message

    def _process_step_create_ticket(self, discuss_channel):
        """Open the ticket.

        :param discuss_channel: the conversation of the visitor with the bot
        :return: the ticket, sudo
        """
        customer = self._chatbot_prepare_customer_values(
            discuss_channel, create_partner=False, update_partner=False
        )
        # sudo: the visitor has no rights on tickets; the step decides what is made
        tickets = self.env["crm.service.ticket"].sudo()
        return tickets.create(self._prepare_ticket_vals(discuss_channel, customer))

    def _prepare_ticket_vals(self, discuss_channel, customer):
        """Values of the ticket; a visitor without login is found or made a customer by
        the e-mail and phone he gave, as the sender of a mail is."""
        # sudo: settings of the company
        tickets = self.env["crm.service.ticket"].sudo()
        # sudo: the team that the bot's author has chosen
        team = self.sudo().service_team_id or tickets._form_team(tickets.env.company)
        vals = {
            "name": self._ticket_subject(discuss_channel),
            "description": discuss_channel._get_channel_history(),
            "team_id": team.id,
            "channel": "livechat",
        }
        if not self.env.user._is_public():
            return {**vals, "partner_id": self.env.user.partner_id.id}
        return {
            **vals,
            "partner_email": customer["email"] or False,
            "partner_phone": customer["phone"] or False,
        }

    def _ticket_subject(self, discuss_channel):
        """What the visitor typed first, else the name of the bot."""
        if message := self._find_first_user_free_input(discuss_channel):
            return html2plaintext(message.body).strip()[:100]
        return self.env._("Question to %(bot)s", bot=self.chatbot_script_id.title)
