from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.orm.domains import DomainAnd, DomainNot
from odoo.tools import SQL

from odoo.addons.crm_suite_base.calls import shaped

from ..tools.figures import MONEY, value
from ..tools.periods import Period


class Measure(NamedTuple):
    """The one definition of a figure.

    ``key`` names it for good; ``name``, ``formula`` (in words) and ``grain`` (what one
    record is) are translated; ``unit`` is one of tools/figures.py; ``model`` and
    ``domain`` say which records count. ``aggregate`` says how: ``__count``,
    ``<field>:sum``, ``<field>:avg``, or ``share``: the part of the records that
    ``numerator`` matches, in percent. ``date_field`` puts a record into a period; None
    is a figure of this moment. ``person_field``, ``team_field`` and ``company_field``
    are stored columns, None where the model has none. ``better``: 1 when more is
    better, -1 when less is, 0 when neither. ``ahead``: the figure looks at what is
    still to come; it is asked for whole months and not compared. ``action``
    (external id) opens the records; where that shows another model (a report's
    records themselves, with what can be done to them), its fields have the same names,
    and ``opening`` says what else it takes for the same records. ``dimensions`` are
    further fields to group by, by the keys of ``CrmMeasure._dimension_list``.
    """

    key: str
    name: str
    unit: str
    model: str
    domain: Domain
    formula: str
    grain: str
    aggregate: str = "__count"
    numerator: Domain | None = None
    date_field: str | None = None
    person_field: str | None = "user_id"
    team_field: str | None = "team_id"
    company_field: str | None = "company_id"
    better: int = 1
    ahead: bool = False
    icon: str = "fa-line-chart"
    action: str | None = None
    dimensions: tuple[tuple[str, str], ...] = ()
    opening: Domain = Domain.TRUE

    @property
    def is_ratio(self) -> bool:
        """Whether the figure is an amount per weight and cannot be added up."""
        return self.aggregate == "share" or self.aggregate.endswith(":avg")


class Wanted(NamedTuple):
    """A measure and the periods it is asked for (None: no period)."""

    measure: Measure
    periods: tuple[Period | None, ...]


class Scope(NamedTuple):
    """Whose figures: ids of a team and a person, 0 for all; members of the team, for
    records that know a person only; further domains by the key of the measure (of an
    own report). ``missing`` collects, by the key of the measure, the ids of currencies
    that had no rate, for all that is asked with this scope."""

    team_id: int = 0
    user_id: int = 0
    members: tuple[int, ...] = ()
    filters: tuple[tuple[str, Domain], ...] = ()
    missing: dict[str, set[int]] | None = None


# makes the SQL of a group from a model and a query on it
Group = Callable[[models.BaseModel, Any], SQL]


class CrmMeasure(models.AbstractModel):
    """The catalogue of measures.

    Dashboards, lists, pivots, workbooks, PDF, mails, snapshots and the API read
    figures here and nowhere else. Every figure is counted with the rights of the
    reader: the query starts from what ``_search`` of the model lets the user see.
    A module adds a measure by appending to ``_measure_list()`` through ``super()``.
    """

    _name = "crm.measure"
    _description = "Catalogue of Measures"

    # ------------------------------------------------------------
    # REGISTRY
    # ------------------------------------------------------------

    @api.model
    def _measure_list(self) -> list[Measure]:
        """All measures; extend through ``super()``."""
        return []

    @api.model
    def _dimension_list(self) -> dict[str, str]:
        """What figures can be grouped by beside time: key and translated name."""
        return {
            "person": self.env._("Person"),
            "team": self.env._("Sales Team"),
            "source": self.env._("Source"),
            "stage": self.env._("Stage"),
            "lifecycle": self.env._("Lifecycle"),
            "level": self.env._("Level"),
            "region": self.env._("Region"),
            "industry": self.env._("Industry"),
            "method": self.env._("Method"),
        }

    @api.model
    def _measures(self) -> dict[str, Measure]:
        """The measures by key; each key once."""
        measures = self._measure_list()
        found = {measure.key: measure for measure in measures}
        if len(found) < len(measures):
            raise ValueError("two measures share a key")
        return found

    @api.model
    def _readable_measures(self) -> dict[str, Measure]:
        """The measures of models the user may read."""
        models_ = {}
        for measure in self._measure_list():
            models_.setdefault(measure.model, measure)
        readable = {name for name in models_ if self.env[name].has_access("read")}
        return {k: m for k, m in self._measures().items() if m.model in readable}

    @api.model
    def _get_measure(self, key: str) -> Measure:
        """:raises AccessError: when there is no such measure for the user"""
        measure = self._measures().get(key)
        if not measure or not self.env[measure.model].has_access("read"):
            raise AccessError(
                self.env._("You may not see this figure, or it does not exist.")
            )
        return measure

    @api.model
    def _field_of(self, measure: Measure, dimension: str) -> str | None:
        """The field a measure is grouped by for a dimension, None if it has none."""
        known = {"person": measure.person_field, "team": measure.team_field}
        return {**known, **dict(measure.dimensions)}.get(dimension)

    # ------------------------------------------------------------
    # RECORDS
    # ------------------------------------------------------------

    @api.model
    def _bounds(self, measure: Measure, period: Period) -> tuple[str, str]:
        """First and first-not value of the date field, as Odoo's domains want them;
        days are those of the company."""
        if self.env[measure.model]._fields[measure.date_field].type == "date":
            convert = fields.Date.to_string
        else:
            convert = self._midnight
        return convert(period.start), convert(period.end)

    @api.model
    def _midnight(self, day: date) -> str:
        """The beginning of a day where the company is, in UTC."""
        zone = pytz.timezone(self.env.company._zone())
        local = zone.localize(datetime.combine(day, time.min))
        utc = local.astimezone(pytz.utc).replace(tzinfo=None)
        return fields.Datetime.to_string(utc)

    @api.model
    def _period_domain(self, measure: Measure, period: Period | None) -> Domain:
        if not (period and measure.date_field):
            return Domain.TRUE
        start, end = self._bounds(measure, period)
        field = measure.date_field
        return Domain(field, ">=", start) & Domain(field, "<", end)

    @api.model
    def _scope_domain(self, measure: Measure, scope: Scope) -> Domain:
        domain = dict(scope.filters).get(measure.key, Domain.TRUE)
        if scope.user_id and measure.person_field:
            domain &= Domain(measure.person_field, "=", scope.user_id)
        if scope.team_id and measure.team_field:
            domain &= Domain(measure.team_field, "=", scope.team_id)
        elif scope.team_id and measure.person_field:
            domain &= Domain(measure.person_field, "in", list(scope.members))
        return domain

    @api.model
    def _records_domain(
        self, measure: Measure, scope: Scope | None = None, period: Period | None = None
    ) -> Domain:
        """The records behind a figure: what list and pivot are opened with."""
        domain = measure.domain & self._scope_domain(measure, scope or Scope())
        active = self.env[measure.model]._active_name
        if active and not any(c.field_expr == active for c in domain.iter_conditions()):
            # said, as measures of a model are counted in one query
            domain &= Domain(active, "=", True)
        return domain & self._period_domain(measure, period)

    @api.model
    def _as_list(self, domain: Domain) -> list:
        """A domain as the client and JSON know it."""
        return [
            [part[0], part[1], self._as_list(part[2])]
            if isinstance(part, tuple) and isinstance(part[2], Domain)
            else list(part)
            if isinstance(part, tuple)
            else part
            for part in domain
        ]

    @api.model
    def _make_scope(self, team_id: int = 0, user_id: int = 0) -> Scope:
        members = ()
        if team_id:
            # sudo: who is in a team is no secret, and decides only what is filtered
            team = self.env["crm.team"].sudo().browse(team_id).exists()
            members = tuple(team.crm_team_member_ids.user_id.ids)
        return Scope(team_id or 0, user_id or 0, members, missing={})

    @api.model
    def _kept_rule(self, measure: Measure) -> tuple[Domain, Domain, bool]:
        """What the user may read, as far as snapshots can tell it: they know person,
        team and company of a record, nothing else.

        :return: the rule on snapshots, the same on the records, and whether that is
            all the user may read
        """
        if not self.env[measure.model].has_access("read"):
            return Domain.FALSE, Domain.FALSE, False
        rules = self.env["ir.rule"]
        rule = rules._compute_domain(measure.model, "read")
        fields_of = {
            "user_id": measure.person_field,
            "team_id": measure.team_field,
            "company_id": measure.company_field,
        }
        names = {field: name for name, field in fields_of.items() if field}
        known = self._only(rule, names)
        if known == rule:
            return self._renamed(rule, names), rule, True
        # what the rules of the snapshots themselves allow, such as one's own figures
        own = rules._compute_domain("crm.report.snapshot", "read")
        own = own.map_conditions(
            lambda one: (
                Domain(measure.key in one.value)
                if (one.field_expr, one.operator) == ("measure", "in")
                else one
            )
        )
        own = self._only(own, [name for name, field in fields_of.items() if field])
        return (
            self._renamed(known, names) | own,
            known | self._renamed(own, fields_of),
            False,
        )

    @api.model
    def _only(self, domain: Domain, names) -> Domain:
        """A domain without the conditions on other fields: what is left lets no more
        through. Where something is turned round, nothing is left."""
        if self._is_negated(domain):
            return Domain.FALSE
        return domain.map_conditions(
            lambda one: one if one.field_expr in names else Domain.FALSE
        )

    @api.model
    def _renamed(self, domain: Domain, names: dict) -> Domain:
        return domain.map_conditions(
            lambda one: Domain(names[one.field_expr], one.operator, one.value)
        )

    @api.model
    def _is_negated(self, domain: Domain) -> bool:
        """Whether a part of a domain is turned round: leaving a condition out would
        then let more through instead of less."""
        return isinstance(domain, DomainNot) or any(
            self._is_negated(child) for child in getattr(domain, "children", ())
        )

    # ------------------------------------------------------------
    # FIGURES
    # ------------------------------------------------------------

    @api.model
    def _mixes_currencies(self) -> bool:
        return self.env["crm.money.mixin"]._money_is_mixed()

    @api.model
    def _adding(self, measure: Measure) -> str:
        """The aggregate as Odoo's grouping knows it. Amounts of several currencies
        are added up in the company's; see ``crm.money.mixin``."""
        if self._is_converted(measure):
            return measure.aggregate.replace(":sum", ":sum_currency")
        return measure.aggregate

    @api.model
    def _is_converted(self, measure: Measure) -> bool:
        return measure.unit == MONEY and self._mixes_currencies()

    @api.model
    def _amount_specs(self) -> list[str]:
        """The aggregates of ``amount`` of what is entered by month: the sum, and with
        several currencies those that have no rate."""
        if self._mixes_currencies():
            return ["amount:sum_currency", "amount:sum_currency_missing"]
        return ["amount:sum"]

    @api.model
    def _missing_part(self, measure: Measure, query, domain: Domain) -> SQL:
        """The currencies without a rate among the records of ``query`` that match."""
        model = self.env[measure.model]
        field = measure.aggregate.split(":")[0]
        column = model._read_group_select(f"{field}:sum_currency_missing", query)
        return SQL("%s%s", column, self._filter_sql(model, query, domain))

    @api.model
    def _missing_note(self, currency_ids: Iterable[int]) -> str:
        """The sentence that says which amounts a figure leaves out."""
        # sudo: names of currencies
        currencies = self.env["res.currency"].sudo().browse(sorted(currency_ids))
        if not currencies:
            return ""
        own = self.env.company.sudo().currency_id  # sudo: that of the reader's company
        return self.env._(
            "Without amounts in %(currencies)s: no rate to %(own)s is entered on or "
            "before their day. An administrator enters it under Currencies.",
            currencies=self.env._(", ").join(currencies.mapped("name")),
            own=own.name,
        )

    @api.model
    def _filter_sql(self, model, query, domain: Domain) -> SQL:
        full = domain.optimize_full(model)
        if full.is_true():
            return SQL("")
        return SQL(" FILTER (WHERE %s)", full._to_sql(model, model._table, query))

    @api.model
    def _parts(self, measure: Measure, query, domain: Domain = Domain.TRUE):
        """The figure as SQL: amount and weight (None for sums and counts) of the
        records of ``query`` that match ``domain``."""
        model = self.env[measure.model]

        def where(more: Domain) -> SQL:
            return self._filter_sql(model, query, more)

        if measure.aggregate == "share":
            amount = SQL("COUNT(*)%s", where(domain & measure.numerator))
            return amount, SQL("COUNT(*)%s", where(domain))
        if not measure.is_ratio:
            column = model._read_group_select(self._adding(measure), query)
            return SQL("%s%s", column, where(domain)), None
        field = measure.aggregate.split(":")[0]
        column = model._read_group_select(f"{field}:sum", query)
        weight = SQL("COUNT(%s)", model._field_to_sql(model._table, field, query))
        return SQL("%s%s", column, where(domain)), SQL("%s%s", weight, where(domain))

    @api.model
    def _figures(
        self, wanted: Sequence[Wanted], scope: Scope, group: Group | None = None
    ) -> dict:
        """Figures with the reader's rights, in one query per model.

        :param wanted: measures with the periods each is asked for
        :param group: SQL to group by, made from model and query; all measures must
            then be of one model
        :return: {key: [figure per period]}; grouped: {group: the same}, groups
            without records missing and an empty group False
        """
        by_model: dict[str, list[Wanted]] = {}
        for one in wanted:
            by_model.setdefault(one.measure.model, []).append(one)
        found: dict = {}
        for of_model in by_model.values():
            found |= self._figures_of_model(of_model, scope, group)
        return found

    def _figures_of_model(self, wanted, scope: Scope, group) -> dict:
        model = self.env[wanted[0].measure.model]
        cells = [
            (one.measure, self._records_domain(one.measure, scope, period))
            for one in wanted
            for period in one.periods
        ]
        common, parts = self._share(domain for _measure, domain in cells)
        # several figures look at the same records
        distinct = [one for place, one in enumerate(parts) if one not in parts[:place]]
        query = model._search(common & Domain.OR(distinct))
        if query.is_empty():
            return {} if group else self._row_figures(wanted, [None] * 2 * len(cells))
        columns = [group(model, query)] if group else []
        for (measure, _domain), part in zip(cells, parts, strict=True):
            amount, weight = self._parts(measure, query, part)
            columns += [amount, weight or SQL("NULL")]
        converted = [
            (measure, self._missing_part(measure, query, part))
            for (measure, _domain), part in zip(cells, parts, strict=True)
            if self._is_converted(measure)
        ]
        query.groupby = SQL("1") if group else None
        rows = self.env.execute_query(
            query.select(*columns, *(column for _measure, column in converted))
        )
        keys = [measure.key for measure, _column in converted]
        for row in rows:
            for key, currencies in zip(keys, row[len(columns) :], strict=True):
                self._note_missing(scope, key, currencies)
        if not group:
            return self._row_figures(wanted, rows[0])
        return {row[0] or False: self._row_figures(wanted, row[1:]) for row in rows}

    @api.model
    def _note_missing(self, scope: Scope, key: str, currencies) -> None:
        """Remember which currencies a figure had no rate for.

        :param currencies: ids, in which None may be; or None
        """
        ids = {currency for currency in currencies or () if currency}
        if ids and scope.missing is not None:
            scope.missing.setdefault(key, set()).update(ids)

    @api.model
    def _share(self, domains: Iterable[Domain]) -> tuple[Domain, list[Domain]]:
        """Take out the conditions that all domains have: of a row they are asked
        once, those of a part once per figure.

        :return: what they have in common, and what is left of each
        """
        every = [
            domain.children if isinstance(domain, DomainAnd) else (domain,)
            for domain in domains
        ]
        common = [one for one in every[0] if all(one in other for other in every)]
        return Domain.AND(common), [
            Domain.AND([one for one in conditions if one not in common])
            for conditions in every
        ]

    def _row_figures(self, wanted, row) -> dict[str, list]:
        """Take the figures of a row of (amount, weight, amount, weight, …)."""
        found, place = {}, 0
        for measure, periods in wanted:
            found[measure.key] = []
            for _period in periods:
                amount, weight = row[place : place + 2]
                ratio = (weight or 0) if measure.is_ratio else None
                found[measure.key].append(value(amount, ratio, measure.unit))
                place += 2
        return found

    @api.model
    def _value(self, measure: Measure, scope: Scope, period: Period | None):
        """One figure."""
        return self._figures([Wanted(measure, (period,))], scope)[measure.key][0]

    @api.model
    def _by_field(self, field: str) -> Group:
        """Group by the values of a field; ids of a many2one."""
        return lambda model, query: model._field_to_sql(model._table, field, query)

    @api.model
    def _by_step(self, measure: Measure, steps: Sequence[Period]) -> Group:
        """Group by day, week or month: the number of the step, from 1."""
        starts = [step.start for step in steps]
        return lambda _model, query: SQL(
            "width_bucket(%s, %s::date[])", self._day_sql(measure, query), starts
        )

    @api.model
    def _day_sql(self, measure: Measure, query) -> SQL:
        """The day a record belongs to, where the company is."""
        model = self.env[measure.model]
        column = model._field_to_sql(model._table, measure.date_field, query)
        if model._fields[measure.date_field].type == "date":
            return column
        zone = self.env.company._zone()
        return SQL("((%s AT TIME ZONE 'UTC') AT TIME ZONE %s)::date", column, zone)

    # ------------------------------------------------------------
    # FOR PEOPLE AND PROGRAMS
    # ------------------------------------------------------------

    @api.model
    @api.readonly
    def get_catalogue(self) -> list[dict]:
        """The measures the user may read: ``key``, ``name``, ``unit``, ``formula``,
        ``grain``, ``model``, ``aggregate``, ``date_field`` and ``domain``."""
        return [
            {
                **{
                    name: getattr(measure, name)
                    for name in ("key", "name", "unit", "formula", "grain", "model")
                },
                "aggregate": measure.aggregate,
                "date_field": measure.date_field or False,
                "domain": self._as_list(measure.domain),
            }
            for measure in self._readable_measures().values()
        ]

    @api.model
    @api.readonly
    @shaped
    def get_values(
        self,
        keys: list[str],
        date_from: date,
        date_to: date,
        team_id: int = 0,
        user_id: int = 0,
    ) -> dict:
        """Figures for a program: {key: value}; None where there is nothing to divide,
        or no rate for an amount in another currency.

        :param date_from, date_to: first and last day, ISO; figures of this moment
            take no notice of them
        :raises AccessError: for a measure the user may not read
        """
        first, last = map(fields.Date.to_date, (date_from, date_to))
        chosen = Period(first, max(first, last) + timedelta(days=1))
        scope = self._make_scope(team_id, user_id)
        wanted = [Wanted(self._get_measure(key), (chosen,)) for key in keys]
        found = self._figures(wanted, scope)
        return {key: None if key in scope.missing else found[key][0] for key in keys}

    @api.model
    def _open_records(self, measure: Measure, domain: list, name: str = "") -> dict:
        """The action that shows records behind a figure: list, pivot, graph, form."""
        action = {
            "type": "ir.actions.act_window",
            "name": name or measure.name,
            "res_model": measure.model,
            "view_mode": "list,pivot,graph,form",
            "views": [[False, kind] for kind in ("list", "pivot", "graph", "form")],
        }
        if measure.action:
            found = self.env["ir.actions.act_window"]._for_xml_id(measure.action)
            views = {kind: view_id for view_id, kind in found["views"]}
            action["views"] = [
                [views.get(kind, False), kind]
                for kind in ("list", "kanban", "pivot", "graph", "form")
                if kind in views or kind != "kanban"
            ]
            action["search_view_id"] = found.get("search_view_id")
            action["res_model"] = found["res_model"]
        context = {"create": False}
        if not measure.aggregate.startswith(("__count", "share")):
            context["pivot_measures"] = [measure.aggregate.split(":")[0], "__count"]
            context["graph_measure"] = measure.aggregate.split(":")[0]
        opened = self._as_list(Domain(domain) & measure.opening)
        return {**action, "domain": opened, "context": context}
