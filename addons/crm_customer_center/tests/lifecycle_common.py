"""Builders for tests of lifecycle and levels: a customer's life in a few words."""

from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import fields

from .common import CustomerCommon

# noon in Shanghai
NOW = datetime(2026, 11, 25, 4)


class LifecycleCommon(CustomerCommon):
    """The company is in Shanghai; it is noon on 25 November 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        frozen = freeze_time(NOW)
        cls.clock = frozen.start()
        cls.addClassCleanup(frozen.stop)
        first = cls.env["res.company"]._first_company()
        for company in first | cls.env.company:
            company.resource_calendar_id.tz = "Asia/Shanghai"
        cls.moves = cls.env["crm.lifecycle.move"]
        cls.runs = cls.env["crm.customer.run"]
        # the rules and customers of this database are not what is tested
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE res_partner SET active = FALSE WHERE lifecycle_state IS NOT NULL"
        )
        cls.env.invalidate_all()
        cls.env["crm.lifecycle.rule"].search([]).active = False
        cls.env["crm.level.rule"].search([]).active = False
        cls.shipped = {
            name: cls.env.ref(f"crm_customer_center.rule_{name}")
            for name in (
                "first_business", "business_again", "business_withdrawn", "dormant",
                "lost",
            )
        }  # fmt: skip
        for rule in cls.shipped.values():
            rule.write({"active": True, "state": "ok"})
        cls.won_stage = cls.env["crm.stage"].search([("is_won", "=", True)], limit=1)
        cls.night()

    def setUp(self):
        super().setUp()
        self.clock.move_to(NOW)

    @classmethod
    def night(cls, *kinds):
        """One night, as the job does it."""
        cls.runs._run("nightly", kinds or ("lifecycle", "level"))

    def at(self, **ago):
        """Go to a moment before or (with negative numbers) after now."""
        self.clock.move_to(NOW - timedelta(**ago))
        return fields.Datetime.now()

    @classmethod
    def win(cls, partner, amount=1000, date=None, **values):
        """A won deal, closed on a day."""
        lead = cls.make_lead(
            f"Deal {amount}", cls.rep, partner, expected_revenue=amount, **values
        )
        lead.action_set_won()
        if date:
            lead.date_closed = date
        return lead

    def history(self, partner):
        """[(from, to, cause, day it holds from)] as written."""
        self.env.flush_all()
        return [
            (move.from_state or "", move.to_state or "", move.cause,
             str(move.effective_at.date()))
            for move in self.moves.search([("partner_id", "=", partner.id)], order="id")
        ]  # fmt: skip
