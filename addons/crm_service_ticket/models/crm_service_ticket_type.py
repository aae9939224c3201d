from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import ormcache

from ..tools import form_extras

# what the contract knows; each type is one of these kinds, however it is called
TICKET_TYPES = [
    ("consult", "Consultation"),
    ("complaint", "Complaint"),
    ("suggestion", "Suggestion"),
    ("fault", "Fault"),
]
PRIORITIES = [("0", "Low"), ("1", "Medium"), ("2", "High")]


class CrmServiceTicketType(models.Model):
    """What tickets are about, as a tree that managers grow.

    Each type belongs to one of the four kinds of the contract (``ticket_type``), so
    that what reads or writes the kind of a ticket works with any types. The four
    shipped ones carry their kind as ``key`` and are found by it; see docs/adr/0046.
    """

    _name = "crm.service.ticket.type"
    _description = "Ticket Type"
    _parent_store = True
    _order = "place, id"
    _rec_name = "complete_name"
    _rec_names_search = ("complete_name",)
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    complete_name = fields.Char(
        "Full Name",
        compute="_compute_complete_name",
        recursive=True,
        search="_search_complete_name",
        help="The name with those above it.",
    )
    parent_id = fields.Many2one(
        "crm.service.ticket.type",
        "Part Of",
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("crm.service.ticket.type", "parent_id", "Finer Types")
    sequence = fields.Integer(default=10)
    place = fields.Char(
        compute="_compute_place",
        store=True,
        recursive=True,
        index=True,
        help="The way down the tree, as text that sorts.",
    )
    key = fields.Selection(
        TICKET_TYPES,
        readonly=True,
        copy=False,
        help="Shipped types are known to other programs by this, whatever they are "
        "called.",
    )
    ticket_type = fields.Selection(
        TICKET_TYPES,
        "Main Type",
        required=True,
        compute="_compute_ticket_type",
        store=True,
        readonly=False,
        recursive=True,
        precompute=True,
        help="What other programs and the figures take such a ticket for. A type "
        "below another one is of its kind.",
    )
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: for all companies."
    )
    default_team_id = fields.Many2one(
        "crm.service.team",
        "Team",
        index="btree_not_null",
        ondelete="set null",
        help="New tickets of this type go here when no team is chosen; those of other "
        "companies than the team's do not.",
    )
    default_priority = fields.Selection(
        PRIORITIES,
        "Priority",
        help="New tickets of this type start with it.",
    )
    on_form = fields.Boolean(
        "Offered to Customers",
        default=True,
        help="Customers may choose it in the public form and on the portal.",
    )
    ticket_properties_definition = fields.PropertiesDefinition("Further Fields")
    further_fields = fields.Char(
        "Names of Further Fields", compute="_compute_further_fields"
    )
    active = fields.Boolean(default=True)
    ticket_count = fields.Integer(
        "Tickets",
        compute="_compute_ticket_count",
        compute_sudo=False,
        help="Open ones of this type and of those below it.",
    )

    _key_uniq = models.UniqueIndex(
        "(key) WHERE key IS NOT NULL", "There is a shipped type of this kind already."
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("name", "parent_id.complete_name")
    @api.depends_context("lang")
    def _compute_complete_name(self):
        for one in self:
            above = one.parent_id.complete_name
            one.complete_name = " / ".join(filter(None, (above, one.name)))

    # Odoo's own would be the same in every language
    @api.depends("complete_name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for one in self:
            one.display_name = one.complete_name

    @api.model
    def _search_complete_name(self, operator, value):
        """Part of a name finds the whole branch; a whole name, or the way to it as it
        is shown, this one type."""
        if operator == "ilike" and isinstance(value, str):
            found = self.search([("name", "ilike", _last_step(value))])
            return Domain("id", "child_of", found.ids)
        if operator == "in":
            wanted = {one for one in value if isinstance(one, str)}
            found = self.search([("name", "in", [_last_step(one) for one in wanted])])
            found = found.filtered(lambda one: {one.name, one.complete_name} & wanted)
            return Domain("id", "in", found.ids)
        return NotImplemented

    @api.depends("parent_id.place", "sequence")
    def _compute_place(self):
        for one in self:
            own = f"{max(one.sequence, 0):07d}.{one._origin.id or 0}/"
            one.place = (one.parent_id.place or "") + own

    @api.depends("parent_id.ticket_type")
    def _compute_ticket_type(self):
        for one in self:
            one.ticket_type = (
                one.parent_id.ticket_type or one.ticket_type or one.key or "consult"
            )

    @api.depends("ticket_properties_definition")
    def _compute_further_fields(self):
        for one in self:
            definition = one.ticket_properties_definition or []
            one.further_fields = ", ".join(
                field.get("string") or field["name"]
                for field in definition
                if field["type"] != "separator"
            )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_ticket_count(self):
        below = self._with_below()
        counts = dict(
            self.env["crm.service.ticket"]._read_group(
                [
                    ("type_id", "in", below.ids),
                    ("state", "in", ("pending", "in_progress", "waiting")),
                ],
                ["type_id"],
                ["__count"],
            )
        )
        for one in self:
            one.ticket_count = sum(
                count for type_, count in counts.items() if type_._is_part_of(one)
            )

    # ------------------------------------------------------------
    # CHECKS
    # ------------------------------------------------------------

    @api.constrains("parent_id")
    def _check_cycle(self):
        if self._has_cycle():
            raise ValidationError(self.env._("A type cannot be part of itself."))

    @api.constrains("parent_id", "ticket_type")
    def _check_kind(self):
        for one in self.filtered("parent_id"):
            if one.ticket_type != one.parent_id.ticket_type:
                raise ValidationError(
                    self.env._(
                        "“%(type)s” is part of “%(above)s” and so of its kind.",
                        type=one.name,
                        above=one.parent_id.name,
                    )
                )

    @api.constrains("key", "parent_id", "ticket_type", "company_id")
    def _check_shipped(self):
        """Other programs find the shipped ones by key, in every company."""
        for one in self.filtered("key"):
            if one.parent_id or one.company_id or one.ticket_type != one.key:
                raise ValidationError(
                    self.env._(
                        "“%s” came with the program: it may have another name, but "
                        "stays of its kind, at the top and in all companies. Add a "
                        "type of your own instead.",
                        one.name,
                    )
                )

    @api.constrains("company_id")
    def _check_company_of_tickets(self):
        """A type taken from the other companies would leave their tickets without."""
        for one in self.filtered("company_id"):
            others = Domain("type_id", "=", one.id)
            others &= Domain("company_id", "!=", one.company_id.id)
            if one._every_ticket().search_count(others, limit=1):
                raise ValidationError(
                    self.env._(
                        "Tickets of other companies are of the type “%s”. Add one for "
                        "the company instead.",
                        one.name,
                    )
                )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model
    def _system_fields(self):
        return super()._system_fields() | {"key"}

    @api.model_create_multi
    def create(self, vals_list):
        """A finer type asks what the one above asks, until it is told otherwise."""
        vals_list = [self._with_fields_of_parent(vals) for vals in vals_list]
        types = super().create(vals_list)
        self.env.registry.clear_cache()
        return types

    @api.model
    def _with_fields_of_parent(self, vals):
        if "ticket_properties_definition" in vals or not vals.get("parent_id"):
            return vals
        parent = self.browse(vals["parent_id"])
        asked = parent.ticket_properties_definition
        return {**vals, "ticket_properties_definition": asked} if asked else vals

    def write(self, vals):
        """:raises UserError: when the kind of a type in use would change"""
        moves = {"parent_id", "ticket_type"} & vals.keys()
        kinds = {one: one.ticket_type for one in self._with_below()} if moves else {}
        if vals.get("active") is False:
            # what is below a closed branch is not offered either
            (self._with_below() - self).filtered("active").active = False
        result = super().write(vals)
        changed = [one.id for one, kind in kinds.items() if one.ticket_type != kind]
        self.browse(changed)._check_kind_is_free()
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _check_kind_is_free(self):
        used = self._every_ticket().search([("type_id", "in", self.ids)], limit=1)
        if self and used:
            raise UserError(
                self.env._(
                    "There are tickets of the type “%s”: what was promised and counted "
                    "went by its kind. Add another type and use that from now on.",
                    used.type_id.display_name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        shipped = self.filtered("key")
        if shipped:
            raise UserError(
                self.env._(
                    "“%s” came with the program, and others count on it. Archive it "
                    "instead: it is not offered any more.",
                    shipped[0].name,
                )
            )
        if self.with_context(active_test=False).child_ids - self:
            raise UserError(
                self.env._("There are finer types below. Delete or move them first.")
            )
        for model, field, words in self._users_of_types():
            # sudo: what the user may not see needs its type as well
            holders = self.env[model].sudo().with_context(active_test=False)
            holder = holders.search([(field, "in", self.ids)], limit=1)
            if holder:
                raise UserError(
                    self.env._(
                        "“%(type)s” is used by %(what)s. Archive it instead: it is "
                        "not offered any more, and what there is stays.",
                        # sudo: the types are the ones to be deleted
                        type=(holder[field] & self.sudo())[:1].display_name,
                        what=words,
                    )
                )

    @api.model
    def _users_of_types(self) -> list[tuple[str, str, str]]:
        """Hook: what holds types: model, field, and how it is called in a sentence."""
        tickets = self.env._("tickets")
        skills = self.env._("skills")
        answers = self.env._("canned answers")
        rules = self.env._("rules for incoming mail and forms")
        return [
            ("crm.service.ticket", "type_id", tickets),
            ("crm.service.skill", "type_id", skills),
            ("mail.canned.response", "ticket_type_id", answers),
            ("crm.service.intake.rule", "type_id", rules),
        ]

    def _form_extras(self):
        """The fields of the type that a form can ask for."""
        self.ensure_one()
        return form_extras.extras_of(self.ticket_properties_definition or ())

    @api.model
    def _offered(self, company, limit=None):
        """The types a customer may choose from in the forms of a company."""
        domain = [("on_form", "=", True), ("company_id", "in", [company.id, False])]
        # sudo: what the company offers in its form
        return self.sudo().search(domain, limit=limit)

    @api.model
    def _preset(self, company):
        """The one that the form begins with: who leaves it has chosen none."""
        return self._offered(company, limit=1) or self._default_type()

    # ------------------------------------------------------------
    # LOOKING UP
    # ------------------------------------------------------------

    def _every_ticket(self):
        # sudo: tickets of other teams and companies count too
        tickets = self.env["crm.service.ticket"].sudo()
        return tickets.with_context(active_test=False)

    def _with_below(self):
        """These and all below them, archived ones too."""
        every = self.with_context(active_test=False)
        return every.search([("id", "child_of", self.ids)]) if self.ids else self

    def _is_part_of(self, other) -> bool:
        """Whether this is the other type or one below it; of none nothing is."""
        above = other.parent_path
        return bool(above) and (self.parent_path or "").startswith(above)

    @api.model
    def _of_kind(self, key):
        """The shipped type of a kind, also an archived one.

        :raises ValueError: for what is no kind, as the ORM does
        """
        if key not in dict(TICKET_TYPES):
            raise ValueError(f"Wrong value for {self._name}.key: {key!r}")
        return self.browse(self._ids_by_key().get(key) or [])

    @api.model
    @ormcache()
    def _ids_by_key(self) -> dict[str, int]:
        # sudo: the same for everybody
        every = self.sudo().with_context(active_test=False)
        return {one.key: one.id for one in every.search([("key", "!=", False)])}

    @api.model
    def _default_type(self):
        """What a ticket is when nobody said: a question, where that is offered."""
        key = self.env.context.get("default_ticket_type")
        if key in dict(TICKET_TYPES):
            return self._of_kind(key)
        return self.browse(self._default_id() or [])

    @api.model
    @ormcache()
    def _default_id(self) -> int | None:
        # sudo: the same for everybody
        offered = self.sudo().search([("company_id", "=", False)])
        asked = offered.filtered(lambda one: one.key == "consult") or offered
        return asked[:1].id or self._ids_by_key().get("consult")

    def action_open_tickets(self):
        """The open tickets of this type and of those below it."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_service_ticket.action_ticket"
        )
        return {
            **action,
            "domain": [("type_id", "child_of", self.ids)],
            "context": {"search_default_open": 1, "default_type_id": self.id},
            "display_name": self.display_name,
        }


def _last_step(name: str) -> str:
    """The own name in a way down the tree as it is shown."""
    return name.rpartition(" / ")[2]
