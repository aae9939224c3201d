from datetime import date, datetime, timedelta
from importlib import import_module
from pathlib import Path

from whole import WholeCommon

from odoo.modules import get_module_path
from odoo.tests import tagged

from odoo.addons.crm_reports.tests.common import NOW
from odoo.addons.crm_reports.tests.recount_common import RecountMixin, chance
from odoo.addons.crm_reports.tests.test_recount import RECOUNTS as OF_CUSTOMERS
from odoo.addons.crm_reports_followup.tests.test_recount import RECOUNTS as OF_FOLLOWUP
from odoo.addons.crm_reports_sales_process.tests.test_recount import (
    RECOUNTS as OF_DEALS,
)


@tagged("post_install", "-at_install")
class TestRecount(RecountMixin, WholeCommon):
    """# A9 G1: every figure, counted again by a second hand."""

    RECOUNTS = {**OF_DEALS, **OF_CUSTOMERS, **OF_FOLLOWUP}  # noqa: RUF012
    READERS = (
        ("crm_admin", "here"),
        ("crm_admin", "both"),
        ("crm_admin", "there"),
        ("manager", "here"),
        ("rep", "here"),
        ("rep", "both"),
        ("marketing", "here"),
    )

    @classmethod
    def _fill(cls):
        """A year of a company and a half, by chance; everything by the ways people
        take, then dated back."""
        cls.chance = chance(27)
        cls.abroad = cls.env["res.company"].create(
            {
                "name": "Abroad",
                "currency_id": cls.env["res.currency"]
                .create({"name": "XTS", "symbol": "X", "rounding": 0.01})
                .id,
            }
        )
        for user in cls.roles.values():
            user.company_ids |= cls.abroad
        for company in (cls.env.company, cls.abroad):
            cls._make_calendar(company)
        cls._make_rates()
        cls.people = [cls.rep, cls.colleague, cls.other_rep, cls.manager, None]
        stages = cls.env["crm.stage"].search([("team_ids", "=", False)])
        cls.open_stages = stages.filtered(lambda stage: not stage.is_won)
        cls._make_customers()
        cls.leads = [cls._make_history(number) for number in range(48)]
        cls._make_followups()
        cls._make_tasks()

    @classmethod
    def _make_calendar(cls, company):
        calendar = cls.env["resource.calendar"].create(
            {
                "name": "Office",
                "tz": "Asia/Shanghai",
                "company_id": company.id,
                "attendance_ids": [
                    (5, 0, 0),
                    *(
                        (0, 0, {"name": "Work", "dayofweek": str(day),
                                "hour_from": start, "hour_to": stop,
                                "day_period": period})
                        for day in range(5)
                        for start, stop, period in ((9, 12, "morning"),
                                                    (13, 18, "afternoon"))
                    ),
                ],
            }
        )  # fmt: skip
        company.resource_calendar_id = calendar

    @classmethod
    def _make_rates(cls):
        """One table for both companies; the first one's currency is what the other is
        measured by. The last rate lies in the future."""
        foreign = cls.abroad.currency_id
        cls.env.company.currency_id.rate_ids.unlink()
        day = date(2025, 1, 1)
        while day < date(2027, 2, 1):
            cls.env["res.currency.rate"].create(
                {
                    "currency_id": foreign.id,
                    "company_id": False,
                    "name": day,
                    "rate": round(cls.chance.uniform(0.03, 8), 4),
                }
            )
            day += timedelta(days=cls.chance.randrange(5, 60))

    @classmethod
    def any_moment(cls, days=420):
        """Often near a midnight of one of the zones."""
        moment = NOW - timedelta(minutes=cls.chance.randrange(days * 24 * 60))
        if cls.chance.random() < 0.5:
            near = cls.chance.choice([4, 5, 11, 16]) * 60
            moment = datetime.combine(moment.date(), datetime.min.time())
            moment += timedelta(minutes=near + cls.chance.randrange(-90, 90))
        return min(moment, NOW - timedelta(minutes=1)).replace(second=0)

    @classmethod
    def any_company(cls):
        return cls.chance.choice([cls.env.company, cls.env.company, cls.abroad, None])

    @classmethod
    def _make_customers(cls):
        cls.customers = []
        for number in range(36):
            company = cls.any_company()
            owner = cls.chance.choice(cls.people)
            customer = cls.make_customer(
                f"Customer {number}",
                owner,
                company_id=company.id if company else False,
                lifecycle_state=cls.chance.choice(
                    ["potential", "active", "dormant", "lost"]
                ),
            )
            if number % 3 == 0:
                contact = cls.make_contact(customer, f"Person {number}")
                cls.dated(contact, create_date=cls.any_moment(60))
            if number % 9 == 4:
                customer.active = False
            cls.dated(customer, create_date=cls.any_moment(60 if number % 2 else 420))
            cls.customers.append(customer)

    @classmethod
    def _make_history(cls, number):
        """A lead or opportunity, and what became of it."""
        user, company = cls.chance.choice(cls.people), cls.any_company()
        lead = cls.make_lead(
            f"Deal {number}",
            user,
            type=cls.chance.choice(["lead", *["opportunity"] * 4]),
            expected_revenue=cls.chance.choice([0, 12.34, cls.chance.randrange(90000)]),
            company_id=company.id if company else False,
            team_id=cls.chance.choice([cls.team.id, cls.other_team.id, False]),
            stage_id=cls.chance.choice(cls.open_stages).id,
            date_deadline=cls.any_moment(90).date() + timedelta(days=45),
        )
        lead.probability = cls.chance.choice([5, 33.33, 60])
        for _step in range(cls.chance.randrange(4)):
            cls._change(lead)
        lead.flush_recordset()
        dates = {"create_date": cls.any_moment(60 if number % 2 else 420)}
        if lead.date_closed:
            dates["date_closed"] = cls.any_moment(60 if number % 2 else 420)
        cls.dated(lead, **dates)
        if cls.chance.random() < 0.3:
            # put away, or given to somebody else, after it was dated
            cls.chance.choice([
                lambda: lead.write({"active": False}),
                lambda: lead.write({"user_id": cls.rep.id}),
            ])()  # fmt: skip
        return lead

    @classmethod
    def _change(cls, lead):
        """Something that happens to a deal."""
        cls.chance.choice(
            [
                lambda: lead.action_set_won(),
                lambda: lead.stage_id.is_won or lead.action_set_lost(),
                lambda: lead.action_archive(),
                lambda: lead.action_unarchive(),
                lambda: lead.write({"type": "opportunity"}),
                lambda: lead.write({"stage_id": cls.chance.choice(cls.open_stages).id}),
            ]
        )()

    @classmethod
    def _make_followups(cls):
        """About customers and leads, written in any order, some corrected, moved or
        deleted later."""
        followups = cls.env["crm.followup"]
        made = []
        for _number in range(70):
            vals = {
                "content": "Talked about the order.",
                "user_id": cls.chance.choice(cls.people[:-1]).id,
                "date": cls.any_moment(cls.chance.choice([40, 300])),
            }
            if cls.chance.random() < 0.6:
                vals["lead_id"] = cls.chance.choice(cls.leads).id
            else:
                vals["partner_id"] = cls.chance.choice(cls.customers).id
            made.append(followups.create(vals))
        for followup in made:
            what = cls.chance.random()
            if what < 0.15:
                followup.date = cls.any_moment(40)
            elif what < 0.25 and followup.lead_id:
                followup.lead_id = cls.chance.choice(cls.leads)
            elif what < 0.35:
                followup.unlink()

    @classmethod
    def _make_tasks(cls):
        """Planned, done in time or late, cancelled."""
        cls.env["crm.followup.task"].search([]).unlink()
        about = [("lead_id", one.id) for one in cls.leads if one.active]
        about += [("partner_id", one.id) for one in cls.customers if one.active]
        cls.chance.shuffle(about)
        for key, record in about[:50]:
            due_on = cls.any_moment(60).date() + timedelta(days=5)
            task = cls.env["crm.followup.task"].create(
                {
                    key: record,
                    "user_id": cls.chance.choice(cls.people[:-1]).id,
                    "date_due": due_on,
                    "event_date": due_on,
                }
            )
            state = cls.chance.choice(["open", "open", "done", "done", "cancelled"])
            if state != "open":
                day = due_on + timedelta(days=cls.chance.randrange(-3, 4))
                cls.dated(task, state=state, date_done=day,
                          on_time=state == "done" and day <= due_on)  # fmt: skip

    # ------------------------------------------------------------
    # BY HAND
    # ------------------------------------------------------------

    def now(self):
        return NOW

    def companies_of(self, names):
        here, there = self.env.company, self.abroad
        both = here.browse([here.id, there.id])
        return {"here": here, "there": there, "both": both}[names]

    def raw_tables(self):
        stages = {one["id"]: one["is_won"] for one in self.select("crm_stage")}
        currencies = {o["id"]: o["currency_id"] for o in self.select("res_company")}
        leads = self.select("crm_lead")
        for lead in leads:
            lead["is_won_stage"] = stages.get(lead["stage_id"])
            lead["currency"] = currencies.get(lead["company_id"])
            lead["expected_revenue"] = float(lead["expected_revenue"] or 0)
        return {
            "leads": leads,
            "partners": self.select("res_partner"),
            "moves": self.select("crm_lifecycle_move"),
            "followups": self.select("crm_followup"),
            "tasks": self.select("crm_followup_task"),
            "teams": self.select("crm_team", "id, user_id"),
            "members": self.select("crm_team_member", "crm_team_id, user_id, active"),
        }

    def readable(self, reader, companies, tables):
        """What the roles may read, after the manual: a rep the own and the unowned, a
        team manager also the team's, administrator and marketing all (marketing of
        customers only); each of the companies that are switched on."""
        role = next(key for key, user in self.roles.items() if user == reader)
        teams = {t["id"] for t in tables["teams"] if t["user_id"] == reader.id}
        people = {reader.id}
        if role == "manager":
            people |= {
                m["user_id"]
                for m in tables["members"]
                if m["crm_team_id"] in teams and m["active"]
            }
        everything = role in ("crm_admin", "marketing")
        switched_on = {None, *companies.ids}
        partners = {one["id"]: one for one in tables["partners"]}
        leads = {one["id"]: one for one in tables["leads"]}

        def reads_lead(lead):
            mine = lead["user_id"] in people or lead["user_id"] is None
            of_team = role == "manager" and lead["team_id"] in teams
            return everything or mine or of_team

        def reads_partner(one):
            return everything or one["customer_owner_id"] in {*people, None}

        def reads_followup(one):
            partner = partners.get(one["partner_id"])
            lead = leads.get(one["lead_id"])
            if role == "marketing":
                return bool(partner)
            owner = (partner or {}).get("customer_owner_id") or (lead or {}).get(
                "user_id"
            )
            of_lead = lead and (
                lead["user_id"] in people
                or (role == "manager" and lead["team_id"] in teams)
            )
            return everything or owner in {*people, None} or bool(of_lead)

        def company_of(one):
            lead, partner = leads.get(one["lead_id"]), partners.get(one["partner_id"])
            return (lead or {}).get("company_id") or (partner or {}).get("company_id")

        return {
            "leads": [
                one for one in tables["leads"]
                if one["company_id"] in switched_on and reads_lead(one)
            ],
            "partners": [
                one for one in tables["partners"]
                if one["company_id"] in switched_on and reads_partner(one)
            ],
            "moves": [
                one for one in tables["moves"]
                if (partner := partners[one["partner_id"]])["company_id"] in switched_on
                and reads_partner(partner)
            ],
            "followups": [
                one for one in tables["followups"]
                if company_of(one) in switched_on and reads_followup(one)
            ],
            "tasks": [
                one for one in tables["tasks"]
                if company_of(one) in switched_on
                and (everything or one["user_id"] in people)
            ],
            "all_followups": tables["followups"],
            "born": {one["id"]: one["create_date"] for one in tables["leads"]},
        }  # fmt: skip

    # ------------------------------------------------------------
    # COMPARED
    # ------------------------------------------------------------

    def test_a_second_hand_counts_the_same(self):
        """By role, company, zone, currency and period."""
        self.recount()

    def test_the_recounts_follow_the_sentences(self):
        """What the user reads is what was recounted."""
        self.check_sentences()

    def test_every_figure_has_a_recount(self):
        """Of whatever module: a measure without a second hand fails."""
        known = {}
        for module in self.env.registry._init_modules:
            if Path(get_module_path(module), "tests", "test_recount.py").exists():
                name = f"odoo.addons.{module}.tests.test_recount"
                known |= import_module(name).RECOUNTS
        self.assertEqual(set(self.catalogue._measures()), set(known))
