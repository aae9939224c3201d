from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.crm_suite_base.calls import shaped


class CustomerSection(NamedTuple):
    """One tile of the customer page.

    ``key`` names the section for good, ``label`` is translated, ``icon`` a Font
    Awesome class, ``model`` and ``domain`` say which records it counts and opens,
    ``sequence`` orders the tiles, ``alert_domain`` the part of them that calls for
    action (shown in red), ``context`` gives defaults for a record created there,
    ``action`` is the xmlid of a window action that opens them with its own views.
    """

    key: str
    label: str
    icon: str
    model: str
    domain: Domain
    sequence: int = 50
    alert_domain: Domain | None = None
    context: dict | None = None
    action: str = ""


class ResPartner(models.Model):
    """The 360° page: sections that other modules plug into.

    A module adds a section by appending to ``_customer_360_sections()``; the hub
    never names its satellites. Each section is shown only to those who may read its
    model, and counts only what they may read.
    """

    _inherit = "res.partner"

    def _customer_360_sections(self) -> list[CustomerSection]:
        """Sections of the page of one customer; extend through ``super()``."""
        self.ensure_one()
        return [
            _contacts_section(self),
            *_deals_sections(self),
            _activities_section(self),
        ]

    @api.readonly
    def get_customer_360(self) -> list[dict]:
        """Sections of this customer that the user may read, with counts.

        :return: dicts ``{key, label, icon, model, count, alert_count}`` in order
        :raises AccessError: when the user may not read the customer
        """
        self.ensure_one()
        self.check_access("read")
        return [
            {
                "key": section.key,
                "label": section.label,
                "icon": section.icon,
                "model": section.model,
                "count": self._count_section(section.model, section.domain),
                "alert_count": self._count_section(section.model, section.alert_domain),
            }
            for section in self._readable_360_sections()
        ]

    @shaped
    def action_open_customer_360_section(self, key: str) -> dict:
        """The window action that lists the records of the section ``key``.

        :raises AccessError: when the user may not read the customer
        :raises UserError: when there is no such section for this user
        """
        self.ensure_one()
        self.check_access("read")
        sections = {s.key: s for s in self._readable_360_sections()}
        if key not in sections:
            raise UserError(
                self.env._("There is no section “%(key)s” on this page.", key=key)
            )
        return self._prepare_360_action(sections[key])

    @api.model
    def _prepare_360_action(self, section: CustomerSection) -> dict:
        action = {
            "type": "ir.actions.act_window",
            "res_model": section.model,
            "views": [(False, "list"), (False, "form")],
        }
        if section.action:
            action = self.env["ir.actions.act_window"]._for_xml_id(section.action)
        return {
            **action,
            "name": section.label,
            "domain": list(section.domain),
            "context": section.context or {},
        }

    def _readable_360_sections(self) -> list[CustomerSection]:
        sections = sorted(self._customer_360_sections(), key=lambda s: s.sequence)
        return [s for s in sections if self.env[s.model].has_access("read")]

    @api.model
    def _count_section(self, model: str, domain: Domain | None) -> int:
        return self.env[model].search_count(domain) if domain is not None else 0


def _contacts_section(partner) -> CustomerSection:
    return CustomerSection(
        key="contacts",
        label=partner.env._("Contacts"),
        icon="fa-users",
        model="res.partner",
        domain=Domain("parent_id", "=", partner.id),
        sequence=10,
        context={"default_parent_id": partner.id, "default_type": "contact"},
        action="crm_customer_center.action_customer_contact",
    )


def _deals_sections(partner) -> list[CustomerSection]:
    family = Domain("partner_id", "child_of", partner.id)
    pending = family & Domain("won_status", "=", "pending")
    return [
        CustomerSection(
            key="opportunities",
            label=partner.env._("Open Opportunities"),
            icon="fa-star",
            model="crm.lead",
            domain=pending,
            sequence=20,
            alert_domain=pending & Domain("date_deadline", "<", "today"),
            context={
                "default_partner_id": partner.id,
                "default_type": "opportunity",
            },
            action="crm.crm_lead_opportunities",
        ),
        CustomerSection(
            key="won",
            label=partner.env._("Won"),
            icon="fa-trophy",
            model="crm.lead",
            domain=family & Domain("won_status", "=", "won"),
            sequence=30,
            action="crm.crm_lead_opportunities",
        ),
    ]


def _activities_section(partner) -> CustomerSection:
    own = Domain("res_model", "=", "res.partner") & Domain("res_id", "=", partner.id)
    return CustomerSection(
        key="activities",
        label=partner.env._("Activities"),
        icon="fa-clock-o",
        model="mail.activity",
        domain=own,
        sequence=40,
        alert_domain=own & Domain("date_deadline", "<", "today"),
    )
