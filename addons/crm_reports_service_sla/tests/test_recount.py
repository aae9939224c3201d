from datetime import timedelta

from odoo.tests import tagged

from odoo.addons.crm_reports.tests.recount_common import RecountMixin, chance, share

from .test_sla_figures import NOW, SlaFiguresCommon

CLOCKS = ("first_response", "next_response", "resolution")


def ended(rows, *clocks):
    return [
        one
        for one in rows.results
        if rows.within(one["date_to"]) and (not clocks or one["clock"] in clocks)
    ]


def due(rows):
    return [
        one
        for one in rows.own_tickets
        if one["state"] in ("pending", "in_progress", "waiting") and one["sla_deadline"]
    ]


def kept(results):
    return [one for one in results if one["used"] <= one["target"]]


RECOUNTS = {
    "tickets_due_today": (
        ("Open tickets whose next deadline comes before the company's day is over; "
        "those that are late already are not among them."),
        lambda rows: len([one for one in due(rows) if one["sla_deadline"] >= NOW
                          and rows.day(one["sla_deadline"]) <= rows.today]),
    ),
    "tickets_overdue": (
        "Open tickets whose deadline has passed at this moment.",
        lambda rows: len([one for one in due(rows) if one["sla_deadline"] < NOW]),
    ),
    "sla_response_met": (
        ("Of the first responses given or missed in the period, the share within the "
        "working time that was promised."),
        lambda rows: share(kept(ended(rows, "first_response")),
                           ended(rows, "first_response")),
    ),
    "sla_resolution_met": (
        ("Of the resolutions reached in the period, the share within the working time "
        "that was promised."),
        lambda rows: share(kept(ended(rows, "resolution")), ended(rows, "resolution")),
    ),
    "sla_breached": (
        ("First, later responses and resolutions that ended in the period later than "
        "promised."),
        lambda rows: len(ended(rows)) - len(kept(ended(rows))),
    ),
    "sla_hours": (
        ("Working hours tickets spent with us, from the SLA ledger, by the day a "
        "stretch began and by the team that had the ticket then."),
        lambda rows: sum(one["seconds"] for one in rows.entries
                         if one["bucket"] == "working"
                         and rows.within(one["date_from"])) / 3600,
    ),
}  # fmt: skip


@tagged("post_install", "-at_install")
class TestRecount(RecountMixin, SlaFiguresCommon):
    """# V4 V10 A9: promises and time, counted again by a second hand."""

    RECOUNTS = RECOUNTS
    READERS = (("service_manager", ""), ("agent", ""), ("other_agent", ""))

    @classmethod
    def _fill(cls):
        """Lines by chance, many near a midnight."""
        draw = chance(4)
        results, entries = [], []
        for number in range(50):
            ticket = cls._ticket(("agent", "other_agent")[number % 2])
            ends = NOW - timedelta(minutes=draw.randrange(1, 60 * 24 * 60))
            used, target = draw.choice([(3600, 3600), (3601, 3600), (60, 3600),
                                        (9000, 7200), (7200, 9000)])  # fmt: skip
            results.append(
                (ticket.id, cls.policy.id, draw.choice(CLOCKS), 1)
                + (ends - timedelta(seconds=used), ends, target, used, used > target)
                + (*cls._whose(ticket), ticket.type_id.id, "1")
            )
            seconds = draw.randrange(40000)
            team, user, company = cls._whose(ticket)
            entries.append(
                (ticket.id, ends, ends + timedelta(seconds=seconds), seconds)
                + (draw.choice(["working", "working", "customer", "closed"]),)
                + ("in_progress", team, user, cls.policy.id, company)
            )
            # some are over, some have no deadline, many are due near the day's end
            deadline = NOW + timedelta(minutes=draw.randrange(-3000, 3000))
            cls.env.cr.execute(
                "UPDATE crm_service_ticket SET state = %s, sla_deadline = %s,"
                " sla_policy_id = NULL WHERE id = %s",
                (
                    draw.choice(["pending", "in_progress", "waiting", "closed"]),
                    draw.choice([deadline, deadline, None]),
                    ticket.id,
                ),
            )
        # the zones that are tried must not move what was set
        cls.env.cr.execute("DELETE FROM crm_service_sla_clock")
        cls.env.invalidate_all()
        cls.env["crm.service.sla.result"]._append(results)
        cls.env["crm.service.sla.entry"]._append(entries)

    def now(self):
        return NOW

    def raw_tables(self):
        return {
            "results": self.select("crm_service_sla_result"),
            "entries": self.select("crm_service_sla_entry"),
            "members": self.select("crm_service_team_member"),
            "tickets": {one["id"]: one for one in self.select("crm_service_ticket")},
        }

    def readable(self, reader, companies, tables):
        """As the ticket is now: an agent those of the own teams, of none, and the own;
        a manager all."""
        teams = {None} | {
            one["team_id"] for one in tables["members"] if one["user_id"] == reader.id
        }

        def reads(one):
            ticket = tables["tickets"][one["ticket_id"]]
            mine = ticket["team_id"] in teams or ticket["user_id"] == reader.id
            is_here = one["company_id"] in companies.ids
            return is_here and (mine or reader == self.service_manager)

        tickets = tables["tickets"].values()
        return {
            **{
                name: [one for one in tables[name] if reads(one)]
                for name in ("results", "entries")
            },
            "own_tickets": [
                one for one in tickets if reads({**one, "ticket_id": one["id"]})
            ],
        }

    def test_a_second_hand_counts_the_same(self):
        """By role, zone and period."""
        self.recount()

    def test_the_recounts_follow_the_sentences(self):
        """What the user reads is what was recounted."""
        self.check_sentences()
