from datetime import timedelta
from functools import lru_cache

from odoo.tests import TransactionCase, tagged

from odoo.addons.crm_reports.tests.recount_common import RecountMixin, mean, share


def first_contacts(rows):
    """{lead: its earliest follow-up of all, readable or not}"""
    found = {}
    for one in sorted(rows.all_followups, key=lambda f: (f["date"], f["id"])):
        if one["lead_id"]:
            found.setdefault(one["lead_id"], one["id"])
    return set(found.values())


@lru_cache(None)
def working_hours(start, end):
    """Between two UTC moments: Monday to Friday, 9 to 12 and 13 to 18 in Shanghai,
    minute by minute."""
    minutes, at = 0, start
    while at < end:
        local = at + timedelta(hours=8)
        hour = local.hour + local.minute / 60
        minutes += local.weekday() < 5 and (9 <= hour < 12 or 13 <= hour < 18)
        at += timedelta(minutes=1)
    return minutes / 60


def responses(rows):
    first = first_contacts(rows)
    return [
        working_hours(rows.born[one["lead_id"]], one["date"])
        for one in rows.followups
        if one["id"] in first and rows.within(one["date"])
    ]


def overdue(rows):
    return [
        t for t in rows.tasks if t["state"] == "open" and t["date_due"] < rows.today
    ]


def due(rows):
    done = [task for task in rows.tasks if task["state"] == "done"]
    return [task for task in done + overdue(rows) if rows.within(task["date_due"])]


RECOUNTS = {
    "followups": (
        "Follow-ups written, by the day of the contact and who made it.",
        lambda rows: len([f for f in rows.followups if rows.within(f["date"])]),
    ),
    "response_hours": (
        ("Average working hours from the arrival of a lead to its first follow-up, by "
        "the day of that follow-up."),
        lambda rows: mean(responses(rows)),
    ),
    "on_time": (
        ("Of the planned follow-ups due in the period that are done or overdue, the "
        "share done on time."),
        lambda rows: share(
            [t for t in due(rows)
             if t["state"] == "done" and t["date_done"] <= t["date_due"]],
            due(rows),
        ),
    ),
    "overdue": (
        "Planned follow-ups whose day has passed and that are not done.",
        lambda rows: len(overdue(rows)),
    ),
}  # fmt: skip


@tagged("post_install", "-at_install")
class TestRecount(RecountMixin, TransactionCase):
    """# A9: figures of follow-ups by a second hand; both hands are compared on the
    whole company."""

    RECOUNTS = RECOUNTS

    def test_the_recounts_follow_the_sentences(self):
        """What the user reads is what was recounted."""
        self.check_sentences()
