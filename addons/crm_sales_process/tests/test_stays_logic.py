from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_sales_process.tools.stays import (
    SLIP,
    Beginning,
    Entry,
    OpenStay,
    State,
    plan_changes,
    plan_entries,
)

NOW = datetime(2026, 3, 2, 9, 0)
ANNA, BEN = 7, 8
NEW, OFFER, WON = 1, 2, 3


def stay(entered=NOW - timedelta(days=3), mover=ANNA, previous=None, was=0):
    kind = "opportunity" if previous else ""
    return OpenStay(50, entered, mover, previous, was, kind)


def at(stage, kind="opportunity", running=True):
    return State(stage, kind, running)


@tagged("post_install", "-at_install")
class TestStaysLogic(BaseCase):
    """What a change of stage does to the history. # S5"""

    def plan(self, before, after, open_stay, mover=ANNA, now=NOW):
        stays = {9: open_stay} if open_stay else {}
        return plan_changes([(9, before, after)], stays, mover, now)

    def test_a_move_ends_one_stay_and_begins_the_next(self):
        """The chain goes on: the new stay knows the one before."""
        plan = self.plan(at(NEW), at(OFFER), stay())
        self.assertEqual(plan.close, {"moved": [50]})
        self.assertEqual(plan.begin, [Beginning(9, NEW, 50, "moved")])
        self.assertFalse(plan.slips + plan.reopen)

    def test_nothing_changed_leaves_no_trace(self):
        plan = self.plan(at(NEW), at(NEW), stay())
        self.assertEqual(plan, ({}, [], [], []))

    def test_a_conversion_begins_a_stay_even_in_the_same_stage(self):
        plan = self.plan(at(NEW, "lead"), at(NEW), stay())
        self.assertEqual(plan.close, {"converted": [50]})
        self.assertEqual(plan.begin[0].entry, "converted")

    def test_losing_or_archiving_ends_the_stay(self):
        """Time after the loss is no time in the stage."""
        plan = self.plan(at(OFFER), at(OFFER, running=False), stay())
        self.assertEqual((plan.close, plan.begin), ({"closed": [50]}, []))

    def test_a_restored_deal_begins_anew_where_it_was(self):
        plan = self.plan(at(OFFER, running=False), at(OFFER), None)
        self.assertEqual(plan.begin, [Beginning(9, OFFER, None, "restored")])

    def test_dragged_back_at_once_is_a_slip(self):
        """The stay before goes on as if nothing had been."""
        slip = stay(NOW - timedelta(seconds=20), previous=49, was=NEW)
        plan = self.plan(at(OFFER), at(NEW), slip)
        self.assertEqual((plan.slips, plan.reopen), ([50], [49]))
        self.assertFalse(plan.close or plan.begin)

    def test_a_minute_later_is_still_at_once(self):
        plan = self.plan(at(OFFER), at(NEW), stay(NOW - SLIP, ANNA, 49, NEW))
        self.assertEqual(plan.slips, [50])

    def test_new_leads_begin_a_history_and_others_go_on(self):
        """The new ones first; a lead that stayed where it was is none of them."""
        entries = [
            Entry(9, at(NEW), at(OFFER), {}),
            Entry(10, None, at(NEW), {}),
            Entry(11, at(NEW), at(NEW), {}),
        ]
        plan = plan_entries(entries, {9: stay()}, ANNA, NOW)
        self.assertEqual(plan.close, {"moved": [50]})
        self.assertEqual(
            plan.begin,
            [Beginning(10, 0, None, "created"), Beginning(9, NEW, 50, "moved")],
        )

    def test_what_is_no_slip(self):
        """Later, by somebody else, or to a third stage: a move like any other."""
        cases = {
            "later": (stay(NOW - SLIP - timedelta(seconds=1), ANNA, 49, NEW), NEW),
            "somebody else": (stay(NOW, BEN, 49, NEW), NEW),
            "another stage": (stay(NOW, ANNA, 49, NEW), WON),
            "nothing before": (stay(NOW, ANNA), NEW),
        }
        for name, (open_stay, target) in cases.items():
            with self.subTest(name):
                plan = self.plan(at(OFFER), at(target), open_stay)
                self.assertFalse(plan.slips)
                self.assertEqual(plan.begin[0].entry, "moved")

    @given(
        st.lists(
            st.tuples(
                st.integers(1, 4),
                st.sampled_from(["lead", "opportunity"]),
                st.booleans(),
                st.integers(0, 200),
            ),
            max_size=30,
        )
    )
    def test_the_history_adds_up(self, walk):
        """Whatever happens to a lead: one open stay exactly while it is running, in
        the stage it is in, and the stays that are no slips cover its running time
        without gap or overlap."""
        history, running = self._walk(walk)
        last = history["state"]
        open_stays = [s for s in history["stays"] if s["left"] is None]
        self.assertEqual(len(open_stays), int(last.running))
        if last.running:
            place = (open_stays[0]["stage"], open_stays[0]["kind"])
            self.assertEqual(place, (last.stage, last.kind))
        spent = sum(
            ((s["left"] or history["now"]) - s["entered"]).total_seconds()
            for s in history["stays"]
            if not s["slip"]
        )
        self.assertEqual(spent, running)

    def _walk(self, walk):
        """Play a walk of a lead through states; return its history and the seconds
        it was running."""
        state, now, running = at(NEW), NOW, 0.0
        stays = [self._row(0, state, None, now)]
        for stage, kind, runs, seconds in walk:
            now += timedelta(seconds=seconds)
            running += seconds if state.running else 0
            after = State(stage, kind, runs)
            plan = plan_changes([(9, state, after)], self._open(stays), ANNA, now)
            self._apply(plan, stays, after, now)
            state = after
        return {"state": state, "stays": stays, "now": now}, running

    def _row(self, id_, state, previous, now):
        return {
            "id": id_,
            "stage": state.stage,
            "kind": state.kind,
            "previous": previous,
            "entered": now,
            "left": None,
            "slip": False,
        }

    def _open(self, stays):
        for row in stays:
            if row["left"] is None:
                before = None
                if row["previous"] is not None:
                    before = stays[row["previous"]]
                    if before["left"] != row["entered"]:
                        before = None
                return {
                    9: OpenStay(
                        row["id"],
                        row["entered"],
                        ANNA,
                        before and before["id"],
                        before["stage"] if before else 0,
                        before["kind"] if before else "",
                    )
                }
        return {}

    def _apply(self, plan, stays, after, now):
        for ids in plan.close.values():
            for id_ in ids:
                stays[id_]["left"] = now
        for id_ in plan.slips:
            stays[id_].update(left=now, slip=True)
        for id_ in plan.reopen:
            stays[id_]["left"] = None
        for beginning in plan.begin:
            stays.append(self._row(len(stays), after, beginning.previous, now))
