from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_suite_base.calls import shaped
from odoo.addons.crm_suite_base.tools.likes import literal

from ..tools import timeline
from ..tools.timeline import Bound, Event
from .res_partner_timeline_threads import count_threads, scan_threads

PAGE = 30
LONGEST_PAGE = 100
# a chip says "99+" above
COUNTED = 100
# an event that has a day and no time stands at noon
NOON = timedelta(hours=12)


class TimelineKind(NamedTuple):
    """A chip of the timeline's filter.

    ``tone`` is one of the colours of the page: blue, green, orange, red, purple, teal,
    grey.
    """

    key: str
    label: str
    icon: str
    tone: str = "grey"
    sequence: int = 50


class Cover(NamedTuple):
    """Says that records of a source stand for those of another, so that one event shows
    once: a follow-up made of a mail covers the mail.

    ``source`` is the key of the covered source, ``link`` the stored field of the
    covering model that holds the number of the covered record, ``domain`` which
    covering records it is true for. Only what the reader sees covers something. The
    models of the two must differ.
    """

    source: str
    link: str
    domain: Domain = Domain.TRUE


class TimelineLine(NamedTuple):
    """One line of the timeline.

    ``title`` says what happened in a few words, ``text`` is what was said, plain.
    ``person`` is who did it (a user or a partner), ``about`` the record it belongs to
    when that is not the customer: both are named once for the whole page. ``opens`` is
    the record behind the line, the event itself by default. ``noise`` folds it away;
    ``folded`` says how many contacts did the same along with the customer.
    """

    title: str
    text: str = ""
    person: models.BaseModel | None = None
    about: models.BaseModel | None = None
    opens: models.BaseModel | None = None
    badge: str = ""
    tone: str = ""
    icon: str = ""
    noise: bool = False
    folded: int = 0


class TimelineSource(NamedTuple):
    """Where events of the timeline come from.

    ``key`` names the source for good, ``kind`` is the key of its chip. ``model``,
    ``domain`` and ``moment`` (a stored Date or Datetime) say which records are events
    and when they happened; the domain names the customer's family by
    ``_customer_family()``. ``render(records)`` gives a line for each record, reading
    no more than ``fields``. ``person`` is a many2one to users or partners, ``text`` the
    fields that are searched. ``sequence`` orders events of one moment. ``covers`` says
    which events of others these replace.

    Rights: records are those the reader may search. Where ``by_domain``, the reader has
    no right on the model as such and the domain alone says which events may be seen.
    ``threads`` marks events on documents (mail.message), see
    ``_customer_timeline_threads()``; of those a message is of one source only.
    """

    key: str
    kind: str
    model: str
    moment: str
    domain: Domain
    fields: tuple[str, ...]
    render: Callable[[models.BaseModel], Iterator[TimelineLine]]
    person: str = ""
    text: tuple[str, ...] = ()
    sequence: int = 50
    covers: tuple[Cover, ...] = ()
    by_domain: bool = False
    threads: bool = False


class ResPartner(models.Model):
    """The timeline of a customer: what has happened, newest first, from all modules.

    A module adds events by ``_customer_timeline_sources()`` and a chip by
    ``_customer_timeline_kinds()``; the hub never names its satellites. A page costs the
    same wherever it is: each source gives the newest below the cursor, see
    ``tools/timeline.py`` and docs/adr/0033.
    """

    _inherit = "res.partner"

    # ------------------------------------------------------------
    # REGISTRIES
    # ------------------------------------------------------------

    @api.model
    def _customer_timeline_kinds(self) -> list[TimelineKind]:
        """Chips of the filter; extend through ``super()``. One without a source that
        the reader may see is not shown."""
        return []

    def _customer_timeline_sources(self) -> list[TimelineSource]:
        """Sources of one customer's events; extend through ``super()``."""
        self.ensure_one()
        return []

    def _customer_timeline_threads(self) -> dict[str, Domain]:
        """Documents whose messages belong to the timeline: by model, which of them are
        the customer's. Of those the reader may read, the messages are shown; extend
        through ``super()``."""
        self.ensure_one()
        return {"res.partner": self._customer_family("id")}

    def _customer_family(self, partner: str, customer: str = "") -> Domain:
        """Which records of a model belong to the customer's family: the company and all
        its contacts, archived ones too, however many they are.

        On the page of a contact it is what concerns this person.

        :param partner: the field that names the partner
        :param customer: a stored field that names the commercial partner, if there is
            one; it spares the look at the contacts
        """
        self.ensure_one()
        if self.commercial_partner_id != self:
            return Domain(partner, "=", self.id)
        if customer:
            return Domain(customer, "=", self.id)
        if partner == "id":
            return Domain("commercial_partner_id", "=", self.id)
        # sudo: who may read the event is said by its own model
        family = self.sudo().with_context(active_test=False)
        return Domain(
            partner, "in", family._search([("commercial_partner_id", "=", self.id)])
        )

    # ------------------------------------------------------------
    # FOR THE CLIENT
    # ------------------------------------------------------------

    @api.readonly
    @shaped
    def get_customer_timeline(
        self,
        kinds: list[str] | None = None,
        person: int | None = None,
        text: str | None = None,
        cursor: list | None = None,
        limit: int = PAGE,
    ) -> dict:
        """A page of the timeline, newest first.

        :param kinds: keys of chips; all when empty
        :param person: id of the partner who did it, a colleague's or a contact's
        :param text: words that must stand in it
        :param cursor: where the page before ended, as it was returned
        :param limit: number of events, at most 100
        :return: ``{"events": […], "cursor": […] or False}``, the events as
            ``_format_timeline_event`` makes them; no cursor: there is nothing older
        :raises AccessError: when the user may not read the customer
        :raises UserError: when the cursor is none of this timeline
        """
        self._check_timeline_access()
        sources = self._readable_timeline_sources()
        start = self._parse_timeline_cursor(cursor, sources)
        limit = max(1, min(limit, LONGEST_PAGE))
        asked = {
            rank: (
                source,
                self._timeline_filter(source, person, text)
                & self._uncovered_timeline_domain(source, sources),
                timeline.bound(start, rank),
            )
            for rank, source in enumerate(sources)
            if not kinds or source.kind in kinds
        }
        events, last = timeline.page(_streams(self, asked, limit + 1), limit)
        return {
            "events": self._render_timeline(events, sources),
            "cursor": last
            and [last.moment.isoformat(), sources[last.rank].key, last.id],
        }

    @api.readonly
    def get_customer_timeline_kinds(self) -> list[dict]:
        """The chips of the filter with the number of events that the user may see.

        :return: dicts ``{key, label, icon, tone, count}`` in order; a count of 100
            stands for that or more
        :raises AccessError: when the user may not read the customer
        """
        self._check_timeline_access()
        counts = _counts(self)
        kinds = sorted(self._customer_timeline_kinds(), key=lambda kind: kind.sequence)
        return [
            {**kind._asdict(), "count": min(COUNTED, counts[kind.key])}
            for kind in kinds
            if counts[kind.key]
        ]

    def _check_timeline_access(self):
        self.ensure_one()
        self.check_access("read")
        if not (self.env.su or self.env.user._is_internal()):
            raise AccessError(
                self.env._("The timeline of a customer is for colleagues only.")
            )

    def _readable_timeline_sources(self) -> list[TimelineSource]:
        """The sources of which the reader may see something; the place of each in the
        list is its rank."""
        sources = sorted(
            self._customer_timeline_sources(), key=lambda s: (s.sequence, s.key)
        )
        return [
            s for s in sources if s.by_domain or self.env[s.model].has_access("read")
        ]

    def _parse_timeline_cursor(self, cursor, sources) -> Event | None:
        if not cursor:
            return None
        ranks = {source.key: rank for rank, source in enumerate(sources)}
        try:
            moment, key, number = cursor
            return Event(datetime.fromisoformat(moment), ranks[key], int(number))
        except (ValueError, TypeError, KeyError):
            raise UserError(
                self.env._("The timeline has changed. Load the page anew.")
            ) from None

    # ------------------------------------------------------------
    # LOOKING FOR EVENTS
    # ------------------------------------------------------------

    def _timeline_filter(self, source, person: int | None, text: str | None) -> Domain:
        """What the reader asks for, in terms of a source; a source that has no person
        or no text has nothing to give to who asks for one."""
        domain = Domain.TRUE
        if person:
            domain &= self._timeline_person_domain(source, person)
        for word in (text or "").split():
            domain &= Domain.OR(
                Domain(name, "ilike", literal(word)) for name in source.text
            )
        return domain

    def _timeline_person_domain(self, source, person: int) -> Domain:
        if not source.person:
            return Domain.FALSE
        field = self.env[source.model]._fields[source.person]
        if field.comodel_name == "res.users":
            # sudo: only which colleague a partner is
            users = self.env["res.users"].sudo().with_context(active_test=False)
            return Domain(
                source.person, "in", users.search([("partner_id", "=", person)]).ids
            )
        return Domain(source.person, "=", person)

    def _scan_timeline(
        self,
        source: TimelineSource,
        domain: Domain,
        below: Bound | None,
        rank: int,
        limit: int,
    ) -> list[Event]:
        """The newest events of a source that lie below a bound, in one query."""
        model = self._timeline_model(source)
        domain &= source.domain & Domain(source.moment, "!=", False)
        if below:
            domain &= self._timeline_below(source, below)
        query = model._search(
            domain, order=f"{source.moment} desc, id desc", limit=limit
        )
        moment = self._timeline_moment(source, model, query.table, query)
        scan = query.select(moment, SQL.identifier(query.table, "id"))
        rows = [] if query.is_empty() else self.env.execute_query(scan)
        return [Event(happened, rank, id_) for happened, id_ in rows]

    def _timeline_model(self, source) -> models.BaseModel:
        """The model to search as the reader is allowed to; archived records happened,
        too."""
        model = self.env[source.model].with_context(active_test=False)
        # sudo: the source's domain says what the reader may see, see TimelineSource
        return model.sudo() if source.by_domain else model

    def _timeline_moment(self, source, model, alias, query) -> SQL:
        moment = model._field_to_sql(alias, source.moment, query)
        if model._fields[source.moment].type == "date":
            return SQL("(%s + %s)", moment, NOON)
        return moment

    def _timeline_below(self, source, below: Bound) -> Domain:
        def to_sql(model, alias, query):
            moment = self._timeline_moment(source, model, alias, query)
            if below.id is None:
                return SQL("%s <= %s", moment, below.moment)
            number = SQL.identifier(alias, "id")
            return SQL("(%s, %s) < (%s, %s)", moment, number, below.moment, below.id)

        return Domain.custom(to_sql=to_sql)

    def _uncovered_timeline_domain(self, source, sources) -> Domain:
        """Leave out what another one of the reader's sources stands for."""
        return Domain.AND(
            self._not_covered_by(other, cover)
            for other in sources
            for cover in other.covers
            if cover.source == source.key
        )

    def _not_covered_by(self, other: TimelineSource, cover: Cover) -> Domain:
        covering = self._timeline_model(other)

        def to_sql(model, alias, query):
            events = covering._search(
                other.domain & cover.domain & Domain(other.moment, "!=", False)
            )
            link = covering._field_to_sql(events.table, cover.link, events)
            events.add_where(SQL("%s = %s", link, SQL.identifier(alias, "id")))
            return SQL("NOT EXISTS (%s)", events.select(SQL("1")))

        return Domain.custom(to_sql=to_sql)

    # ------------------------------------------------------------
    # SHOWING EVENTS
    # ------------------------------------------------------------

    def _render_timeline(self, events: list[Event], sources) -> list[dict]:
        """The events as dicts for the client, in their order."""
        lines = {}
        self._fetch_timeline(events, sources)
        for rank, source in enumerate(sources):
            ids = [event.id for event in events if event.rank == rank]
            records = self._timeline_model(source).browse(ids)
            if records:
                rendered = zip(ids, source.render(records), strict=True)
                lines.update({(rank, id_): line for id_, line in rendered})
        names = self._timeline_names(lines.values())
        return [
            self._format_timeline_event(
                event, sources[event.rank], lines[event.rank, event.id], names
            )
            for event in events
        ]

    def _fetch_timeline(self, events, sources) -> None:
        """Read what is shown: one query a model, whatever the number of its sources."""
        ids, names = defaultdict(list), defaultdict(set)
        for event in events:
            source = sources[event.rank]
            key = source.model, source.by_domain
            ids[key].append(event.id)
            names[key].update(source.fields)
        for key, source in {(s.model, s.by_domain): s for s in sources}.items():
            if key in ids:
                self._timeline_model(source).browse(ids[key]).fetch(names[key])

    def _timeline_names(self, lines) -> dict:
        """Names of people and records that lines refer to, read at once."""
        found = defaultdict(set)
        for line in lines:
            for record in (self._timeline_partner(line.person), line.about):
                if record:
                    found[record._name].add(record.id)
        # sudo: who reads an event reads who did it and what it belongs to, as Odoo's
        # many2one fields show it
        records = {
            name: self.env[name].sudo().browse(ids) for name, ids in found.items()
        }
        return {
            (name, record.id): record.display_name
            for name, group in records.items()
            for record in group.exists()
        }

    def _timeline_partner(self, person) -> models.BaseModel | None:
        """Who did it, as a partner: colleagues write mails as partners and follow-ups
        as users."""
        if person and person._name == "res.users":
            return person.sudo().partner_id  # sudo: only which partner a colleague is
        return person

    def _format_timeline_event(self, event, source, line: TimelineLine, names) -> dict:
        """What the client gets of an event; ``opens`` is False where the event belongs
        to the customer itself."""
        record = self.env[source.model].browse(event.id)
        opens = record if line.opens is None else line.opens
        about = line.about if line.about is not None and line.about != self else None
        return {
            "id": f"{source.key}:{event.id}",
            "kind": source.kind,
            **self._format_timeline_moment(event.moment, source),
            "title": line.title,
            "text": line.text,
            "badge": line.badge,
            "tone": line.tone,
            "icon": line.icon,
            "noise": line.noise,
            "folded": line.folded,
            "person": self._format_timeline_reference(
                self._timeline_partner(line.person), names
            ),
            "about": self._format_timeline_reference(about, names),
            "opens": opens != self and {"model": opens._name, "id": opens.id},
        }

    def _format_timeline_moment(self, moment: datetime, source) -> dict:
        """Day and time on the clock of the reader; an event that has only a day stays
        on it wherever the reader is."""
        if self.env[source.model]._fields[source.moment].type == "date":
            return {"day": fields.Date.to_string(moment), "time": ""}
        zone = self.env.user._zone()
        local = fields.Datetime.context_timestamp(self.with_context(tz=zone), moment)
        return {"day": fields.Date.to_string(local), "time": local.strftime("%H:%M")}

    def _format_timeline_reference(self, record, names) -> dict | bool:
        name = record and names.get((record._name, record.id))
        return bool(name) and {"model": record._name, "id": record.id, "name": name}


def _streams(partner, asked: dict, limit: int) -> Iterator[list[Event]]:
    """Of each source the newest events, of those on documents for all at once."""
    threads = {}
    for rank, (source, domain, below) in asked.items():
        if source.threads:
            threads[rank] = (source, domain, below)
        else:
            yield partner._scan_timeline(source, domain, below, rank, limit)
    if threads:
        yield scan_threads(partner, threads, limit)


def _counts(partner) -> dict[str, int]:
    """How many events of each kind the reader sees, counted to a hundred."""
    counts: dict[str, int] = defaultdict(int)
    sources = partner._readable_timeline_sources()
    threads = {}
    for rank, source in enumerate(sources):
        uncovered = partner._uncovered_timeline_domain(source, sources)
        missing = COUNTED - counts[source.kind]
        if source.threads:
            threads[rank] = (source, uncovered)
        elif missing > 0:
            found = partner._scan_timeline(source, uncovered, None, 0, missing)
            counts[source.kind] += len(found)
    if threads:
        for rank, count in count_threads(partner, threads).items():
            counts[sources[rank].kind] += count
    return counts
