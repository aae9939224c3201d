from odoo.tests import TransactionCase, tagged

from .recount_common import RecountMixin, share


def customers(rows, *states):
    return [
        one
        for one in rows.partners
        if one["active"]
        and one["lifecycle_state"]
        and (not states or one["lifecycle_state"] in states)
    ]


def moved(rows, before, after):
    """Changes of a lifecycle, on the day they became known; what only tells the
    beginning of a history, or of two in one, changed nothing."""
    told = ("created", "was", "merged", "release", "undone")
    return [
        one
        for one in rows.moves
        if rows.within(one["known_at"])
        and one["cause"] not in told
        and one["to_state"] == after
        and (not before or one["from_state"] in before)
    ]


RECOUNTS = {
    "new_customers": (
        "Customers entered in the period; their contacts do not count.",
        lambda rows: len([c for c in customers(rows) if rows.within(c["create_date"])]),
    ),
    "customers": (
        "All customers at this moment, whatever their lifecycle.",
        lambda rows: len(customers(rows)),
    ),
    "active_customers": (
        "Customers whose lifecycle is active at this moment.",
        lambda rows: len(customers(rows, "active")),
    ),
    "lost_share": (
        ("Of the customers that are active, dormant or lost at this moment, the share "
        "that is lost."),
        lambda rows: share(customers(rows, "lost"),
                           customers(rows, "active", "dormant", "lost")),
    ),
    "dormant_share": (
        ("Of the customers that are active or dormant at this moment, the share that "
        "is dormant."),
        lambda rows: share(customers(rows, "dormant"),
                           customers(rows, "active", "dormant")),
    ),
    "activated": (
        ("Customers that became active from potential, by the day we came to know of "
        "it and their owner then."),
        lambda rows: len(moved(rows, ["potential"], "active")),
    ),
    "came_back": (
        ("Customers that became active from dormant or lost, by the day we came to "
        "know of it and their owner then."),
        lambda rows: len(moved(rows, ["dormant", "lost"], "active")),
    ),
    "went_dormant": (
        ("Customers that became dormant, by the day we came to know of it and their "
        "owner then."),
        lambda rows: len(moved(rows, None, "dormant")),
    ),
    "went_lost": (
        ("Customers that became lost, by the day we came to know of it and their owner "
        "then."),
        lambda rows: len(moved(rows, None, "lost")),
    ),
    "unowned_customers": (
        "Customers nobody looks after at this moment.",
        lambda rows: len([c for c in customers(rows) if not c["customer_owner_id"]]),
    ),
}  # fmt: skip


@tagged("post_install", "-at_install")
class TestRecount(RecountMixin, TransactionCase):
    """# A9: figures of customers by a second hand; both hands are compared on the whole
    company."""

    RECOUNTS = RECOUNTS

    def test_the_recounts_follow_the_sentences(self):
        """What the user reads is what was recounted."""
        self.check_sentences()
