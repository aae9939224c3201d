"""Deals that can be counted by hand."""

from datetime import date

from odoo.addons.crm_reports.tests.common import TODAY, ReportsCommon


class SalesReportsCommon(ReportsCommon):
    """Figures of November 2026, ``rep`` and ``colleague`` in ``team`` (of
    ``manager``), ``other_rep`` in ``other_team``; by hand:

    ================  ====  =========  ==========  =====
    November          rep   colleague  other_rep   all
    ================  ====  =========  ==========  =====
    new_leads         3     1          1           5
    won_deals         1     1          0           2
    won_revenue       1000  500        0           1500
    lost_deals        1     0          1           2
    win_rate          50    100        0           50
    lead_won_share    33.3  100        0           40
    open_deals        2     0          1           3
    pipeline          700   0          900         1600
    forecast          350   0          90          440
    new_customers     1     1          1           3
    ================  ====  =========  ==========  =====
    """

    @classmethod
    def _empty(cls):
        cls.env.company.is_closing_reason_required = False
        super()._empty()

    @classmethod
    def _fill(cls):
        super()._fill()
        cls.first, cls.second, cls.won_stage = cls._stages()
        cls.open_one = cls.deal(
            cls.rep, 500, 5, probability=50, date_deadline=date(2026, 11, 28)
        )
        cls.deal(cls.rep, 200, 6, probability=50, date_deadline=date(2026, 11, 30))
        cls.deal(cls.other_rep, 900, 7, probability=10, date_deadline=TODAY)
        cls.won = cls.deal(cls.rep, 1000, 3, won=10)
        cls.deal(cls.colleague, 500, 4, won=20)
        cls.deal(cls.rep, 300, -40, lost=12)
        cls.deal(cls.other_rep, 400, -20, lost=15)
        # the month before, in as many days
        cls.deal(cls.rep, 800, -50, won=-25)

    @classmethod
    def _stages(cls):
        stages = cls.env["crm.stage"].search([])
        return (
            stages.filtered(lambda stage: not stage.is_won)[0],
            stages.filtered(lambda stage: not stage.is_won)[1],
            stages.filtered("is_won")[0],
        )

    @classmethod
    def deal(cls, user, amount, created, won=None, lost=None, **values):
        """An opportunity created, won or lost on a day of November."""
        lead = cls.make_lead(
            f"Deal {amount}",
            user,
            cls.customer if user == cls.rep else None,
            expected_revenue=amount,
            stage_id=cls.first.id,
            source_id=cls.source.id,
            **{"team_id": user.sale_team_id.id, "probability": 10, **values},
        )
        lead.flush_recordset()
        if won is not None:
            lead.stage_id = cls.second
            lead.action_set_won()
        if lost is not None:
            lead.action_set_lost()
        closed = won if won is not None else lost
        dates = {"create_date": cls.day(created)}
        if closed is not None:
            dates["date_closed"] = cls.day(closed)
        cls.dated(lead, **dates)
        cls.env["crm.lead.stage.move"].flush_model()
        cls.env.cr.execute(
            """UPDATE crm_lead_stage_move SET date_entered = %s, date_left =
               CASE WHEN date_left IS NOT NULL THEN %s::timestamp + interval '2 days'
               END, duration = CASE WHEN date_left IS NOT NULL THEN 172800 ELSE 0 END,
               is_slip = FALSE WHERE lead_id = %s""",
            (cls.day(created), cls.day(created), lead.id),
        )
        cls.env.invalidate_all()
        return lead
