from ast import literal_eval

from odoo import api, fields, models

ASSIGNMENT_METHODS = [
    ("manual", "By hand"),
    ("turn", "In turn"),
    ("load", "By load"),
    ("skill", "By skill and type"),
]
CUSTOMER_POLICIES = [
    ("create", "Create a contact"),
    ("stranger", "Keep as a stranger"),
]


class CrmServiceTeam(models.Model):
    """Who answers together, at which address, and how tickets find their agent."""

    _name = "crm.service.team"
    _inherit = ("mail.alias.mixin", "mail.thread")
    _description = "Service Team"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    color = fields.Integer()
    company_id = fields.Many2one(
        "res.company",
        index=True,
        default=lambda self: self.env.company,
        help="Empty: works for all companies.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Team Leader",
        index="btree_not_null",
        domain="[('share', '=', False)]",
        tracking=True,
        help="Gets what is escalated to the management when no member is there for it.",
    )
    member_ids = fields.One2many("crm.service.team.member", "team_id", "Members")
    # intake
    alias_id = fields.Many2one(
        help="Mail to this address becomes a ticket of the team."
    )
    customer_policy = fields.Selection(
        CUSTOMER_POLICIES,
        "Unknown Senders",
        required=True,
        default="stranger",
        help="What to do when neither e-mail nor phone belongs to a known customer.",
    )
    thread_window_days = fields.Integer(
        "Same Subject Within",
        default=14,
        help="An answer without reference or number, from the same sender with the "
        "same subject, belongs to the ticket for so many days; 0 for never.",
    )
    acknowledgement_active = fields.Boolean(
        "Confirm New Tickets",
        default=True,
        help="Who writes by mail or form gets the number of the ticket at once, and "
        "what to expect. Machines, colleagues and loops get nothing.",
    )
    acknowledgement_template_id = fields.Many2one(
        "mail.template",
        "Confirmation",
        domain=[("model", "=", "crm.service.ticket")],
        help="Empty: the one that comes with the module.",
    )
    # assignment
    assignment_method = fields.Selection(
        ASSIGNMENT_METHODS,
        "Assignment",
        required=True,
        default="manual",
        help="By hand: agents take tickets. In turn: by weight, fair over time. "
        "By load: to whom has the fewest open tickets for the weight. By skill and "
        "type: in turn among those who have the skills the ticket needs.",
    )
    is_solution_required = fields.Boolean(
        "Resolving Needs a Solution",
        help="A ticket is resolved only with how it was solved: colleagues find it "
        "among similar tickets, the customer reads it.",
    )
    # what happens by itself
    auto_close_days = fields.Integer(
        "Close After",
        default=7,
        help="Days without a word after which a resolved ticket, or one that waits for "
        "the customer, is closed; 0 for never.",
    )
    auto_close_notice_days = fields.Integer(
        "Notice Before",
        default=2,
        help="Days before closing on which the customer is told; 0 for no notice.",
    )
    # fields without code
    ticket_properties_definition = fields.PropertiesDefinition("Ticket Fields")

    _days_positive = models.Constraint(
        "CHECK (auto_close_days >= 0 AND auto_close_notice_days >= 0"
        " AND thread_window_days >= 0)",
        "Days are 0 (never) or more.",
    )
    _notice_in_time = models.Constraint(
        "CHECK (auto_close_days = 0 OR auto_close_notice_days < auto_close_days)",
        "The notice has to come before the closing.",
    )

    # ------------------------------------------------------------
    # MAIL
    # ------------------------------------------------------------

    def _alias_get_creation_values(self):
        values = super()._alias_get_creation_values()
        values["alias_model_id"] = self.env["ir.model"]._get_id("crm.service.ticket")
        if self.id:
            defaults = literal_eval(self.alias_defaults or "{}")
            values["alias_defaults"] = {**defaults, "team_id": self.id}
        return values

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_open_tickets(self):
        """Open the board of this team."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_service_ticket.action_ticket"
        )
        action["context"] = {
            "search_default_open": 1,
            "search_default_team_id": self.id,
            "default_team_id": self.id,
        }
        action["display_name"] = self.name
        return action

    @api.model
    def _default_team(self, company=None):
        """The first team of a company, of the current one when not given."""
        company = company or self.env.company
        return self.search([("company_id", "in", [company.id, False])], limit=1)
