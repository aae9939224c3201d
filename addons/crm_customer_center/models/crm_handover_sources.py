from collections.abc import Callable
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain


class HandoverSource(NamedTuple):
    """A kind of things that a person has and that can be handed over.

    ``key`` names it for good, ``label`` is translated, ``field`` is the many2one to
    the person on ``model``. ``domain`` says which of the records of some people count
    (open ones, say), beside having one of them in the field. ``customer``: the path
    from a record to its customer, ``.`` for itself: its region is asked, and what
    belongs to a customer goes along when that one is handed over; ``of_customers``
    says so where no path leads there. ``along``: whom each record goes with by
    itself, as a path or a function that returns users by id; else it is shared among
    the receivers. ``beside``: many2one fields that follow the person by themselves and
    come back with him. ``move``: writes the person where more belongs to it; called
    with records, who had them and who gets them, for taking back the other way round.
    ``activity``: the many2one to an activity that goes with the record, or a function
    that returns those of records. ``is_post``:
    somebody has to have it when the person leaves. ``is_setup``: matters of an
    administrator. ``is_system``: who reads the record may hand it over, for nobody but
    the system writes it.
    """

    key: str
    label: str
    model: str
    field: str = "user_id"
    domain: Domain = Domain.TRUE
    sequence: int = 50
    customer: str = ""
    of_customers: Callable | None = None
    along: str | Callable = ""
    beside: tuple[str, ...] = ()
    move: Callable | None = None
    activity: str | Callable = ""
    is_post: bool = False
    is_setup: bool = False
    is_system: bool = False


class CrmHandover(models.Model):
    """What can be handed over: sources that other modules plug into."""

    _inherit = "crm.handover"

    @api.model
    def _handover_sources(self) -> list[HandoverSource]:
        """What people have; a module appends through ``super()``."""
        return [
            *self._customer_sources(),
            *self._calendar_sources(),
            HandoverSource(
                key="teams",
                label=self.env._("Sales Teams Led"),
                model="crm.team",
                sequence=80,
                is_post=True,
                is_setup=True,
            ),
            *self._rule_sources(),
        ]

    @api.model
    def _customer_sources(self) -> list[HandoverSource]:
        is_open = Domain("won_status", "=", "pending")
        return [
            HandoverSource(
                key="customers",
                label=self.env._("Customers"),
                model="res.partner",
                domain=Domain("lifecycle_state", "!=", False),
                sequence=10,
                customer=".",
                beside=("team_id",),
            ),
            HandoverSource(
                key="contacts",
                label=self.env._("Contacts"),
                model="res.partner",
                domain=Domain("lifecycle_state", "=", False),
                sequence=15,
                customer="commercial_partner_id",
                along="commercial_partner_id.user_id",
                beside=("team_id",),
            ),
            HandoverSource(
                key="leads",
                label=self.env._("Leads"),
                model="crm.lead",
                domain=is_open & Domain("type", "=", "lead"),
                sequence=20,
                customer="partner_id",
                along="partner_id.customer_owner_id",
                beside=("team_id",),
            ),
            HandoverSource(
                key="deals",
                label=self.env._("Open Deals"),
                model="crm.lead",
                domain=is_open & Domain("type", "=", "opportunity"),
                sequence=25,
                customer="partner_id",
                along="partner_id.customer_owner_id",
                beside=("team_id",),
            ),
        ]

    @api.model
    def _calendar_sources(self) -> list[HandoverSource]:
        return [
            HandoverSource(
                key="activities",
                label=self.env._("Activities"),
                model="mail.activity",
                domain=Domain("active", "=", True),
                sequence=60,
                of_customers=_activities_of,
                along=_owners_of_documents,
            ),
            HandoverSource(
                key="meetings",
                label=self.env._("Meetings to Come"),
                model="calendar.event",
                domain=Domain("stop", ">=", fields.Datetime.now()),
                sequence=65,
                of_customers=_meetings_with,
                along=_owners_met,
                move=_move_meetings,
            ),
        ]

    @api.model
    def _rule_sources(self) -> list[HandoverSource]:
        """Whoever is told when a rule fails: of every kind of rules there is."""
        # sudo: names of kinds of records
        kinds = self.env["ir.model"].sudo()
        return [
            HandoverSource(
                key=f"rules.{name}",
                label=self.env._("Told When It Fails: %s", kinds._get(name).name),
                model=name,
                field="responsible_id",
                sequence=95,
                is_setup=True,
            )
            for name in self.env["crm.rule.mixin"]._rule_models()
        ]

    # ------------------------------------------------------------
    # READING
    # ------------------------------------------------------------

    @api.model
    def _readable_sources(self) -> dict[str, HandoverSource]:
        """Return the sources by key, in order; without those of models the user does
        not read."""
        return {
            source.key: source
            for source in sorted(self._handover_sources(), key=lambda s: s.sequence)
            if self.env[source.model].has_access("read")
        }

    def _source_domain(self, source: HandoverSource, sources) -> Domain | None:
        """Return which records of a source this hand-over is about.

        :return: nothing for what does not go along with single customers
        """
        self.ensure_one()
        person = self.person_id.id
        domain = Domain(source.field, "=", person) & source.domain
        if source.model == "mail.activity":
            domain &= self._without_activities_of(sources)
        if not self.is_part:
            return domain
        # sudo: which customers it is about; their records are read by rights
        customers = self.sudo().partner_ids.ids
        if source.of_customers:
            return domain & source.of_customers(self.env, customers)
        if source.customer == ".":
            return domain & Domain("id", "in", customers)
        if not source.customer:
            return None
        path = source.customer
        if path != "commercial_partner_id":
            path += ".commercial_partner_id"
        return domain & Domain(path, "in", customers)

    def _without_activities_of(self, sources) -> Domain:
        """Activities that stand for something which is counted by itself go with it."""
        person, domain = self.person_id.id, Domain.TRUE
        for source in sources.values():
            if source.activity:
                own = Domain(source.field, "=", person) & source.domain
                # sudo: left out here, and counted where one may read them
                records = self.env[source.model].sudo().search(own)
                ask = source.activity
                known = ask(records) if callable(ask) else records[ask]
                domain &= Domain("id", "not in", known.ids)
        return domain


# ------------------------------------------------------------
# ACTIVITIES AND MEETINGS
# ------------------------------------------------------------


def _activities_of(env, customers: list[int]) -> Domain:
    """Activities on customers, and on their contacts and deals."""
    family = Domain("commercial_partner_id", "in", customers)
    deals = Domain("partner_id.commercial_partner_id", "in", customers)
    return Domain.OR(
        Domain("res_model", "=", model)
        & Domain("res_id", "in", env[model].search(domain).ids)
        for model, domain in (("res.partner", family), ("crm.lead", deals))
    )


def _owners_of_documents(activities) -> dict:
    """An activity goes with what it is about: to whoever looks after that now."""
    owners = {}
    for model, own in activities.grouped("res_model").items():
        if not model or model not in activities.env:
            continue
        documents = activities.env[model].browse(own.mapped("res_id")).exists()
        field = {"res.partner": "customer_owner_id"}.get(model, "user_id")
        if getattr(documents._fields.get(field), "comodel_name", "") != "res.users":
            continue
        persons = {document.id: document[field] for document in documents}
        for activity in own:
            owners[activity.id] = persons.get(activity.res_id)
    return owners


def _meetings_with(_env, customers: list[int]) -> Domain:
    return Domain("partner_ids.commercial_partner_id", "in", customers)


def _owners_met(meetings) -> dict:
    """A meeting goes with its deal, else with the first customer who takes part."""
    return {
        meeting.id: meeting.opportunity_id.user_id
        or meeting.partner_ids.customer_owner_id[:1]
        for meeting in meetings
    }


def _move_meetings(meetings, old, new):
    """Who gets a meeting takes part in it, instead of who had it."""
    for meeting in meetings:
        partners = meeting.partner_ids - old.partner_id | new.partner_id
        meeting.write(
            {"user_id": new.id, "partner_ids": [fields.Command.set(partners.ids)]}
        )
