from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import format_date

from ..tools import form_extras
from .crm_service_ticket_type import TICKET_TYPES

# what decides about the type a ticket is written with
TICKET = "crm.service.ticket"
DECIDING = {"type_id", "ticket_type", "team_id", "company_id"}


class CrmServiceTicket(models.Model):
    """What a ticket is about, and what its type brings along.

    Other programs go on writing the kind (``ticket_type``): that makes it the shipped
    type of this kind, unless it is of a finer one already. See docs/adr/0046.
    """

    _inherit = "crm.service.ticket"
    _check_company_auto = True

    type_id = fields.Many2one(
        "crm.service.ticket.type",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
        default=lambda self: self.env["crm.service.ticket.type"]._default_type(),
    )
    ticket_type = fields.Selection(
        TICKET_TYPES,
        "Main Type",
        required=True,
        compute="_compute_ticket_type",
        store=True,
        readonly=False,
        precompute=True,
        help="Follows from the type: one of the four other programs know.",
    )
    type_properties = fields.Properties(
        "Fields of the Type", definition="type_id.ticket_properties_definition"
    )

    # the kind of a type in use does not change
    @api.depends("type_id")
    def _compute_ticket_type(self):
        for ticket in self:
            ticket.ticket_type = ticket.type_id.ticket_type or ticket.ticket_type

    @api.onchange("type_id")
    def _onchange_type_id(self):
        """A new ticket starts as its type says; an old one stays where it is."""
        if not self._origin:
            company = self.company_id or self.env.company
            self.update(brought_by(self.env, self.type_id, company.id))

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([_with_type(self.env, vals) for vals in vals_list])

    def write(self, vals):
        if not DECIDING & vals.keys():
            return super().write(vals)
        if "type_id" in vals:
            return super().write(_typed(vals, _linked(self.env, "type_id", vals)))
        groups = defaultdict(self.browse)
        for ticket in self:
            groups[_type_written(ticket, vals)] |= ticket
        for type_, tickets in groups.items():
            super(CrmServiceTicket, tickets).write(_typed(vals, type_))
        return True

    def _said_of_type(self) -> list[tuple[str, str]]:
        """What stands in the fields of the type, for the customer to read: pairs of
        name and words, without what is empty."""
        self.ensure_one()
        said = self.type_properties or {}
        return [
            (extra.label, _extra_in_words(self.env, extra, said[extra.name]))
            for extra in self.type_id._form_extras()
            if said.get(extra.name)
        ]


def _with_type(env, vals):
    """Return the values of a new ticket with its type and what that brings."""
    type_ = _type_of(env, vals)
    vals = _typed(vals, type_)
    company = vals.get("company_id") or env.company.id
    return {**brought_by(env, type_, company), **vals}


def brought_by(env, type_, company_id) -> dict:
    """What a type says about new tickets of a company, where the caller's context
    says nothing."""
    # sudo: what a type says is for all who open tickets
    said = type_.sudo()
    brought = {}
    team = said.default_team_id
    if team.active and team.company_id.id in (False, company_id):
        brought["team_id"] = team.id
    if said.default_priority:
        brought["priority"] = said.default_priority
    return {
        name: value
        for name, value in brought.items()
        if f"default_{name}" not in env.context
    }


def _type_of(env, vals):
    """The type of a new ticket, by its type, by its kind, or where nobody said."""
    types = env["crm.service.ticket.type"]
    if vals.get("type_id"):
        return _linked(env, "type_id", vals)
    if vals.get("ticket_type"):
        return types._of_kind(vals["ticket_type"])
    chosen = {"type_id": env.context.get("default_type_id")}
    return _linked(env, "type_id", chosen) or types._default_type()


def _type_written(ticket, vals):
    """The type these values bring; empty: the one the ticket has.

    :raises ValueError: for a kind there is none of
    """
    types = ticket.env["crm.service.ticket.type"]
    # sudo: compared; whether the user may write is asked by the write
    stored = ticket.sudo()
    type_ = stored.type_id
    if "ticket_type" in vals and vals["ticket_type"] != stored.ticket_type:
        type_ = types._of_kind(vals["ticket_type"])
    company = _company_written(stored.env, vals)
    if company and type_.company_id and type_.company_id != company:
        # the type of the company it leaves stays behind
        type_ = types._of_kind(type_.ticket_type)
    return types.browse(type_.ids) - types.browse(stored.type_id.ids)


def _company_written(env, vals):
    """The company these values bring the ticket to, if they say one."""
    team = _linked(env, "team_id", vals)
    return team.company_id or _linked(env, "company_id", vals)


def _linked(env, name, vals):
    """The record that values link to; what is no id the ORM will refuse."""
    value = vals.get(name)
    ids = [value] if type(value) is int and value else []
    return env[env[TICKET]._fields[name].comodel_name].browse(ids)


def _typed(vals, type_) -> dict:
    """Return the values with this type and its kind: never one without the other.
    Without a type, as they are but for the kind the ticket has."""
    if not type_:
        return {name: value for name, value in vals.items() if name != "ticket_type"}
    # sudo: a kind is for all who open tickets
    kind = type_.sudo().ticket_type
    return {**vals, "type_id": type_.id, "ticket_type": kind}


def _extra_in_words(env, extra: form_extras.Extra, value) -> str:
    if extra.kind == "boolean":
        return env._("Yes")
    if extra.kind == "selection":
        return dict(extra.choices)[value]
    if extra.kind == "date":
        return format_date(env, value)
    return str(value)
