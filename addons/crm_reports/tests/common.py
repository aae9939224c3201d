"""A small company whose figures can be counted by hand."""

from datetime import date, datetime, timedelta

from odoo import fields

from odoo.addons.crm_customer_center.tests.common import CustomerCommon

# a Tuesday; eleven in the morning in Shanghai
NOW = datetime(2026, 11, 24, 3, 0)
TODAY = date(2026, 11, 24)
EXPORT = "base.group_allow_export"


class ReportsCommon(CustomerCommon):
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
    followups         2     1          0           3
    new_customers     1     1          1           3
    on_time           50    –          100         66.7
    overdue           1     0          0           1
    response_hours    3     –          –           3
    ================  ====  =========  ==========  =====
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(cls.frozen())
        cls.env.company.resource_calendar_id.tz = "Asia/Shanghai"
        for user in cls.roles.values():
            user.tz = "Asia/Shanghai"
        cls.env.company.is_closing_reason_required = False
        cls.catalogue = cls.env["crm.measure"]
        cls.snapshots = cls.env["crm.report.snapshot"]
        cls._empty()
        cls._fill()
        cls.env.flush_all()

    @classmethod
    def frozen(cls):
        from freezegun import freeze_time

        return freeze_time(NOW)

    @classmethod
    def _empty(cls):
        """What other data there is, demo or not, would be counted along."""
        everything = cls.env["crm.lead"].with_context(active_test=False).search([])
        everything.with_context(mail_notrack=True).unlink()
        cls.env["crm.followup"].search([]).unlink()
        cls.env["crm.followup.task"].search([]).unlink()
        cls.env["crm.sales.target"].search([]).unlink()
        cls.snapshots.search([]).unlink()
        cls.env["res.partner"].with_context(active_test=False).search(
            [("lifecycle_state", "!=", False)]
        ).lifecycle_state = False
        cls.env["crm.followup.rule"].search([]).active = False
        # what emptying the database has told of its customers
        cls.env.flush_all()
        cls.env.cr.execute("DELETE FROM crm_lifecycle_move")
        cls.env.invalidate_all()

    @classmethod
    def _fill(cls):
        cls.source = cls.env["utm.source"].create({"name": "Fair"})
        cls.customer = cls.customer_of(cls.rep, lifecycle_state="active")
        cls.customer_of(cls.colleague)
        cls.customer_of(cls.other_rep, lifecycle_state="lost")
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
        cls._follow_up()

    @classmethod
    def _stages(cls):
        stages = cls.env["crm.stage"].search([])
        return (
            stages.filtered(lambda stage: not stage.is_won)[0],
            stages.filtered(lambda stage: not stage.is_won)[1],
            stages.filtered("is_won")[0],
        )

    @classmethod
    def customer_of(cls, user, **values):
        customer = cls.make_customer(f"Customer of {user.name}", user, **values)
        cls.dated(customer, create_date=cls.day(2))
        return customer

    @staticmethod
    def day(number, hour=2):
        """The day of November 2026; 0 and below are in the months before."""
        return datetime(2026, 10, 31, hour) + timedelta(days=number)

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

    @classmethod
    def dated(cls, record, **dates):
        """Give a record other dates, which the ORM does not let write."""
        record.flush_recordset()
        for column, value in dates.items():
            cls.env.cr.execute(
                f"UPDATE {record._table} SET {column} = %s WHERE id = %s",
                (value, record.id),
            )
        record.invalidate_recordset()

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

    # ------------------------------------------------------------
    # ASKING
    # ------------------------------------------------------------

    NOVEMBER = {"period": "this_month"}  # noqa: RUF012

    def dashboard(self, user, key, **filters):
        """The data of a dashboard as the user gets it."""
        dashboards = self.env["crm.dashboard"].with_user(user)
        return dashboards.get_dashboard(key, {**self.NOVEMBER, **filters})

    def tiles(self, user, key, **filters):
        """{measure: value} of a dashboard."""
        data = self.dashboard(user, key, **filters)
        return {tile["key"]: tile["value"] for tile in data["tiles"]}

    @classmethod
    def today(cls):
        return fields.Date.to_date(TODAY)
