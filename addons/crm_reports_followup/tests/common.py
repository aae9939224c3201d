"""Follow-ups that can be counted by hand."""

from odoo.addons.crm_reports.tests.common import ReportsCommon


class FollowupReportsCommon(ReportsCommon):
    """Follow-ups of November 2026; by hand:

    ================  ====  =========  ==========  =====
    November          rep   colleague  other_rep   all
    ================  ====  =========  ==========  =====
    followups         2     1          0           3
    on_time           50    –          100         66.7
    overdue           1     0          0           1
    response_hours    3     –          –           3
    ================  ====  =========  ==========  =====
    """

    @classmethod
    def _empty(cls):
        super()._empty()
        cls.env["crm.followup"].search([]).unlink()
        cls.env["crm.followup.task"].search([]).unlink()
        cls.env["crm.followup.rule"].search([]).active = False

    @classmethod
    def _fill(cls):
        super()._fill()
        cls._follow_up()

    @classmethod
    def _follow_up(cls):
        followups = cls.env["crm.followup"]
        for user, number, first in (
            (cls.rep, 3, True),
            (cls.rep, 9, False),
            (cls.colleague, 9, False),
            (cls.rep, -20, False),
        ):
            followup = followups.with_user(user).create(
                {
                    "partner_id": cls.env["res.partner"]
                    .search([("customer_owner_id", "=", user.id)], limit=1)
                    .id,
                    "content": "Talked about the order.",
                    "date": cls.day(number),
                }
            )
            cls.dated(
                followup, is_first_contact=first, response_hours=3 if first else 0
            )
        cls.env["crm.followup.task"].search([]).unlink()
        for user, number, state, on_time in (
            (cls.rep, 5, "done", True),
            (cls.rep, 6, "open", False),
            (cls.other_rep, 7, "done", True),
        ):
            partner = cls.env["res.partner"].search(
                [("customer_owner_id", "=", user.id)], limit=1
            )
            task = cls.env["crm.followup.task"].create(
                {
                    "partner_id": partner.id,
                    "user_id": user.id,
                    "date_due": cls.day(number).date(),
                    "event_date": cls.day(number).date(),
                    "state": "open",
                }
            )
            cls.dated(task, state=state, on_time=on_time)
