from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_suite_base.tools.changes import follows

from .crm_service_stage import STATES
from .crm_service_team_member import LEVELS
from .crm_service_ticket_type import PRIORITIES
from .filled import filled_from_another

CHANNELS = [
    ("agent", "Agent"),
    ("phone", "Phone"),
    ("email", "E-mail"),
    ("web", "Web Form"),
    ("portal", "Customer Portal"),
    ("livechat", "Live Chat"),
]
SEQUENCE = "crm.service.ticket"
# what comes from the partner, for the access rules
GUARDS = ("customer_id", "guard_user_id")


class CrmServiceTicket(models.Model):
    """What a customer asks of us, from the first word to the score.

    Record rules compare stored columns only: ``team_id``, ``user_id``,
    ``guard_user_id`` (the owner of the customer), ``customer_id`` and ``company_id``;
    see docs/adr/0002.
    """

    _name = "crm.service.ticket"
    _link_gate = True
    _description = "Service Ticket"
    _inherit = (
        "crm.change.mixin",
        "portal.mixin",
        "mail.thread.cc",
        "utm.mixin",
        "rating.mixin",
        "mail.activity.mixin",
        "mail.tracking.duration.mixin",
    )
    _order = "priority desc, id desc"
    _rec_names_search = ("number", "name")
    _primary_email = "partner_email"
    _track_duration_field = "stage_id"
    _mail_post_access = "read"

    # what it is about
    number = fields.Char(readonly=True, copy=False, default="/", index="trigram")
    name = fields.Char("Subject", required=True, tracking=True, index="trigram")
    priority = fields.Selection(PRIORITIES, required=True, default="0", tracking=True)
    # whole mails stand there: lists do not drag them along
    description = fields.Html(sanitize_attributes=True, prefetch=False)
    resolution = fields.Html(
        prefetch=False,
        help="How it was solved. The customer can read it on the portal.",
    )
    channel = fields.Selection(
        CHANNELS, required=True, default="agent", copy=False, help="How it came in."
    )
    tag_ids = fields.Many2many(
        "crm.tag", "crm_service_ticket_tag_rel", "ticket_id", "tag_id", string="Tags"
    )
    ticket_properties = fields.Properties(
        "Further Fields", definition="team_id.ticket_properties_definition"
    )
    active = fields.Boolean(default=True)
    # whose it is
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
    )
    partner_name = fields.Char(
        "Customer Name", index="trigram", help="As given by the customer."
    )
    partner_email = fields.Char(
        "E-mail",
        compute="_compute_partner_email",
        store=True,
        readonly=False,
        index="trigram",
        help="As given by the customer.",
    )
    partner_phone = fields.Char(
        "Phone",
        compute="_compute_partner_phone",
        store=True,
        readonly=False,
        help="As given by the customer.",
    )
    # who works on it
    team_id = fields.Many2one(
        "crm.service.team",
        index=True,
        ondelete="restrict",
        tracking=True,
        default=lambda self: self.env["crm.service.team"]._default_team(),
    )
    user_id = fields.Many2one(
        "res.users",
        "Agent",
        index="btree_not_null",
        domain="[('share', '=', False)]",
        tracking=True,
    )
    level = fields.Selection(
        LEVELS, required=True, default="agent", readonly=True, copy=False
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    # where it stands
    stage_id = fields.Many2one(
        "crm.service.stage",
        compute="_compute_stage_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        ondelete="restrict",
        copy=False,
        tracking=True,
        group_expand="_read_group_stage_ids",
        domain="['|', ('team_ids', '=', False), ('team_ids', 'in', team_id)]",
    )
    state = fields.Selection(
        STATES,
        compute="_compute_state",
        store=True,
        precompute=True,
        index=True,
        help="Follows from the stage.",
    )
    date_last_stage_update = fields.Datetime(
        "Last Stage Change", readonly=True, copy=False, default=fields.Datetime.now
    )
    first_response_date = fields.Datetime(
        "First Response",
        readonly=True,
        copy=False,
        help="When one of us answered the customer for the first time.",
    )
    resolved_date = fields.Datetime("Resolved On", readonly=True, copy=False)
    closed_date = fields.Datetime("Closed On", readonly=True, copy=False)
    reopen_count = fields.Integer(
        "Times Reopened", readonly=True, copy=False, default=0
    )
    # what the customer thought
    satisfaction_score = fields.Integer(
        "Satisfaction",
        readonly=True,
        copy=False,
        default=0,
        aggregator="avg",
        help="1 to 5 stars given by the customer, 0 for none.",
    )
    satisfaction_comment = fields.Text(readonly=True, copy=False)
    # beside it
    merged_into_id = fields.Many2one(
        "crm.service.ticket",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    linked_to_ids = fields.Many2many(
        "crm.service.ticket",
        "crm_service_ticket_link_rel",
        "ticket_id",
        "linked_id",
        copy=False,
    )
    linked_from_ids = fields.Many2many(
        "crm.service.ticket",
        "crm_service_ticket_link_rel",
        "linked_id",
        "ticket_id",
        copy=False,
    )
    linked_ticket_ids = fields.Many2many(
        "crm.service.ticket",
        string="Linked Tickets",
        compute="_compute_linked_ticket_ids",
        inverse="_inverse_linked_ticket_ids",
        help="Tickets that have to do with this one; the link shows on both.",
    )
    handover_ids = fields.One2many(
        "crm.service.ticket.handover", "ticket_id", "Hand-overs"
    )
    # access
    customer_id = fields.Many2one(
        "res.partner",
        "Customer Company",
        compute="_compute_guards",
        store=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    guard_user_id = fields.Many2one(
        "res.users",
        "Customer's Owner",
        compute="_compute_guards",
        store=True,
        index="btree_not_null",
    )

    _number_uniq = models.UniqueIndex(
        "(company_id, number) WHERE number <> '/'",
        "There is a ticket with this number already.",
    )
    # what is open is a small part of all: counters and boards look here, and find all
    # they count by without reading the tickets themselves
    _open_idx = models.Index(
        "(user_id, team_id, stage_id, company_id, aside_until) WHERE active IS TRUE"
        " AND state IN ('pending', 'in_progress', 'waiting')"
    )
    # the order of lists
    _order_idx = models.Index("(priority DESC, id DESC) WHERE active IS TRUE")
    _score_range = models.Constraint(
        "CHECK (satisfaction_score BETWEEN 0 AND 5)",
        "A score is 1 to 5, or 0 for none.",
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("number", "name")
    def _compute_display_name(self):
        for ticket in self:
            number = ticket.number if ticket.number != "/" else ""
            ticket.display_name = " ".join(filter(None, (number, ticket.name)))

    @api.depends("partner_id")
    def _compute_partner_email(self):
        """Keep what a stranger typed; fill from the customer what is empty or was
        filled from another one."""
        strays = filled_from_another(self, "partner_email", "email_normalized")
        for ticket in self:
            kept = ticket not in strays and ticket.partner_email
            ticket.partner_email = kept or ticket.partner_id.email

    # apart from the address: where one of two is given, the ORM computes neither
    @api.depends("partner_id")
    def _compute_partner_phone(self):
        strays = filled_from_another(self, "partner_phone", "phone_sanitized")
        for ticket in self:
            kept = ticket not in strays and ticket.partner_phone
            ticket.partner_phone = kept or ticket.partner_id.phone

    @api.depends("team_id")
    def _compute_company_id(self):
        for ticket in self:
            ticket.company_id = (
                ticket.team_id.company_id or ticket.company_id or self.env.company
            )

    @api.depends("team_id")
    def _compute_stage_id(self):
        """A new ticket starts at the first stage of its team; a moved one stays in its
        stage if the new team has it, else goes to that team's with the same state."""
        stages = self.env["crm.service.stage"]
        for team, tickets in self.grouped("team_id").items():
            for stage, group in tickets.grouped("stage_id").items():
                if not stage or (stage.team_ids and team not in stage.team_ids):
                    group.stage_id = stages._first(stage.state or "pending", team)

    @api.depends("stage_id.state")
    def _compute_state(self):
        for ticket in self:
            ticket.state = ticket.stage_id.state

    @api.depends("linked_to_ids", "linked_from_ids")
    def _compute_linked_ticket_ids(self):
        for ticket in self:
            ticket.linked_ticket_ids = ticket.linked_to_ids | ticket.linked_from_ids

    def _inverse_linked_ticket_ids(self):
        for ticket in self:
            chosen = ticket.linked_ticket_ids - ticket
            ticket.linked_from_ids &= chosen
            ticket.linked_to_ids = chosen - ticket.linked_from_ids

    @api.depends("partner_id")
    def _compute_guards(self):
        """Later changes of the partner arrive by ``_follow_partners``."""
        self.partner_id._are_carried()
        for ticket in self:
            ticket.customer_id = ticket.partner_id.commercial_partner_id
            ticket.guard_user_id = ticket.partner_id.customer_owner_id

    def _follow_partners(self, partner_ids):
        """Take over the columns of partners that have just been written; see
        ``res.partner._carried_fields_written``.

        :param partner_ids: ids of ``res.partner``
        """
        self.flush_model(["partner_id", *GUARDS])
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_service_ticket AS ticket
                   SET customer_id = partner.commercial_partner_id,
                       guard_user_id = partner.customer_owner_id
                  FROM res_partner AS partner
                 WHERE ticket.partner_id = partner.id
                   AND partner.id = ANY(%s)
                   AND (ticket.customer_id, ticket.guard_user_id) IS DISTINCT FROM
                       (partner.commercial_partner_id, partner.customer_owner_id)
                """,
                list(partner_ids),
            )
        )
        if self.env.cr.rowcount:
            self.invalidate_model(GUARDS, flush=False)

    @api.model
    def _read_group_stage_ids(self, stages, domain):
        team_ids = {
            team
            for condition in Domain(domain).iter_conditions()
            if condition.field_expr == "team_id" and condition.operator == "in"
            for team in condition.value
        }
        every = Domain("team_ids", "=", False) | Domain("id", "in", stages.ids)
        if team_ids:
            every |= Domain("team_ids", "in", list(team_ids))
        return stages.search(every)

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model
    def _system_fields(self):
        return super()._system_fields() | {
            "number",
            "state",
            "level",
            "date_last_stage_update",
            "first_response_date",
            "resolved_date",
            "closed_date",
            "reopen_count",
            "satisfaction_score",
            "satisfaction_comment",
            "merged_into_id",
            "customer_id",
            "guard_user_id",
        }

    @api.model
    def _system_fields_advice(self):
        return self.env._(
            "Move the ticket through its stages, hand it over or merge it instead."
        )

    @follows(10, new=True)
    def _draw_numbers(self, _change):
        """Number new tickets, one draw for each company."""
        # sudo: everybody who opens a ticket draws a number
        tickets = self.sudo().filtered(lambda ticket: ticket.number in (False, "/"))
        for company, group in tickets.grouped("company_id").items():
            numbers = self._ticket_sequence(company)._next_many(len(group))
            for ticket, number in zip(group, numbers, strict=True):
                ticket.number = number

    @api.model
    def _ticket_sequence(self, company):
        """The sequence of a company, else the common one, as superuser.

        :raises UserError: when an administrator deleted both
        """
        # sudo: see _draw_numbers
        sequence = (
            self.env["ir.sequence"]
            .sudo()
            .search(
                [("code", "=", SEQUENCE), ("company_id", "in", [company.id, False])],
                order="company_id",
                limit=1,
            )
        )
        if not sequence:
            raise UserError(
                self.env._(
                    "There is no sequence for tickets. Ask an administrator to create "
                    "one with the code “crm.service.ticket” under Settings / Technical "
                    "/ Sequences."
                )
            )
        return sequence

    def _times_of_stage(self, vals) -> dict:
        """Return the tickets that enter a stage by what else that writes."""
        groups = defaultdict(self.browse)
        for ticket in self:
            groups[tuple(ticket._stage_change_vals(vals["stage_id"]).items())] |= ticket
        return groups

    @follows(20, "stage_id", before="_times_of_stage")
    def _times_follow_stage(self, change):
        for extra, tickets in change.found.items():
            if extra:
                # sudo: system fields
                tickets.sudo().write(dict(extra))
