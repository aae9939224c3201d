from odoo.tests import BaseCase

from ..tools.gathered import MOST_IDS, Gathered, Place

HERE, THERE, NOWHERE = Place(1, 2, 3), Place(1, 4, 5), Place(1, 0, 0)


class TestGatheredLogic(BaseCase):
    """One signal for each channel, however often and however much was changed."""

    def setUp(self):
        super().setUp()
        self.gathered = Gathered()

    def test_nothing_is_nothing(self):
        self.assertFalse(self.gathered)
        self.assertEqual(self.gathered.desks(), {})
        self.assertEqual(self.gathered.people(), {})

    def test_what_is_new_is_not_told_as_changed_as_well(self):
        self.gathered.add(7, [HERE], is_new=True)
        self.gathered.add(7, [HERE])
        self.gathered.add(8, [HERE])
        [signal] = self.gathered.desks().values()
        self.assertEqual((set(signal.created), set(signal.changed)), ({7}, {8}))

    def test_where_it_was_hears_as_well(self):
        self.gathered.add(7, [HERE, THERE])
        self.assertEqual(set(self.gathered.desks()), {(1, 2), (1, 4)})
        self.assertEqual(set(self.gathered.people()), {3, 5})

    def test_who_has_nothing_is_told_nothing(self):
        self.gathered.add(7, [NOWHERE], is_new=True)
        self.assertEqual(set(self.gathered.desks()), {(1, 0)})
        self.assertEqual(self.gathered.people(), {})
        self.assertEqual(self.gathered.created_at(), {})

    def test_new_ones_by_team(self):
        self.gathered.add(7, [HERE], is_new=True)
        self.gathered.add(8, [HERE])
        self.gathered.add(9, [THERE], is_new=True)
        self.assertEqual(self.gathered.created_at(), {2: {7}, 4: {9}})

    def test_many_are_told_as_a_number(self):
        for ticket in range(MOST_IDS):
            self.gathered.add(ticket, [HERE])
        payload = self.gathered.desks()[1, 2].payload(by=3)
        self.assertEqual(len(payload["changed"]), MOST_IDS)
        self.gathered.add(MOST_IDS, [HERE], is_new=True)
        payload = self.gathered.desks()[1, 2].payload(by=3)
        told = {"by": 3, "count": MOST_IDS + 1, "created": [], "changed": []}
        self.assertEqual(payload, told)

    def test_the_weightiest_is_told_and_of_equals_the_last(self):
        for kind, row in (("new", 0), ("handed", 5), ("handed", 6), ("given", 0)):
            self.gathered.tell(3, 7, kind, row)
        self.gathered.tell(4, 8, "new")
        told = {3: [[7, "handed", 6]], 4: [[8, "new", 0]]}
        self.assertEqual(self.gathered.notices(), told)
