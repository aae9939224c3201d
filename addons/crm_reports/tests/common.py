"""A small company whose figures can be counted by hand."""

from datetime import date, datetime, timedelta

from odoo import fields

from odoo.addons.crm_customer_center.tests.common import CustomerCommon

# a Tuesday; eleven in the morning in Shanghai
NOW = datetime(2026, 11, 24, 3, 0)
TODAY = date(2026, 11, 24)
EXPORT = "base.group_allow_export"


class ReportsCommon(CustomerCommon):
    """Customers of November 2026: one of ``rep`` and one of ``colleague`` in ``team``
    (of ``manager``), one of ``other_rep`` in ``other_team``. Deals and follow-ups are
    added by the modules that have figures of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(cls.frozen())
        cls.env.company.resource_calendar_id.tz = "Asia/Shanghai"
        for user in cls.roles.values():
            user.tz = "Asia/Shanghai"
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
        cls.env["crm.sales.target"].search([]).unlink()
        cls.snapshots.search([]).unlink()
        cls.env["res.partner"].with_context(active_test=False).search(
            [("lifecycle_state", "!=", False)]
        ).lifecycle_state = False
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
    def dated(cls, record, **dates):
        """Give a record other dates, which the ORM does not let write."""
        record.flush_recordset()
        for column, value in dates.items():
            cls.env.cr.execute(
                f"UPDATE {record._table} SET {column} = %s WHERE id = %s",
                (value, record.id),
            )
        record.invalidate_recordset()

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
