from collections.abc import Callable
from typing import Any, NamedTuple

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.crm_suite_base.calls import shaped
from odoo.addons.crm_suite_base.tools.likes import literal

from ..tools.search_keys import typed_number

# of each kind; more is a list, not a glance
LINES = 6
PARTNER_FIELDS = (
    "display_name", "name", "lifecycle_state", "customer_code", "city", "state_id",
    "user_id", "former_names", "parent_id", "function", "phone",
)  # fmt: skip
# of a text this short leads and the like are not asked
SHORTEST = 2


class Asked(NamedTuple):
    """``text``: as typed; ``digits``: of a text that is a number, else empty;
    ``partners``: who is meant by the text, the best first; ``limit``: so many are
    shown."""

    text: str
    digits: str
    partners: Any
    limit: int


class SearchSource(NamedTuple):
    """A kind of record that the box finds.

    ``key`` names it for good, ``label`` is translated, ``icon`` a Font Awesome class;
    ``find`` gives records of ``model`` in order, searched as the user; ``line`` gives
    the title of one and what tells it from another of the same name.
    """

    key: str
    model: str
    label: str
    icon: str
    find: Callable[[Asked], Any]
    line: Callable[[Any], tuple[str, list]]
    sequence: int = 50


class SearchCommand(NamedTuple):
    """Something to do beside what is found: a form for a new record of ``model``, or
    ``action``, the xmlid of a page, for who may read the model.

    ``name_field``: takes what was typed, if it is no number; ``phone_field``: takes it
    if it is one; of a page what its context calls ``default_…``. ``view``: xmlid of
    another form than the first.
    """

    key: str
    model: str
    label: str
    icon: str
    sequence: int = 50
    context: dict | None = None
    name_field: str = ""
    phone_field: str = ""
    view: str = ""
    action: str = ""


class CrmGlobalSearch(models.AbstractModel):
    """One box for all that a person looks up, from anywhere.

    Modules append to ``_global_search_sources`` and ``_global_search_commands``; the
    hub never names its satellites. Everything is searched and read by the rights of
    who asks.
    """

    _name = "crm.global.search"
    _description = "Search in Everything"

    # ------------------------------------------------------------
    # REGISTRIES
    # ------------------------------------------------------------

    @api.model
    def _global_search_sources(self) -> list[SearchSource]:
        """What the box finds; extend through ``super()``."""
        return [
            SearchSource(
                key="customers",
                model="res.partner",
                label=self.env._("Customer"),
                icon="fa-building",
                find=self._find_customers,
                line=self._customer_line,
                sequence=10,
            ),
            SearchSource(
                key="contacts",
                model="res.partner",
                label=self.env._("Contact"),
                icon="fa-user",
                find=self._find_contacts,
                line=self._contact_line,
                sequence=20,
            ),
            SearchSource(
                key="deals",
                model="crm.lead",
                label=self.env._("Opportunity"),
                icon="fa-star",
                find=lambda asked: self._find_leads(asked, "opportunity"),
                line=self._lead_line,
                sequence=30,
            ),
            SearchSource(
                key="leads",
                model="crm.lead",
                label=self.env._("Lead"),
                icon="fa-bullseye",
                find=lambda asked: self._find_leads(asked, "lead"),
                line=self._lead_line,
                sequence=40,
            ),
        ]

    @api.model
    def _global_search_commands(self) -> list[SearchCommand]:
        """What can be begun from the box; extend through ``super()``."""
        return [
            SearchCommand(
                key="new_customer",
                model="res.partner",
                label=self.env._("New customer"),
                icon="fa-plus",
                sequence=10,
                context={
                    "default_lifecycle_state": "potential",
                    "default_is_company": True,
                    "default_user_id": self.env.uid,
                },
                name_field="name",
                phone_field="entry_contact_phone",
                view="crm_customer_center.view_customer_form",
            ),
            SearchCommand(
                key="new_deal",
                model="crm.lead",
                label=self.env._("New opportunity"),
                icon="fa-plus",
                sequence=20,
                context={"default_type": "opportunity"},
                name_field="name",
                phone_field="phone",
            ),
        ]

    # ------------------------------------------------------------
    # THE BOX
    # ------------------------------------------------------------

    @api.model
    @api.readonly
    @shaped
    def find(self, text: object) -> list[dict]:
        """Return what the box shows for a text, nothing for anything else.

        :return: lines, each with key, label, icon, model, id, title and detail
        """
        text = text.strip()[:200] if isinstance(text, str) else ""
        return self._lines(text) if text else []

    @api.model
    def _lines(self, text: str) -> list[dict]:
        asked = self._asked(text)
        lines: list[dict] = []
        sources = sorted(self._global_search_sources(), key=lambda s: s.sequence)
        for source in sources:
            if not self.env[source.model].has_access("read"):
                continue
            for record in source.find(asked)[: asked.limit]:
                title, details = source.line(record)
                lines.append(
                    {
                        "key": source.key,
                        "label": source.label,
                        "icon": source.icon,
                        "model": source.model,
                        "id": record.id,
                        "title": title,
                        "detail": " · ".join(str(part) for part in details if part),
                    }
                )
        return lines

    @api.model
    def _asked(self, text: str) -> Asked:
        partners = self.env["res.partner"]
        if partners.has_access("read"):
            partners = partners._find(text, Domain.TRUE, 2 * LINES)
            # what the lines say and no more: a partner has two hundred columns
            partners.fetch(PARTNER_FIELDS)
        return Asked(text, typed_number(text), partners, LINES)

    @api.model
    def _commands(self) -> list[dict]:
        """What the user may begin, for the client to know from the start.

        :return: commands, each with key, label, icon, whether it opens a page instead
            of a new record, the action that it starts, and the fields that take a name
            or a number typed before
        """
        commands = sorted(self._global_search_commands(), key=lambda c: c.sequence)
        return [
            {
                "key": command.key,
                "label": command.label,
                "icon": command.icon,
                "is_page": bool(command.action),
                "action": self._command_action(command),
                "name_field": command.name_field,
                "phone_field": command.phone_field,
            }
            for command in commands
            if self.env[command.model].has_access(
                "read" if command.action else "create"
            )
        ]

    @api.model
    def _command_action(self, command: SearchCommand) -> dict:
        if command.action:
            return {
                **self.env["ir.actions.actions"]._for_xml_id(command.action),
                "context": command.context or {},
            }
        view = self.env.ref(command.view).id if command.view else False
        return {
            "type": "ir.actions.act_window",
            "name": command.label,
            "res_model": command.model,
            "views": [[view, "form"]],
            "target": "current",
            "context": command.context or {},
        }

    # ------------------------------------------------------------
    # PARTNERS AND LEADS
    # ------------------------------------------------------------

    @api.model
    def _find_customers(self, asked: Asked):
        return asked.partners.filtered("lifecycle_state")

    @api.model
    def _find_contacts(self, asked: Asked):
        return asked.partners.filtered(lambda partner: not partner.lifecycle_state)

    @api.model
    def _customer_line(self, partner) -> tuple[str, list]:
        states = dict(
            partner._fields["lifecycle_state"]._description_selection(self.env)
        )
        return partner.display_name, [
            partner.customer_code,
            partner.city or partner.state_id.name,
            partner.user_id.name or self.env._("no owner"),
            states.get(partner.lifecycle_state),
            _former(partner),
        ]

    @api.model
    def _contact_line(self, partner) -> tuple[str, list]:
        company = partner.parent_id
        return partner.name or partner.display_name, [
            company.display_name,
            partner.function,
            partner.phone,
            partner.city,
            company.user_id.name,
        ]

    @api.model
    def _find_leads(self, asked: Asked, kind: str):
        leads = self.env["crm.lead"]
        kinds = Domain("type", "=", kind)
        found = leads
        for domain in self._lead_domains(asked):
            if len(found) < asked.limit:
                rest = kinds & domain & Domain("id", "not in", found.ids)
                found += leads.search(rest, limit=asked.limit - len(found))
        return found

    @api.model
    def _lead_domains(self, asked: Asked) -> list[Domain]:
        """Ways to find a lead, each by an index of its own: of the customers found, by
        its number, by its words."""
        domains = []
        if asked.partners:
            domains.append(Domain("partner_id", "in", asked.partners.ids))
        if asked.digits:
            domains.append(Domain("phone_mobile_search", "ilike", asked.digits))
        elif len(asked.text) >= SHORTEST:
            words = literal(asked.text)
            domains.append(Domain("name", "ilike", words))
            domains.append(
                Domain("contact_name", "ilike", words)
                | Domain("partner_name", "ilike", words)
                | Domain("email_from", "ilike", words)
            )
        return domains

    @api.model
    def _lead_line(self, lead) -> tuple[str, list]:
        # the names of a customer that its salesperson may not read stay hidden
        partner = lead.partner_id._filtered_access("read")
        return lead.name, [
            partner.display_name or lead.partner_name or lead.contact_name,
            lead.stage_id.name,
            lead.user_id.name or self.env._("no owner"),
            lead.city,
        ]


def _former(partner) -> str:
    former = (partner.former_names or "").split("\n", 1)[0]
    return partner.env._("formerly %(name)s", name=former) if former else ""
