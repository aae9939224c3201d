from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from odoo.addons.crm_customer_center.tools.duplicate_keys import phone_key

from ..models.crm_service_team_member import OPEN_STATES

# of the first line of what was said
SUBJECT = 80
SHOWN = 5


class CrmServiceCallWizard(models.TransientModel):
    """Somebody is on the phone: who, what about, done.

    The ticket counts as answered at the moment it is taken down: we have spoken.
    """

    _name = "crm.service.call.wizard"
    _description = "Take Down a Call"

    phone = fields.Char("Caller's Number")
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    partner_name = fields.Char("Caller", help="As the caller says it.")
    words = fields.Text("What About", required=True)
    type_id = fields.Many2one(
        "crm.service.ticket.type",
        required=True,
        default=lambda self: self.env["crm.service.ticket.type"]._default_type(),
    )
    team_id = fields.Many2one(
        "crm.service.team", default=lambda self: self._default_team()
    )
    solution = fields.Text("Solved on the Phone?")
    is_unclear = fields.Boolean(compute="_compute_whose")
    open_ticket_ids = fields.Many2many(
        "crm.service.ticket", compute="_compute_whose", string="Open Tickets"
    )

    @api.model
    def _default_team(self):
        """A team of one's own before the company's first."""
        teams = self.env["crm.service.team"]
        company = self.env.company
        # sudo: ids of one's own teams
        mine = self.env.user.sudo().service_team_ids.filtered(
            lambda team: team.active and team.company_id in (company, company.browse())
        )
        return teams.browse(mine.sorted().ids[:1]) or teams._default_team()

    @api.depends("phone")
    def _compute_partner_id(self):
        """Whose number it is; who was chosen stays where the number says nothing."""
        for wizard in self:
            wizard.partner_id = wizard._whose()[0] or wizard.partner_id

    @api.depends("phone", "partner_id")
    def _compute_whose(self):
        tickets = self.env["crm.service.ticket"]
        for wizard in self:
            wizard.is_unclear = not wizard.partner_id and bool(wizard._whose()[1])
            customer = wizard.partner_id.commercial_partner_id
            known = [("customer_id", "=", customer.id), ("state", "in", OPEN_STATES)]
            found = tickets.search(known, limit=SHOWN) if customer else tickets
            wizard.open_ticket_ids = found

    def _whose(self):
        """Return who is meant by the number, and all the user sees who have it."""
        nobody = self.env["res.partner"]
        company = self.team_id.company_id or self.env.company
        key = phone_key((self.phone or "").strip(), company.country_id.code or "CN")
        if not key:
            return nobody, nobody
        found = nobody.search(
            [
                ("phone_sanitized", "=", key),
                ("company_id", "in", [company.id, False]),
            ]
        )
        return self.env["crm.service.ticket"]._best_partner(found, company), found

    def action_take_down(self):
        """Make the ticket: mine, in progress, answered; resolved where it was solved.

        :return: the ticket's number, with a link
        :raises UserError: where nothing was said
        """
        self.ensure_one()
        if not self.words.strip():
            raise UserError(self.env._("Write down what it is about."))
        ticket = self.env["crm.service.ticket"].create(self._prepare_ticket_vals())
        ticket._move_to("resolved" if ticket.resolution else "in_progress")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                # the web client puts the link in there
                "message": self.env._("Taken down: %s"),
                "links": [
                    {
                        "label": ticket.display_name,
                        "url": f"/odoo/crm.service.ticket/{ticket.id}",
                    }
                ],
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _prepare_ticket_vals(self) -> dict:
        words, solution = self.words.strip(), (self.solution or "").strip()
        return {
            "name": words.splitlines()[0][:SUBJECT],
            "description": plaintext2html(words),
            "resolution": plaintext2html(solution) if solution else False,
            "channel": "phone",
            "partner_id": self.partner_id.id,
            "partner_name": self.partner_name,
            "partner_phone": self.phone,
            "type_id": self.type_id.id,
            "team_id": self.team_id.id,
            "user_id": self.env.uid,
        }
