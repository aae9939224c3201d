from odoo.tests import TransactionCase, tagged

from odoo.addons.crm_reports.tests.recount_common import RecountMixin, share


def is_won(lead):
    """Certain, and in a stage of won deals."""
    return lead["probability"] == 100 and lead["is_won_stage"]


def is_lost(lead):
    """Put away without a chance."""
    return not lead["active"] and lead["probability"] == 0 and not is_won(lead)


def deals(rows):
    return [lead for lead in rows.leads if lead["type"] == "opportunity"]


def open_deals(rows):
    return [
        lead
        for lead in deals(rows)
        if lead["active"] and not is_won(lead) and not is_lost(lead)
    ]


def created(rows):
    return [lead for lead in rows.leads if rows.within(lead["create_date"])]


def won(rows):
    return [d for d in deals(rows) if is_won(d) and rows.within(d["date_closed"])]


def lost(leads, rows):
    return [d for d in leads if is_lost(d) and rows.within(d["date_closed"])]


def forecast(rows):
    return sum(
        rows.worth(
            round(lead["expected_revenue"] * lead["probability"] / 100, 2),
            lead["currency"] or rows.own_currency,
            rows.today,
        )
        for lead in open_deals(rows)
        if rows.within(lead["date_deadline"])
    )


RECOUNTS = {
    "new_leads": (
        "Leads and opportunities created in the period, whatever became of them since.",
        lambda rows: len(created(rows)),
    ),
    "lead_won_share": (
        ("Of the leads and opportunities created in the period, the share that is won "
        "by now."),
        lambda rows: share([one for one in created(rows) if is_won(one)],
                           created(rows)),
    ),
    "won_deals": (
        "Opportunities won, by the day they were won.",
        lambda rows: len(won(rows)),
    ),
    "won_revenue": (
        ("Sum of the expected revenue of opportunities won, by the day they were won, "
        "in the currency of the company at the rate of that day."),
        lambda rows: sum(
            rows.worth(lead["expected_revenue"], lead["currency"] or rows.own_currency,
                       rows.day(lead["date_closed"]))
            for lead in won(rows)
        ),
    ),
    "win_rate": (
        "Of the opportunities won or lost in the period, the share won.",
        lambda rows: share(won(rows), won(rows) + lost(deals(rows), rows)),
    ),
    "lost_deals": (
        "Leads and opportunities lost, by the day they were lost.",
        lambda rows: len(lost(rows.leads, rows)),
    ),
    "pipeline": (
        ("Sum of the expected revenue of opportunities that are neither won, lost nor "
        "archived at this moment, in the currency of the company at today's rate."),
        lambda rows: sum(
            rows.worth(lead["expected_revenue"], lead["currency"] or rows.own_currency,
                       rows.today)
            for lead in open_deals(rows)
        ),
    ),
    "open_deals": (
        "Opportunities that are neither won, lost nor archived at this moment.",
        lambda rows: len(open_deals(rows)),
    ),
    "forecast": (
        ("Sum of expected revenue times probability of the opportunities that are "
        "neither won, lost nor archived at this moment and whose expected closing lies "
        "in the period, in the currency of the company at today's rate."),
        forecast,
    ),
}  # fmt: skip


@tagged("post_install", "-at_install")
class TestRecount(RecountMixin, TransactionCase):
    """# A9: figures of deals by a second hand; both hands are compared on the whole
    company."""

    RECOUNTS = RECOUNTS

    def test_the_recounts_follow_the_sentences(self):
        """What the user reads is what was recounted."""
        self.check_sentences()
