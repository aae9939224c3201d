from unittest.mock import patch

from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.crm_measure import CrmMeasure
from ..panels import Ask, FiguresPanel, Panel
from ..tools.periods import steps
from .common import ReportsCommon

LOGGER = "odoo.addons.crm_reports.models.crm_dashboard"
CUSTOMERS = ("res.partner",)


class ReadingPanel(Panel):
    reads = ("_target_sums",)

    def lay_out(self, question, answers):
        return self.table([], [], note=str(question.read["_target_sums"].total))


@tagged("post_install", "-at_install")
class TestPanels(ReportsCommon):
    """# A8: panels ask, the dashboard answers, panels lay out."""

    def setUp(self):
        super().setUp()
        self.dashboards = self.env["crm.dashboard"].with_user(self.crm_admin)
        self.question = self.dashboards._question(self.NOVEMBER)
        self.measures = self.catalogue._measures()

    def figures(self, key, measures, dimension="person", models=CUSTOMERS):
        return FiguresPanel(
            self.dashboards.env, key, key, "", "", models, measures, dimension
        )

    def laid_out(self, *panels):
        """{key: panel} of some panels."""
        registry_class = type(self.env["crm.dashboard"])
        with patch.object(registry_class, "_panel_list", lambda _self: [*panels]):
            keys = [panel.key for panel in panels]
            found = self.dashboards._panels(keys, self.question)
        return {one["key"]: one for one in found}

    def rows(self, panel):
        return {row["label"]: row["values"] for row in panel["rows"]}

    def queries(self, *panels):
        """How many queries some panels cost, and how often figures were counted."""
        counted = []
        figures = CrmMeasure._figures

        def count(catalogue, wanted, scope, group=None):
            counted.append(sorted(one.measure.key for one in wanted))
            return figures(catalogue, wanted, scope, group)

        self.laid_out(*panels)
        self.env.flush_all()
        with patch.object(CrmMeasure, "_figures", count):
            before = self.env.cr.sql_log_count
            self.laid_out(*panels)
            return self.env.cr.sql_log_count - before, counted

    def test_a_panel_that_asks_what_others_ask_costs_no_query(self):
        """Whoever comes first, and whether it asks the same figure or another one of
        the same records by the same group."""
        one = self.figures("one", ("customers", "new_customers"))
        same = self.figures("same", ("new_customers",))
        other = self.figures("other", ("active_customers", "lost_share"))
        alone, counted = self.queries(one)
        self.assertEqual(counted, [["customers", "new_customers"]])
        for panels in ((one, same, other), (other, one, same), (same, other, one)):
            queries, counted = self.queries(*panels)
            with self.subTest([panel.key for panel in panels]):
                self.assertEqual(queries, alone)
                self.assertEqual(len(counted), 1)

    def test_each_gets_its_own_figures(self):
        panels = self.laid_out(
            self.figures("one", ("customers", "lost_share")),
            self.figures("other", ("active_customers",)),
            self.figures("levels", ("customers",), "lifecycle"),
        )
        self.assertEqual(
            self.rows(panels["one"]),
            {
                self.rep.name: [1, 0],
                self.colleague.name: [1, None],
                self.other_rep.name: [1, 100],
            },
        )
        self.assertEqual(self.rows(panels["other"]), {self.rep.name: [1]})
        self.assertEqual(
            self.rows(panels["levels"]),
            {"Active": [1], "Potential": [1], "Lost": [1]},
        )

    def test_the_same_figure_of_two_periods_and_of_steps(self):
        """A measure may be asked for several periods, and by time."""
        measure = self.measures["new_customers"]
        days = self.question.period
        before = self.question.before
        weeks = tuple(steps(days, "week"))
        owner = measure.person_field
        asks = [
            Ask(measure, owner, days),
            Ask(measure, owner, before),
            Ask(measure, weeks, days),
        ]
        answers = self.dashboards._answers([*asks, asks[0]], self.question)
        self.assertEqual(answers[asks[0]][self.rep.id], 1)
        self.assertFalse(answers[asks[1]].get(self.rep.id))
        # all three were entered on the second of November, a Monday
        self.assertEqual(sum(answers[asks[2]].values()), 3)
        self.assertEqual(answers.people[self.rep.id], self.rep.name)

    def test_an_altered_measure_has_a_key_of_its_own(self):
        measure = self.measures["customers"]
        lost = measure._replace(
            key="customers lost",
            domain=measure.domain & Domain("lifecycle_state", "=", "lost"),
        )
        asks = [Ask(one, "lifecycle_state", None) for one in (measure, lost)]
        answers = self.dashboards._answers(asks, self.question)
        self.assertEqual(sum(answers[asks[0]].values()), 3)
        self.assertEqual(answers[asks[1]].get("lost"), 1)

    def test_a_question_that_fails_hides_no_other_panel(self):
        """# A8: nor one that asks by the same query; the others are asked again."""
        bad = self.measures["customers"]._replace(
            key="bad", domain=Domain("no_such_field", "=", 1)
        )

        class Bad(FiguresPanel):
            def asks(self, question):
                return [Ask(bad, bad.person_field, None)]

        panel = Bad(
            self.dashboards.env, "bad", "", "", "", CUSTOMERS, ("customers",), "person"
        )
        sound = self.figures("sound", ("new_customers",))
        with mute_logger(LOGGER):
            found = self.laid_out(panel, sound)
        self.assertTrue(found["bad"]["error"])
        self.assertFalse(found["sound"]["error"])
        self.assertEqual(len(found["sound"]["rows"]), 3)

    def test_what_cannot_be_read_hides_only_who_reads_it(self):
        def broken(_dashboards, _question):
            raise ZeroDivisionError

        reading = ReadingPanel(self.dashboards.env, "reading", "", "", "", CUSTOMERS)
        sound = self.figures("sound", ("new_customers",))
        with (
            mute_logger(LOGGER),
            patch.object(type(self.env["crm.dashboard"]), "_target_sums", broken),
        ):
            found = self.laid_out(reading, sound)
        self.assertTrue(found["reading"]["error"])
        self.assertFalse(found["sound"]["error"])
        self.assertFalse(self.laid_out(reading)["reading"]["error"])

    def test_what_is_read_is_read_once(self):
        read = []
        sums = type(self.env["crm.dashboard"])._target_sums

        def count(dashboards, question):
            read.append(1)
            return sums(dashboards, question)

        panels = [
            ReadingPanel(self.dashboards.env, key, "", "", "", CUSTOMERS)
            for key in ("one", "two")
        ]
        with patch.object(type(self.env["crm.dashboard"]), "_target_sums", count):
            found = self.laid_out(*panels)
        self.assertEqual(len(read), 1)
        self.assertEqual(found["one"]["note"], found["two"]["note"])

    def test_a_figure_without_such_a_group_is_refused(self):
        panel = self.figures("wrong", ("customers",), "no_such_dimension")
        with mute_logger(LOGGER):
            found = self.laid_out(panel, self.figures("sound", ("customers",)))
        self.assertTrue(found["wrong"]["error"])
        self.assertFalse(found["sound"]["error"])
