from odoo import api, fields, models

from ..models.several import Answer


class CrmServiceAnswerWizard(models.TransientModel):
    """Answer the customers of several tickets with one text, each in his own ticket."""

    _name = "crm.service.answer.wizard"
    _description = "Answer Several Customers"

    ticket_ids = fields.Many2many(
        "crm.service.ticket",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    canned_id = fields.Many2one("mail.canned.response", "By Canned Answer")
    moves = fields.Char("With the Sending", compute="_compute_moves")
    does_moves = fields.Boolean("Do What the Canned Answer Sets", default=True)
    body = fields.Text(
        "Words",
        required=True,
        compute="_compute_body",
        store=True,
        readonly=False,
        precompute=True,
    )
    state_after = fields.Selection(
        [("waiting", "Wait for the customer"), ("resolved", "Resolve")],
        "Afterwards",
        help="Empty: the tickets stay where they are.",
    )
    ticket_count = fields.Integer(compute="_compute_outlook")
    left_out = fields.Text(compute="_compute_outlook")
    first_reader = fields.Char(compute="_compute_example")
    example = fields.Text(compute="_compute_example")

    @api.depends("canned_id")
    def _compute_body(self):
        """What a canned answer says; what was typed stays where none is chosen."""
        for wizard in self:
            wizard.body = wizard.canned_id.substitution or wizard.body

    @api.depends("canned_id")
    def _compute_moves(self):
        for wizard in self:
            canned = wizard.canned_id
            wizard.moves = " · ".join(canned._moves_in_words()) if canned else False

    @api.depends("ticket_ids", "canned_id", "does_moves", "state_after")
    def _compute_outlook(self):
        for wizard in self:
            tickets = wizard.ticket_ids._origin
            wizard.ticket_count, wizard.left_out = wizard._act().outlook(tickets)

    @api.depends("ticket_ids", "body", "canned_id")
    def _compute_example(self):
        """What the first of them reads, where it is not what was typed."""
        for wizard in self:
            first = wizard.ticket_ids._origin[:1]
            text = wizard._act().text_for(first) if first else ""
            is_filled = text != (wizard.body or "")
            wizard.first_reader = first.display_name if is_filled else False
            wizard.example = text if is_filled else False

    def _act(self) -> Answer:
        return Answer(
            self.env,
            self.body,
            canned=self.canned_id,
            moves=self.does_moves,
            state=self.state_after,
        )

    def action_answer(self):
        """Send; each mail goes to the people of one ticket.

        :return: how many were answered, and which were not
        """
        self.ensure_one()
        # sudo: those the user may not see would be left out in silence
        tickets = self.sudo().ticket_ids.with_env(self.env)
        return self.env["crm.service.several"]._tell(self._act(), tickets)
