import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..tools.periods import step_for, steps
from .crm_dashboard import Question
from .crm_measure import Measure, Scope, Wanted


class CrmReportView(models.Model):
    """A report somebody made: figures, what they are grouped by, the period and what
    it is compared with; for its maker, or shared with the people of some roles.

    Whoever opens it sees the figures of what he or she may read.
    """

    _name = "crm.report.view"
    _link_gate = True
    _description = "Own Report"
    _order = "sequence, name, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    user_id = fields.Many2one(
        "res.users",
        "Made By",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        ondelete="cascade",
        readonly=True,
        copy=False,
    )
    group_ids = fields.Many2many(
        "res.groups",
        string="Shared With",
        domain="[('privilege_id.name', '=', 'Customer Management')]",
        help="Roles whose people find this report in their list. Each of them sees "
        "the figures of what he or she may read.",
    )
    line_ids = fields.One2many("crm.report.view.line", "report_id", "Figures")
    group_by = fields.Selection(
        "_group_by_selection",
        required=True,
        default="time",
        help="One row of the table per value of this.",
    )
    period = fields.Selection("_period_selection", required=True, default="this_month")
    date_from = fields.Date("First Day")
    date_to = fields.Date("Last Day")
    is_compared = fields.Boolean(
        "Compare", default=True, help="Show the period before beside each figure."
    )
    team_id = fields.Many2one("crm.team", "Sales Team")
    person_id = fields.Many2one(
        "res.users", domain=[("share", "=", False)], ondelete="set null"
    )
    chart = fields.Selection(
        [("bar", "Bars"), ("line", "Line"), ("doughnut", "Ring")],
        required=True,
        default="bar",
    )

    @api.model
    def _system_fields(self):
        return super()._system_fields() | {"user_id"}

    @api.model
    def _system_fields_advice(self):
        return self.env._("A report belongs to who makes it; copy it to have your own.")

    @api.model
    def _group_by_selection(self):
        dimensions = self.env["crm.measure"]._dimension_list()
        return [("time", self.env._("Time")), *dimensions.items()]

    @api.model
    def _period_selection(self):
        return [*self.env["crm.dashboard"]._period_names().items()]

    @api.constrains("period", "date_from", "date_to")
    def _check_dates(self):
        for report in self.filtered(lambda report: report.period == "custom"):
            if not (report.date_from and report.date_to) or (
                report.date_from > report.date_to
            ):
                raise ValidationError(
                    self.env._(
                        "Give the first and the last day of the period; the last not "
                        "before the first."
                    )
                )

    @api.constrains("group_by", "line_ids")
    def _check_groups(self):
        catalogue = self.env["crm.measure"]
        measures = catalogue._measures()
        names = dict(self._group_by_selection())
        for report in self:
            for line in report.line_ids:
                measure = measures.get(line.measure)
                if measure and not report._group_field(measure):
                    raise ValidationError(
                        self.env._(
                            "“%(figure)s” cannot be grouped by “%(group)s”. Choose "
                            "another group, or take the figure out.",
                            figure=measure.name,
                            group=names[report.group_by],
                        )
                    )

    def _group_field(self, measure: Measure) -> str | None:
        if self.group_by == "time":
            return measure.date_field
        return self.env["crm.measure"]._field_of(measure, self.group_by)

    # ------------------------------------------------------------
    # DATA
    # ------------------------------------------------------------

    def action_open(self):
        """Show the report."""
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "crm_reports.dashboard",
            "name": self.name,
            "params": {"report_id": self.id},
        }

    @api.readonly
    def get_report(self) -> dict:
        """The report as screen, workbook, PDF and mail read it; the same shape as
        ``crm.dashboard.get_dashboard``, counted with the user's rights.

        :raises UserError: when it has no figure the user may read
        """
        self.ensure_one()
        try:
            with self.env.cr.savepoint(flush=False):  # no flush: only read
                return self._counted()
        except psycopg2.Error:
            # a filter that only the database refuses: it is stopped, the others go on
            self._lines_counted()._look_at()
        return self._counted()

    def _counted(self) -> dict:
        dashboards = self.env["crm.dashboard"]
        return dashboards._safely(self, "_report_data", self._question())

    def _question(self) -> Question:
        """The question of the report, with the filters of its figures."""
        question = self.env["crm.dashboard"]._question(
            {
                "period": self.period,
                "date_from": self.date_from,
                "date_to": self.date_to,
                "team_id": self.team_id.id,
                "user_id": self.person_id.id,
            }
        )
        filters = tuple(
            (line.measure, domain)
            for line in self._lines_counted()
            if not (domain := line._filter()).is_true()
        )
        return question._replace(scope=question.scope._replace(filters=filters))

    def _lines_counted(self):
        """The figures whose filters work."""
        return self.line_ids._in_use()._sound()

    def _report_data(self, question: Question) -> dict:
        dashboards = self.env["crm.dashboard"]
        readable = self.env["crm.measure"]._readable_measures()
        keys = [one.measure for one in self._lines_counted() if one.measure in readable]
        if not keys:
            raise UserError(
                self.env._(
                    "This report has no figure you may see. Add one, or ask the "
                    "person who made it."
                )
            )
        measures = [readable[key] for key in keys]
        panel = self._panel(measures, question)
        tiles = dashboards._tiles(keys, question)
        return {
            "key": f"report-{self.id}",
            "name": self.name,
            "subtitle": dashboards._subtitle(question),
            "tiles": tiles,
            "panels": [
                {
                    "key": "report",
                    "title": dict(self._group_by_selection())[self.group_by],
                    "help": "",
                    "error": False,
                    "empty": self.env._("Choose a longer period or fewer filters."),
                    **panel,
                }
            ],
            "note": dashboards._note(question),
        }

    def _panel(self, measures: list[Measure], question: Question) -> dict:
        """The table: one row per group, per figure a column, and one for the period
        before where the report compares."""
        rows = (
            self._rows_by_time(measures, question)
            if self.group_by == "time"
            else self._rows_by_dimension(measures, question)
        )
        columns = []
        for measure in measures:
            columns.append((measure.name, measure.unit))
            if self._compares(measure):
                columns.append((self.env._("%s: before", measure.name), measure.unit))
        shown = list(range(2 if self._compares(measures[0]) else 1))
        chart = {"type": self.chart, "series": shown}
        return self.env["crm.dashboard"]._panel_data(columns, rows, "chart", chart)

    def _compares(self, measure: Measure) -> bool:
        return bool(self.is_compared and measure.date_field and not measure.ahead)

    def _rows_by_dimension(self, measures, question: Question) -> list:
        dashboards = self.env["crm.dashboard"]
        catalogue = self.env["crm.measure"]
        found: dict = {}
        for measure in measures:
            periods = (question.period_of(measure), question.before)
            wanted = Wanted(measure, periods[: 1 + self._compares(measure)])
            field = self._group_field(measure)
            groups = catalogue._figures(
                [wanted], question.scope, catalogue._by_field(field)
            )
            for group, cells in groups.items():
                found.setdefault(group, {}).update(cells)
        names = dashboards._names_of(measures[0], self.group_by, found)
        rows = []
        for group, cells in found.items():
            values, drills = [], []
            for measure in measures:
                size = 1 + self._compares(measure)
                empty = [None if measure.is_ratio else 0.0] * size
                extra = Domain(self._group_field(measure), "=", group)
                values += cells.get(measure.key, empty)
                drills += [dashboards._drill(measure, question, extra), False][:size]
            rows.append((names[group], values, drills))
        return sorted(rows, key=lambda row: -(row[1][0] or 0))

    def _rows_by_time(self, measures, question: Question) -> list:
        """A row per day, week or month; beside it the same step of the period
        before."""
        step = step_for(question.period)
        now = steps(question.period, step)
        before = steps(question.before, step)
        found = {
            measure.key: [
                self._over_time(measure, question.scope, periods)
                for periods in (now, before)[: 1 + self._compares(measure)]
            ]
            for measure in measures
        }
        rows = []
        for place, one in enumerate(now):
            values, drills = [], []
            for measure in measures:
                for curve in found[measure.key]:
                    values.append(curve[place] if place < len(curve) else None)
                    drills.append(False)
                drills[-len(found[measure.key])] = self._step_drill(
                    measure, question, one
                )
            label = one.start.strftime("%Y-%m" if step == "month" else "%Y-%m-%d")
            rows.append((label, values, drills))
        return rows

    def _step_drill(self, measure: Measure, question: Question, step) -> dict:
        at = question._replace(period=step, period_key="custom")
        return self.env["crm.dashboard"]._drill(measure, at)

    def _over_time(self, measure: Measure, scope: Scope, cut: list) -> list:
        catalogue = self.env["crm.measure"]
        whole = cut[0]._replace(end=cut[-1].end)
        found = catalogue._figures(
            [Wanted(measure, (whole,))], scope, catalogue._by_step(measure, cut)
        )
        empty = {measure.key: [None if measure.is_ratio else 0.0]}
        return [
            found.get(number, empty)[measure.key][0]
            for number in range(1, len(cut) + 1)
        ]
