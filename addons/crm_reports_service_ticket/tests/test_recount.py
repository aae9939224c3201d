from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.crm_reports.tests.recount_common import (
    RecountMixin,
    chance,
    mean,
    share,
)
from odoo.addons.crm_service_ticket.tests.common import TicketCommon

NOW = datetime(2026, 11, 24, 3, 0)
OPEN = ("pending", "in_progress", "waiting")


def opened(rows):
    return [one for one in rows.tickets if rows.within(one["create_date"])]


def resolved(rows):
    return [one for one in rows.tickets if rows.within(one["resolved_date"])]


def asked(rows):
    return [one for one in rows.surveys if rows.within(one["sent_date"])]


def hours(ticket, field):
    return (ticket[field] - ticket["create_date"]).total_seconds() / 3600


RECOUNTS = {
    "open_tickets": (
        "Tickets neither resolved nor closed at this moment.",
        lambda rows: len([one for one in rows.tickets if one["state"] in OPEN]),
    ),
    "unassigned_tickets": (
        "Open tickets that have no agent at this moment.",
        lambda rows: len([one for one in rows.tickets
                          if one["state"] in OPEN and not one["user_id"]]),
    ),
    "surveys_sent": (
        "Questions about satisfaction sent to customers in the period.",
        lambda rows: len(asked(rows)),
    ),
    "surveys_answered": (
        ("Of the questions about satisfaction sent in the period, those that were "
        "answered, whenever that was."),
        lambda rows: len([one for one in asked(rows) if one["state"] == "answered"]),
    ),
    "survey_response": (
        ("Of the questions about satisfaction sent in the period, the share that was "
        "answered. Those of the last days may still be."),
        lambda rows: share([one for one in asked(rows) if one["state"] == "answered"],
                           asked(rows)),
    ),
    "new_tickets": (
        "Tickets opened in the period.",
        lambda rows: len(opened(rows)),
    ),
    "resolved_tickets": (
        "Tickets resolved in the period and not reopened since.",
        lambda rows: len(resolved(rows)),
    ),
    "reopened": (
        "Of the tickets opened in the period, the share ever reopened.",
        lambda rows: share([one for one in opened(rows) if one["reopen_count"]],
                           opened(rows)),
    ),
    "first_response": (
        ("Average hours by the clock from opening to our first answer, of the tickets "
        "opened in the period that were answered."),
        lambda rows: mean(hours(one, "first_response_date") for one in opened(rows)
                          if one["first_response_date"]),
    ),
    "resolution": (
        ("Average hours by the clock from opening to resolving, of the tickets "
         "resolved in the period."),
        lambda rows: mean(hours(one, "resolved_date") for one in resolved(rows)),
    ),
    "satisfaction": (
        "Average of the stars, 1 to 5, customers gave tickets closed in the period.",
        lambda rows: mean(one["satisfaction_score"] for one in rows.tickets
                          if rows.within(one["closed_date"])
                          and one["satisfaction_score"]),
    ),
}  # fmt: skip


@tagged("post_install", "-at_install")
class TestRecount(RecountMixin, TicketCommon):
    """# V10 A5 A9: figures of service, counted again by a second hand."""

    RECOUNTS = RECOUNTS
    READERS = (("service_manager", ""), ("agent", ""), ("other_agent", ""))

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NOW))
        cls.tickets.with_context(active_test=False).search([]).unlink()
        cls.chance = chance(10)
        made = [cls._make() for _number in range(60)]
        for one, other in ((3, 7), (11, 12)):
            # merged ones are counted with the ticket they went into
            made[one].merged_into_id = made[other]
        made[20].active = made[21].active = False
        for number, ticket in enumerate(made):
            cls._ask(number, ticket)
        cls.env.flush_all()

    @classmethod
    def _make(cls):
        agent, team = cls.chance.choice(
            [(cls.agent, cls.service), (cls.other_agent, cls.other_service),
             (cls.agent, cls.other_service), (None, cls.other_service)]
        )  # fmt: skip
        ticket = cls.make_ticket(user_id=agent and agent.id, team_id=team.id)
        ticket.flush_recordset()
        state = cls.chance.choice([*OPEN, "resolved", "closed", "closed"])
        start = NOW - timedelta(minutes=cls.chance.randrange(1, 90 * 24 * 60))
        ended = None
        if state in ("resolved", "closed"):
            ended = min(start + timedelta(minutes=cls.chance.randrange(9000)), NOW)
        answered = cls.chance.choice([None, cls.chance.randrange(900)])
        cls.env.cr.execute(
            """UPDATE crm_service_ticket SET state = %s, create_date = %s,
               satisfaction_score = %s, reopen_count = %s, first_response_date = %s,
               resolved_date = %s, closed_date = %s WHERE id = %s""",
            (
                state,
                start,
                cls.chance.choice([0, 0, 1, 3, 5]) if state == "closed" else 0,
                cls.chance.choice([0, 0, 0, 2]),
                None if answered is None else start + timedelta(minutes=answered),
                ended,
                ended if state == "closed" else None,
                ticket.id,
            ),
        )
        ticket.invalidate_recordset()
        return ticket

    @classmethod
    def _ask(cls, number, ticket):
        """A question about it, asked long ago, near a midnight, or never."""
        ago = timedelta(minutes=cls.chance.randrange(1, 90 * 24 * 60))
        state = cls.chance.choice(["answered", "answered", "sent", "expired"])
        cls.env["crm.service.survey"].create(
            {
                "ticket_id": ticket.id,
                "closing": 100 + number,
                "team_id": ticket.team_id.id,
                "user_id": ticket.user_id.id,
                "company_id": ticket.company_id.id,
                "state": state,
                "score": 4 if state == "answered" else 0,
                "sent_date": cls.chance.choice([NOW - ago, NOW - ago, None]),
            }
        )

    def now(self):
        return NOW

    def raw_tables(self):
        return {
            "tickets": self.select("crm_service_ticket"),
            "members": self.select("crm_service_team_member"),
            "surveys": self.select("crm_service_survey"),
        }

    def readable(self, reader, companies, tables):
        """An agent those of the own teams, of none, and the own; a manager all; merged
        and archived ones nobody."""
        teams = {None} | {
            one["team_id"] for one in tables["members"] if one["user_id"] == reader.id
        }
        is_all = reader == self.service_manager

        def reads(one):
            mine = one["team_id"] in teams or one["user_id"] == reader.id
            return one["company_id"] in companies.ids and (is_all or mine)

        return {
            "tickets": [
                one
                for one in tables["tickets"]
                if one["active"] and not one["merged_into_id"] and reads(one)
            ],
            "surveys": [one for one in tables["surveys"] if reads(one)],
        }

    def test_a_second_hand_counts_the_same(self):
        """By role, zone and period."""
        self.recount()

    def test_the_recounts_follow_the_sentences(self):
        """What the user reads is what was recounted."""
        self.check_sentences()

    def test_unknown_is_not_zero(self):
        """# A9: the list's average is the tile's; stars of nobody are no stars."""
        report = self.env["crm.service.ticket.report"]
        names = ["satisfaction", "response_hours", "resolution_hours"]
        rows = report.search_read([], names)
        for name in names:
            known = [row[name] for row in rows if row[name] is not False]
            [group] = report.formatted_read_group([], [], [f"{name}:avg"])
            with self.subTest(name):
                self.assertTrue(0 < len(known) < len(rows))
                self.assertAlmostEqual(mean(known), group[f"{name}:avg"])
        scores = self.tickets.search([]).mapped("satisfaction_score")
        [group] = self.tickets.formatted_read_group([], [], ["satisfaction_score:avg"])
        self.assertAlmostEqual(
            group["satisfaction_score:avg"], mean(score for score in scores if score)
        )
