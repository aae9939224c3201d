from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import NamedTuple

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.crm_suite_base.calls import shaped
from odoo.addons.crm_suite_base.tools.token import Token

from ..panels.answers import Answers, Readings
from ..panels.panel import Panel
from ..tools import figures
from ..tools.periods import KEYS, Period, period, previous, step_for, steps, whole
from .crm_measure import Measure, Scope, Wanted

_logger = logging.getLogger(__name__)
# figures are counted one by one, each in a savepoint of its own
CAREFUL = Token("crm_dashboard_careful")
DEFAULT_PERIOD = "this_month"
# the place of a dashboard's own tiles and panels among what is added
OWN = 50


class Addition(NamedTuple):
    """What is put on a dashboard beside its own: keys of tiles and of panels. The
    lower ``sequence`` stands before the higher; a dashboard's own are at ``OWN``."""

    dashboard: str
    measures: tuple[str, ...] = ()
    panels: tuple[str, ...] = ()
    sequence: int = OWN


class Dashboard(NamedTuple):
    """A screen of figures for a role.

    ``groups``: external ids, one of which a person needs; ``measures``: keys of tiles;
    ``panels``: keys of panels; what a person may not read is left out. ``personal``:
    opens with the person's own figures; ``people``: whose figures can be chosen, see
    ``_people_of_sales``; ``alone``: the tiles as long as nobody adds any.
    """

    key: str
    name: str
    groups: tuple[str, ...]
    measures: tuple[str, ...] = ()
    panels: tuple[str, ...] = ()
    personal: bool = False
    sequence: int = 50
    people: str = "sales"
    alone: tuple[str, ...] = ()

    def joined(self, additions: list[Addition]) -> Dashboard:
        """The dashboard with all that is added to it, in order."""
        own = Addition(self.key, self.measures, self.panels)
        parts = sorted([own, *additions], key=lambda one: one.sequence)
        measures = tuple(key for one in parts for key in one.measures)
        panels = tuple(key for one in parts for key in one.panels)
        return self._replace(measures=measures or self.alone, panels=panels)


class PanelFigures(NamedTuple):
    """Figures for a panel that several modules fill; the lower sequence is further
    to the left."""

    panel: str
    measures: tuple[str, ...]
    sequence: int


class Question(NamedTuple):
    """What a dashboard is asked: the period and the one it compares with, how the
    period was chosen, and whose figures. ``read``: what panels need beside figures."""

    period: Period
    before: Period
    period_key: str
    scope: Scope
    read: Readings = Readings({}, {})

    def period_of(self, measure: Measure) -> Period:
        """The period a measure is asked for: whole where it looks ahead."""
        return whole(self.period_key, self.period) if measure.ahead else self.period


class CrmDashboard(models.AbstractModel):
    """Dashboards of figures, one per role; a module adds its own through ``super()``
    of ``_dashboard_list()`` and ``_panel_list()``."""

    _name = "crm.dashboard"
    _description = "CRM Dashboard"

    # ------------------------------------------------------------
    # REGISTRY
    # ------------------------------------------------------------

    @api.model
    def _dashboard_list(self) -> list[Dashboard]:
        """All dashboards; extend through ``super()``."""
        return []

    @api.model
    def _dashboard_additions(self) -> list[Addition]:
        """Tiles and panels for a dashboard of this or another module; extend through
        ``super()``. Where the dashboard is not installed they are left out, so that
        no order of loading is needed."""
        return []

    @api.model
    def _dashboards(self) -> dict[str, Dashboard]:
        """The dashboards the user may open, the most encompassing first."""
        user = self.env.user
        additions: dict[str, list[Addition]] = {}
        for one in self._dashboard_additions():
            additions.setdefault(one.dashboard, []).append(one)
        return {
            one.key: one.joined(additions.get(one.key, []))
            for one in sorted(self._dashboard_list(), key=lambda one: one.sequence)
            if any(user.has_group(group) for group in one.groups)
        }

    @api.model
    def _get_dashboard(self, key: str) -> Dashboard:
        """:raises AccessError: when it is none of the user's"""
        dashboard = self._dashboards().get(key)
        if not dashboard:
            raise AccessError(
                self.env._(
                    "You may not open this dashboard. Ask your administrator for the "
                    "role it belongs to."
                )
            )
        return dashboard

    @api.model
    def _panel_list(self) -> list[Panel]:
        """All panels; extend through ``super()``."""
        return []

    @api.model
    def _panel_figures(self) -> list[PanelFigures]:
        """Figures of the panels that modules fill together; extend through
        ``super()``."""
        return []

    @api.model
    def _figures_of(self, panel: str) -> tuple[str, ...]:
        """The keys of the figures of such a panel, from the left."""
        found = [one for one in self._panel_figures() if one.panel == panel]
        ordered = sorted(found, key=lambda one: one.sequence)
        return tuple(key for one in ordered for key in one.measures)

    # ------------------------------------------------------------
    # FILTERS
    # ------------------------------------------------------------

    @api.model
    def _period_names(self) -> dict[str, str]:
        names = (
            self.env._("Today"),
            self.env._("Yesterday"),
            self.env._("This Week"),
            self.env._("Last Week"),
            self.env._("This Month"),
            self.env._("Last Month"),
            self.env._("This Quarter"),
            self.env._("Last Quarter"),
            self.env._("This Year"),
            self.env._("Last Year"),
            self.env._("Last 30 Days"),
            self.env._("Last 90 Days"),
            self.env._("Last 365 Days"),
            self.env._("Own Period"),
        )
        return dict(zip(KEYS, names, strict=True))

    @api.model
    def _question(self, filters: dict) -> Question:
        """Read what the client asks for.

        :param filters: ``period`` (a key of tools/periods.py), ``date_from``,
            ``date_to`` (ISO, for ``custom``), ``team_id``, ``user_id``; all optional
        :raises UserError: for a period that ends before it begins
        """
        key = filters.get("period") or DEFAULT_PERIOD
        dates = [fields.Date.to_date(filters.get(n)) for n in ("date_from", "date_to")]
        try:
            chosen = period(key, self.env.company._today(), *dates)
        except ValueError:
            raise UserError(
                self.env._(
                    "Choose a first and a last day; the last not before the first."
                )
            ) from None
        scope = self.env["crm.measure"]._make_scope(
            int(filters.get("team_id") or 0), int(filters.get("user_id") or 0)
        )
        return Question(chosen, previous(key, chosen), key, scope)

    @api.model
    @api.readonly
    def get_setup(self) -> dict:
        """What the screen needs once: the dashboards, periods, teams and people to
        choose from, the filters used last, and whether files may be taken along."""
        dashboards = self._dashboards()
        settings = self.env.user.res_users_settings_id.crm_dashboard_filters or {}
        if settings.get("dashboard") not in dashboards:
            settings = {**settings, "dashboard": next(iter(dashboards), False)}
        return {
            "dashboards": [
                {
                    "key": one.key,
                    "name": one.name,
                    "personal": one.personal,
                    **getattr(self, f"_people_of_{one.people}")(),
                }
                for one in dashboards.values()
            ],
            "periods": [
                {"key": key, "name": name} for key, name in self._period_names().items()
            ],
            "settings": settings,
            "user": {"id": self.env.uid, "name": self.env.user.name},
            "can_export": self._may_export(),
        }

    @api.model
    def _people_of_sales(self) -> dict:
        """The ``teams`` and ``people`` (id, name) whose figures the user may ask
        for on a dashboard of sales."""
        user = self.env.user
        if user.has_group("sales_team.group_sale_salesman_all_leads") or not (
            user.has_group("sales_team.group_sale_salesman")
        ):
            teams = self.env["crm.team"].search([])
            # sudo: names of colleagues in sales
            people = teams.sudo().crm_team_member_ids.user_id | teams.sudo().user_id
        else:
            teams = user.led_team_ids
            people = user.managed_user_ids
        return {
            "teams": [{"id": team.id, "name": team.name} for team in teams],
            "people": self._choices(people),
        }

    @api.model
    def _choices(self, people) -> list[dict]:
        # sudo: names of colleagues
        return [
            {"id": one.id, "name": one.name}
            for one in people.sudo().sorted("name")
            if one.active
        ]

    @api.model
    @shaped
    def save_filters(self, filters: dict) -> None:
        """Keep the dashboard and filters for the next time this person comes."""
        known = ("dashboard", "period", "date_from", "date_to", "by_dashboard")
        settings = self.env["res.users.settings"]._find_or_create_for_user(
            self.env.user
        )
        values = {key: filters[key] for key in known if key in filters}
        if settings.crm_dashboard_filters != values:
            settings.crm_dashboard_filters = values

    # ------------------------------------------------------------
    # DATA
    # ------------------------------------------------------------

    @api.model
    @api.readonly
    @shaped
    def get_dashboard(self, key: str, filters: dict | None = None) -> dict:
        """All figures of a dashboard, counted with the user's rights, in one request.

        :param filters: see ``_question``; a personal dashboard without ``user_id``
            shows the user's own
        :return: ``{"key", "name", "subtitle", "date_from", "date_to", "tiles",
            "panels", "note"}``; first and last day, ISO; for tiles see ``_tile``, for
            panels ``_panel_data``, for the note ``_note``
        :raises AccessError: for a dashboard of another role
        """
        dashboard = self._get_dashboard(key)
        filters = dict(filters or {})
        if dashboard.personal and "user_id" not in filters:
            filters["user_id"] = self.env.uid
        return self._safely(self, "_dashboard_data", dashboard, self._question(filters))

    def _dashboard_data(self, dashboard: Dashboard, question: Question) -> dict:
        return {
            "key": dashboard.key,
            "name": dashboard.name,
            "subtitle": self._subtitle(question),
            "date_from": fields.Date.to_string(question.period.start),
            "date_to": fields.Date.to_string(question.period.last),
            "tiles": self._tiles(dashboard.measures, question),
            "panels": self._panels(dashboard.panels, question),
            # last: what all of them left out
            "note": self._note(question),
        }

    @api.model
    def _note(self, question: Question) -> str:
        """What the figures of a dashboard leave out, in a sentence; or nothing."""
        missing = set().union(*question.scope.missing.values())
        return self.env["crm.measure"]._missing_note(missing)

    def _safely(self, owner, method: str, *args) -> dict:
        """Call a method of ``owner``; should the database refuse a query, call it
        again with each figure guarded by a savepoint of its own. That costs queries,
        and is therefore not done as long as all goes well."""
        try:
            with self.env.cr.savepoint(flush=False):  # no flush: only read
                return getattr(owner, method)(*args)
        except psycopg2.Error:
            _logger.warning("figures are counted one by one", exc_info=True)
        careful = CAREFUL.on(owner)
        return getattr(careful, method)(*args)

    def _guard(self):
        """A savepoint where figures are counted one by one."""
        if CAREFUL.is_on(self.env):
            return self.env.cr.savepoint(flush=False)  # no flush: only read
        return nullcontext()

    @api.model
    def _subtitle(self, question: Question) -> str:
        """The filters in words."""
        chosen, scope = question.period, question.scope
        words = [f"{chosen.start} – {chosen.last}"]
        if chosen.days == 1:
            words = [str(chosen.start)]
        if scope.team_id:
            # sudo: names of teams
            teams = self.env["crm.team"].sudo().with_context(active_test=False)
            words += teams.search([("id", "=", scope.team_id)]).mapped("name")
        # names of colleagues, and of nobody who is a customer's
        colleague = [("share", "=", False)]
        words += self._user_names({scope.user_id}, more=colleague).values()
        return " · ".join(words)

    @api.model
    def _tiles(self, keys, question: Question) -> list[dict]:
        """The tiles of the measures the user may read, in their order."""
        catalogue = self.env["crm.measure"]
        readable = catalogue._readable_measures()
        measures = [readable[key] for key in keys if key in readable]
        wanted = [
            Wanted(
                one,
                (question.period_of(one),)
                if one.ahead or not one.date_field
                else (question.period, question.before),
            )
            for one in measures
        ]
        told = self._told_by_snapshots(measures)
        wanted += [Wanted(one, (None,)) for one in told.values()]
        found, errors = self._figures_or_errors(wanted, question.scope)
        curves = self.env["crm.report.snapshot"]._trends(
            measures, question.scope, question.period
        )
        for key, one in told.items():
            if found.get(key) != found.get(one.key):
                # the reader sees more of it than was kept: not to be compared
                curves[key] = [], None
        return [
            self._tile(
                one, found.get(one.key), curves[one.key], errors.get(one.key), question
            )
            for one in measures
        ]

    @api.model
    def _told_by_snapshots(self, measures: list[Measure]) -> dict[str, Measure]:
        """Of figures of the moment, the part that snapshots could tell the reader,
        where that may be less than the reader sees; by the key of the figure."""
        found = {}
        for one in measures:
            if not one.date_field:
                _kept, records, is_all = self.env["crm.measure"]._kept_rule(one)
                if not is_all:
                    found[one.key] = one._replace(
                        key=f"{one.key} kept", domain=one.domain & records
                    )
        return found

    def _figures_or_errors(self, wanted: list[Wanted], scope: Scope):
        """The figures in as few queries as can be.

        :return: {key: figures}, {key: message}
        """
        catalogue = self.env["crm.measure"]
        parts, failed = self._together_or_apart(
            wanted, lambda some: catalogue._figures(some, scope)
        )
        found = {key: figures for part in parts for key, figures in part.items()}
        return found, {
            one.measure.key: self._failure(one.measure.key, error)
            for one, error in failed
        }

    def _together_or_apart(self, items: Sequence, count: Callable):
        """What ``count`` says of all items at once; where that fails, of one after the
        other, so that one that is broken does not take the others along.

        :return: [what it says], [(item, error)]
        """
        try:
            with self._guard():
                return [count(items)], []
        except psycopg2.Error:
            if not CAREFUL.is_on(self.env):
                raise
        except Exception:
            _logger.info("figures are counted one by one", exc_info=True)
        found, failed = [], []
        for one in items:
            try:
                with self._guard():
                    found.append(count([one]))
            except Exception as error:  # noqa: BLE001  shown where it belongs
                failed.append((one, error))
        return found, failed

    def _failure(self, key: str, error: Exception) -> str:
        """The sentence for a figure that could not be counted.

        An error of the database goes up, unless it is guarded: its transaction is of
        no use any more.
        """
        if isinstance(error, psycopg2.Error) and not CAREFUL.is_on(self.env):
            raise error
        _logger.warning("figure %s failed", key, exc_info=error)
        if isinstance(error, UserError):
            return str(error)
        return self.env._("This could not be counted. The log of the server says why.")

    def _tile(self, measure: Measure, values, curve, error, question: Question) -> dict:
        """What a tile shows: ``value`` and ``text``; ``before``, ``trend`` and
        ``trend_text`` against the period before, where ``is_compared`` says there is
        one; ``spark``, the curve from the snapshots; ``formula`` in words; ``note``,
        what the figure leaves out; ``domain`` of the records; or ``error``."""
        points, kept = ([], None) if measure.ahead else curve
        current = values[0] if values else None
        before = values[1] if values and len(values) > 1 else kept
        change = figures.trend(current, before, measure.better, measure.unit)
        return {
            "key": measure.key,
            "name": measure.name,
            "unit": measure.unit,
            "icon": measure.icon,
            "formula": measure.formula,
            "is_now": not measure.date_field,
            "is_compared": bool(measure.date_field and not measure.ahead),
            "value": current,
            "text": self._text(current, measure.unit),
            "before": before,
            "before_text": self._text(figures.base(before, change), measure.unit),
            "trend": change._asdict() if change else False,
            "trend_text": self._trend_text(change, measure.unit),
            "spark": points if any(p is not None for p in points) else [],
            "error": error or False,
            "note": self.env["crm.measure"]._missing_note(
                question.scope.missing.get(measure.key, ())
            ),
            "aside": self.env["crm.measure.blind"]._spot(measure.key, question),
            "domain": self._drill(measure, question)["domain"],
        }

    @api.model
    def _is_chinese(self) -> bool:
        return (self.env.lang or "").startswith("zh")

    @api.model
    def _text(self, number: float | None, unit: str) -> str:
        """A figure as the reader writes it."""
        # kept by Odoo between requests; only active currencies are, as a company's is
        currencies = self.env["res.currency"].get_all_currencies()
        currency = currencies.get(self.env.company.currency_id.id, {})
        return figures.text(
            number, unit, self._is_chinese(), currency.get("symbol") or ""
        )

    def _trend_text(self, change, unit: str) -> str:
        if not change:
            return ""
        if change.change is None:
            return figures.text(None, unit)
        number = figures.rounded(abs(change.change), figures.TREND_DIGITS)
        if unit == figures.PERCENT:
            return self.env._("%s pts", number)
        return f"{number}%"

    # ------------------------------------------------------------
    # PANELS
    # ------------------------------------------------------------

    @api.model
    def _panels(self, keys, question: Question) -> list[dict]:
        """The panels the user may read; a failing one says so and hides no other."""
        panels = {panel.key: panel for panel in self._panel_list()}
        readable = [
            panels[key]
            for key in keys
            if key in panels
            and all(self.env[name].has_access("read") for name in panels[key].models)
        ]
        question = question._replace(read=self._readings(readable, question))
        asks, failed = self._asks(readable, question)
        answers = self._answers(asks, question)
        return [
            self._panel_or_error(panel, question, answers, failed.get(panel.key))
            for panel in readable
        ]

    def _panel_or_error(
        self, panel: Panel, question: Question, answers: Answers, failure=None
    ) -> dict:
        frame = {
            "key": panel.key,
            "title": panel.title,
            "help": panel.help,
            "empty": panel.empty,
            "error": False,
        }
        try:
            if failure:
                raise failure
            with self._guard():
                return {**frame, **panel.lay_out(question, answers)}
        except Exception as error:  # noqa: BLE001  shown on the panel
            message = self._failure(panel.key, error)
            return {**frame, **self._panel_data([], []), "error": message}

    @api.model
    def _panel_data(self, columns, rows, kind="table", chart=None, note="") -> dict:
        """A panel as screen, workbook and PDF read it.

        :param columns: (label, unit) of each column of figures; the first column of
            all, the label, is not among them
        :param rows: (label, figures, drills), one figure and one drill (see
            ``_drill``, or False) per column
        :param kind: ``table``, ``chart`` or ``funnel``
        :param chart: ``{"type": bar, line or doughnut, "series": [numbers of
            columns], "has_total"}``; the first row of a table with a total is not drawn
        """
        return {
            "kind": kind,
            "chart": chart or False,
            "note": note,
            "columns": [{"label": label, "unit": unit} for label, unit in columns],
            "rows": [
                {
                    "label": label,
                    "values": list(values),
                    "texts": [
                        self._text(number, unit)
                        for number, (_label, unit) in zip(values, columns, strict=True)
                    ],
                    "drills": list(drills),
                }
                for label, values, drills in rows
            ],
        }

    @api.model
    def _drill(
        self, measure: Measure, question: Question, extra: Domain = Domain.TRUE
    ) -> dict:
        """What opens the records of a figure: the measure and the domain."""
        domain = self.env["crm.measure"]._records_domain(
            measure, question.scope, question.period_of(measure)
        )
        return {
            "measure": measure.key,
            "domain": self.env["crm.measure"]._as_list(domain & extra),
        }

    @api.model
    @api.readonly
    @shaped
    def open_records(self, measure: str, domain: list, name: str = "") -> dict:
        """The action that shows the records behind a figure, with the user's rights.

        :param domain: as given with the figure
        :raises AccessError: for a measure the user may not read
        """
        catalogue = self.env["crm.measure"]
        return catalogue._open_records(catalogue._get_measure(measure), domain, name)

    @api.model
    def _steps(self, question: Question) -> list[Period]:
        return steps(question.period, step_for(question.period))
