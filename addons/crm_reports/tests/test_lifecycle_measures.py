from datetime import date, timedelta

from odoo.tests import tagged

from ..models.crm_measure import Scope
from ..tools.periods import Period
from .common import ReportsCommon

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 25))
OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))
KEYS = ("activated", "came_back", "went_dormant", "went_lost")
# (owner, from, to, cause, day of November it was known on)
MOVES = (
    ("rep", "potential", "active", "business", 3),
    ("rep", "active", "dormant", "silence", 5),
    ("rep", "dormant", "active", "business", 9),
    ("colleague", "dormant", "lost", "silence", 9),
    ("other_rep", "lost", "active", "business", 12),
    ("other_rep", "active", "dormant", "person", 13),
    # no change of a customer
    ("rep", None, "lost", "created", 4),
    ("rep", "dormant", "active", "undone", 4),
    ("rep", "active", "active", "merged", 4),
    # of the month before, known then; and known before it is reported
    ("rep", "active", "dormant", "silence", -9),
)
# by hand: of November up to the 24th
BY_HAND = {
    "crm_admin": {"activated": 1, "came_back": 2, "went_dormant": 2, "went_lost": 1},
    "manager": {"activated": 1, "came_back": 1, "went_dormant": 1, "went_lost": 1},
    "rep": {"activated": 1, "came_back": 1, "went_dormant": 1, "went_lost": 0},
}


@tagged("post_install", "-at_install")
class TestLifecycleMeasures(ReportsCommon):
    """# A6 C6: who came, went and came back."""

    @classmethod
    def _fill(cls):
        cls.owners = {
            name: cls.customer_of(getattr(cls, name))
            for name in ("rep", "colleague", "other_rep")
        }
        cls.moves = cls.env["crm.lifecycle.move"]
        for owner, before, after, cause, day in MOVES:
            cls.moves |= cls.move(owner, before, after, cause, day)

    @classmethod
    def move(cls, owner, before, after, cause, day, late=timedelta()):
        return cls.moves.create(
            {
                "partner_id": cls.owners[owner].id,
                "owner_id": getattr(cls, owner).id,
                "from_state": before,
                "to_state": after,
                "cause": cause,
                "known_at": cls.day(day),
                "effective_at": cls.day(day) - late,
            }
        )

    def figures(self, role, period=NOVEMBER):
        catalogue = self.catalogue.with_user(self.roles[role])
        measures = catalogue._measures()
        return {key: catalogue._value(measures[key], Scope(), period) for key in KEYS}

    def test_each_figure_is_the_one_counted_by_hand(self):
        """# G1: a rep counts own customers, a manager the team's."""
        for role, by_hand in BY_HAND.items():
            with self.subTest(role):
                self.assertEqual(self.figures(role), by_hand)

    def test_each_figure_is_that_of_its_list(self):
        for role, by_hand in BY_HAND.items():
            catalogue = self.catalogue.with_user(self.roles[role])
            for key in KEYS:
                with self.subTest(role=role, figure=key):
                    measure = catalogue._measures()[key]
                    domain = catalogue._records_domain(measure, period=NOVEMBER)
                    action = catalogue.env["crm.dashboard"].open_records(
                        key, catalogue._as_list(domain)
                    )
                    records = catalogue.env[action["res_model"]].search(
                        action["domain"]
                    )
                    self.assertEqual(len(records), by_hand[key])

    def test_what_is_known_late_changes_no_month_that_was_reported(self):
        """# C6: bitemporal."""
        october = self.figures("crm_admin", OCTOBER)
        self.assertEqual(october["went_dormant"], 1)
        self.move("rep", "dormant", "active", "business", 20, timedelta(days=40))
        self.assertEqual(self.figures("crm_admin", OCTOBER), october)
        self.assertEqual(self.figures("crm_admin")["came_back"], 3)

    def test_a_run_that_was_taken_back_is_not_counted(self):
        run = self.env["crm.customer.run"].create(
            {"trigger": "nightly", "kind": "lifecycle", "state": "done"}
        )
        self.moves.create(
            {
                "partner_id": self.owners["rep"].id,
                "from_state": "active",
                "to_state": "lost",
                "cause": "silence",
                "known_at": self.day(14),
                "effective_at": self.day(14),
                "run_id": run.id,
            }
        )
        self.assertEqual(self.figures("crm_admin")["went_lost"], 2)
        run.state = "rolled_back"
        self.assertEqual(self.figures("crm_admin")["went_lost"], 1)

    def test_the_panel_tells_by_owner(self):
        data = self.dashboard(self.crm_admin, "owner")
        [panel] = [one for one in data["panels"] if one["key"] == "churn"]
        rows = {row["label"]: row["values"] for row in panel["rows"]}
        self.assertEqual(
            rows,
            {
                self.rep.name: [1, 1, 1, 0],
                self.colleague.name: [0, 0, 0, 1],
                self.other_rep.name: [0, 1, 1, 0],
            },
        )
