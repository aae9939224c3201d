import os
import random

from odoo.tests import tagged

from .common import PairsCommon
from .merging import PROBES, Fingerprint, Graph, difference

# make test takes some; MERGE_CASES says how many otherwise
CASES = int(os.environ.get("CRM_SUITE_MERGE_CASES", "15"))
SEED = int(os.environ.get("CRM_SUITE_MERGE_SEED", "18"))


@tagged("post_install", "-at_install")
class TestMergeProperty(PairsCommon):
    """# C4: whatever there is of customers, a merge that is taken back leaves all as it
    was, but for what somebody has changed since."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.cr.execute(PROBES)
        cls.tags = cls.env["res.partner.category"].create(
            [{"name": f"Tag {number}"} for number in range(4)]
        )
        cls.docs = [cls.make_lead(f"Followed {number}") for number in range(3)]
        cls.wizard = cls.env["base.partner.merge.automatic.wizard"]

    def test_undo_is_exact(self):
        fingerprint = Fingerprint(self.env)
        counts = {"cases": 0, "rows": 0, "lines": 0, "edits": 0, "left": 0,
                  "with_left": 0}  # fmt: skip
        for case in range(CASES):
            dice = random.Random(SEED * 10_000 + case)
            with self.subTest(case=case):
                self.within(lambda dice=dice: self.one_case(dice, fingerprint, counts))
            counts["cases"] += 1
        print("merges taken back:", counts)
        self.assertLessEqual(counts["lines"], 3 * counts["rows"])

    def within(self, act):
        """Do something, and leave nothing of it."""
        savepoint = self.env.cr.savepoint()
        try:
            return act()
        finally:
            savepoint.rollback()
            savepoint.close(rollback=False)
            self.env.transaction.clear()

    def one_case(self, dice, fingerprint, counts):
        graph = Graph(self, dice, dice.randint(2, 6))
        survivor = dice.choice(graph.partners)
        edits = []
        if dice.random() < 0.6:
            edits = self.within(lambda: self.edits_after(graph, survivor))
        # who is never merged, and edited alike
        wanted = self.within(lambda: self.edited(graph, edits, fingerprint))
        merge = self.merge(graph, survivor)
        for edit in edits:
            self.env.cr.execute(edit)
        self.env.invalidate_all()
        merge._undo()
        found = fingerprint.take()
        counts["edits"] += len(edits)
        counts["rows"] += merge.row_count
        counts["lines"] += len(merge.line_ids)
        counts["left"] += merge.left_count
        counts["with_left"] += bool(merge.left_count)
        wrong = difference(wanted, found)
        self.assertFalse(wrong)
        if not edits:
            self.assertFalse(merge.left_count)

    def merge(self, graph, survivor):
        self.wizard._merge(graph.partners.ids, survivor)
        self.env.cr.flush()
        merge = survivor.merge_ids
        absorbed = graph.partners - survivor
        self.assertEqual(merge.absorbed_ids, absorbed)
        self.assertFalse(any(absorbed.mapped("active")))
        self.assertEqual(absorbed.merged_into_id, survivor)
        return merge

    def edits_after(self, graph, survivor):
        self.merge(graph, survivor)
        return graph.edits(survivor)

    def edited(self, graph, edits, fingerprint):
        for edit in edits:
            self.env.cr.execute(edit)
        # what follows from others is brought up to date when a merge is taken back
        self.wizard._rows_moved(graph.partners)
        return fingerprint.take()
