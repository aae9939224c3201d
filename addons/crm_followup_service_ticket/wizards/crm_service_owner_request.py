from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.crm_followup.tools.content import content_problem
from odoo.addons.crm_followup.tools.schedule import TOMORROW


class CrmServiceOwnerRequest(models.TransientModel):
    """One line from the agent to the customer's owner."""

    _name = "crm.service.owner.request"
    _description = "Ask the Owner to Follow Up"

    ticket_id = fields.Many2one("crm.service.ticket", required=True)
    user_id = fields.Many2one(
        "res.users", "Who Is Asked", compute="_compute_user_id", compute_sudo=True
    )
    words = fields.Char("What For", required=True)
    date = fields.Date(
        "Until",
        required=True,
        default=lambda self: self.env["crm.my.day"]._quick_date(TOMORROW),
        help="The next working day unless you choose another.",
    )

    @api.depends("ticket_id")
    def _compute_user_id(self):
        for wizard in self:
            wizard.user_id = wizard.ticket_id.customer_id._followup_owner()

    def action_ask(self):
        """Ask, and go back to the ticket.

        :raises ValidationError: when the line says nothing or the day is past
        :raises UserError: see ``crm.service.ticket._owner_to_ask``
        """
        self.ensure_one()
        followups = self.env["crm.followup"]
        minimum = followups._setting("min_length")
        if problem := content_problem(self.words, minimum):
            raise ValidationError(followups._content_message(problem, minimum))
        if self.date < self.env.company._today():
            raise ValidationError(
                self.env._("This day is past. Choose today or a later one.")
            )
        self.ticket_id._ask_owner(self.words.strip(), self.date)
        return {"type": "ir.actions.act_window_close"}
