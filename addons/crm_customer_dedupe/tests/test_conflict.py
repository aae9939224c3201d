from datetime import timedelta
from unittest.mock import patch

from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import HttpCase, tagged

from odoo.addons.crm_customer_center.tests.common import AccessTable

from .common import PairsCommon

NAME = "上海恒策信息技术有限公司"
PHONE = "021 5888 1234"
CODE = "91110000600037341L"


class ConflictCommon(PairsCommon):
    """A customer of ``other_rep`` that ``rep`` does not see."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.queries = cls.env["crm.conflict.query"]
        cls.env.company.conflict_query_limit = 5
        cls.hidden = cls.make_customer(
            NAME, cls.other_rep, phone=PHONE, email="info@hengce.example.com", vat=CODE
        )
        cls.contact = cls.make_contact(cls.hidden, "李工", phone="138 0013 8000")
        cls.find()

    def ask(self, text, user=None, purpose="work", beyond=False):
        user = user or self.rep
        with self.calling_as(user):
            return self.queries.with_user(user).ask(text, purpose, beyond)

    def left(self, user=None):
        return self.queries.with_user(user or self.rep).get_conflict_page()["left"]

    def facts(self, told):
        return [
            {fact["key"]: fact["value"] for fact in one["facts"]}
            for one in told["answers"]
        ]


@tagged("post_install", "-at_install")
class TestConflict(ConflictCommon):
    """# C18: whose is a customer that one does not see?"""

    def test_each_whole_key_is_answered(self):
        for text in (
            "上海恒策信息技术有限责任公司",
            "+86 21 58881234",
            "INFO@hengce.example.com",
            CODE.lower(),
            "13800138000",
        ):
            with self.subTest(text=text):
                self.env.company.conflict_query_limit += 1
                (told,) = self.facts(self.ask(text))
                self.assertEqual(told["owner"], "other_rep user")
                self.assertEqual(told["state"], "Potential")
                self.assertTrue(told["since"])

    def test_what_is_told_and_no_more(self):
        told = self.ask(NAME)
        self.assertEqual(told["left"], 4)
        self.assertTrue(told["paid"])
        self.assertEqual(told["own"], [])
        (answer,) = told["answers"]
        self.assertEqual(answer.keys(), {"id", "facts", "actions"})
        self.assertEqual(
            [fact["key"] for fact in answer["facts"]][:3], ["owner", "state", "since"]
        )
        self.assertEqual(answer["actions"][0]["key"], "ask")
        for secret in (NAME, "5888", "hengce", CODE, str(self.hidden.id)):
            self.assertNotIn(secret, str({**told, "answers": answer["facts"]}))

    def test_since_when_it_is_owned(self):
        """The last time the owner changed to the present one."""
        self.env["mail.message"].create(
            {
                "model": "res.partner",
                "res_id": self.hidden.id,
                "date": "2024-03-05 08:00:00",
                "tracking_value_ids": [
                    (
                        0,
                        0,
                        {
                            "field_id": self.env["ir.model.fields"]
                            ._get("res.partner", "user_id")
                            .id,
                            "new_value_integer": self.other_rep.id,
                        },
                    )
                ],
            }
        )
        self.assertEqual(str(self.queries._owned_since(self.hidden))[:10], "2024-03-05")
        self.hidden.user_id = self.colleague
        self.assertEqual(
            self.queries._owned_since(self.hidden), self.hidden.create_date
        )

    def test_under_a_former_name_and_after_a_merge(self):
        self.hidden.former_names = "上海旧名科技有限公司"
        other = self.make_customer("宁波海川塑业有限公司", self.other_rep)
        other.phone = "0574 8765 4321"
        self.find()
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge([self.hidden.id, other.id], self.hidden)
        self.find()
        for text in ("上海旧名科技", "宁波海川塑业有限公司", "0574-87654321"):
            with self.subTest(text=text):
                self.assertEqual(len(self.ask(text)["answers"]), 1)

    def test_whom_one_sees_costs_nothing(self):
        own = self.make_customer("宁波海川塑业有限公司", self.rep, phone=PHONE)
        told = self.ask(PHONE)
        self.assertEqual([one["id"] for one in told["own"]], own.ids)
        self.assertEqual((told["answers"], told["paid"], told["left"]), ([], False, 5))
        self.assertFalse(self.queries.search([("user_id", "=", self.rep.id)]))
        told = self.ask(PHONE, beyond=True)
        self.assertEqual([one["id"] for one in told["own"]], own.ids)
        self.assertEqual(len(told["answers"]), 1)
        self.assertEqual((told["paid"], told["left"]), (True, 4))

    def test_who_sees_everybody_is_asked_nothing_for(self):
        told = self.ask(NAME, self.crm_admin)
        self.assertEqual([one["id"] for one in told["own"]], self.hidden.ids)
        self.assertEqual(self.ask("没有这个公司", self.crm_admin)["left"], 5)
        self.assertFalse(self.queries.search([("user_id", "=", self.crm_admin.id)]))

    def test_nobody_costs_as_much_as_somebody(self):
        """“Not there” is an answer too."""
        self.assertEqual(self.ask("没有这个公司")["left"], 4)
        self.assertEqual(self.ask(NAME)["left"], 3)
        asked = self.queries.search([("user_id", "=", self.rep.id)])
        self.assertEqual(asked.mapped("found_count"), [1, 0])

    def test_the_day_has_a_limit(self):
        for _time in range(5):
            self.ask("没有这个公司")
        for text in (NAME, "没有这个公司"):
            with self.assertRaisesRegex(UserError, "used up: 5 a day"):
                self.ask(text)
        self.assertEqual(self.left(), 0)
        # each for himself, and the next day anew
        self.assertEqual(self.ask(NAME, self.colleague)["left"], 4)
        tomorrow = self.env.company._today() + timedelta(days=1)
        company = type(self.env["res.company"])
        with patch.object(company, "_today", lambda self: tomorrow):
            self.assertEqual(self.ask(NAME)["left"], 4)

    def test_old_questions_are_forgotten(self):
        """As many months as the company keeps them, with what hangs on them."""
        self.ask(NAME)
        query = self.queries.search([], limit=1)
        answer = query.answer_ids
        answer.sudo().message_post(body="Whose is it?")
        asked = Domain("model", "=", answer._name) & Domain("res_id", "=", answer.id)
        messages = self.env["mail.message"].sudo()
        self.assertTrue(messages.search_count(asked))
        for months, is_there in ((0, True), (25, True), (24, False)):
            with self.subTest(months=months):
                self.env.company.conflict_query_months = months
                today = self.env.company._today()
                query.sudo().day = today - relativedelta(months=24, days=1)
                self.queries._gc_old_questions()
                self.assertEqual(bool(query.exists()), is_there)
        self.assertFalse(answer.exists())
        self.assertFalse(messages.search_count(asked))

    def test_nobody_asks_where_the_limit_is_nothing(self):
        self.env.company.conflict_query_limit = 0
        with self.assertRaises(UserError):
            self.ask(NAME)

    def test_what_is_not_whole_costs_nothing(self):
        for text in ("恒", "5888", "@hengce.example.com", "%", " "):
            with self.subTest(text=text), self.assertRaises(UserError):
                self.ask(text)
        with self.assertRaises(UserError):
            self.ask(NAME, purpose="entry")
        self.assertEqual(self.left(), 5)

    def test_customers_of_other_companies_and_put_away_are_nobodys(self):
        for values in (
            {"company_id": self.env["res.company"].create({"name": "Elsewhere"}).id},
            {"company_id": False, "active": False},
            {"active": True, "lifecycle_state": False},
        ):
            with self.subTest(values=values):
                self.hidden.user_id.company_ids |= self.env["res.company"].browse(
                    values.get("company_id") or []
                )
                self.hidden.write(values)
                self.assertEqual(self.ask(NAME)["answers"], [])

    def test_who_may_ask(self):
        for user in (self.plain, self.agent, self.marketing):
            with self.subTest(user=user.name):
                for act in (
                    lambda user=user: self.ask(NAME, user),
                    lambda user=user: self.left(user),
                    lambda user=user: self.queries.with_user(user).ask_at_entry({}),
                ):
                    with self.assertRaises(AccessError):
                        act()

    # ------------------------------------------------------------
    # AT ENTRY
    # ------------------------------------------------------------

    def enter(self, user=None, **values):
        user = user or self.rep
        with self.calling_as(user):
            return self.queries.with_user(user).ask_at_entry(values)

    def test_whoever_enters_it_is_told(self):
        told = self.enter(name=NAME, phone="", email="")
        self.assertEqual(self.facts(told)[0]["owner"], "other_rep user")
        self.assertEqual(told["left"], 4)
        query = self.queries.search([("user_id", "=", self.rep.id)])
        self.assertEqual((query.purpose, query.kind), ("entry", "name"))

    def test_each_key_that_is_entered_costs_one(self):
        told = self.enter(name=NAME, phone=PHONE, email="nobody@x.example.com")
        self.assertEqual(len(told["answers"]), 1)
        self.assertEqual(told["left"], 2)
        # three more do not fit: nothing is asked, nothing told, nothing noted
        noted = self.queries.search_count([])
        told = self.enter(name=NAME, phone=PHONE, email="nobody@x.example.com")
        self.assertEqual((told["answers"], told["left"]), ([], 2))
        self.assertEqual(self.queries.search_count([]), noted)

    def test_half_a_key_at_entry_is_passed_over(self):
        told = self.enter(name="恒", phone="5888", email="info@")
        self.assertEqual((told["answers"], told["left"]), ([], 5))

    # ------------------------------------------------------------
    # ASK THE OWNER
    # ------------------------------------------------------------

    def answer(self, text=NAME, user=None):
        told = self.ask(text, user)
        return self.env["crm.conflict.answer"].browse(told["answers"][0]["id"])

    def test_the_owner_is_asked(self):
        answer = self.answer()
        with self.calling_as(self.rep):
            words = answer.with_user(self.rep).ask_owner("They want a quote")
        self.assertEqual(words, "other_rep user was asked.")
        activity = answer.activity_ids
        self.assertEqual(activity.user_id, self.other_rep)
        self.assertIn("They want a quote", activity.note)
        self.assertIn("rep user asks", activity.summary)
        with self.calling_as(self.other_rep):
            own = answer.with_user(self.other_rep)
            self.assertEqual(own.customer_id, self.hidden)
            own.message_post(body="Call me")
            own.activity_ids.action_feedback(feedback="Done")
        with self.calling_as(self.rep):
            mine = answer.with_user(self.rep)
            self.assertFalse(mine.customer_id)
            said = " ".join(mine.message_ids.mapped("body"))
            self.assertIn("Call me", said)
            self.assertNotIn("5888", said)

    def test_once_a_day_and_customer(self):
        for text in (NAME, PHONE):
            answer = self.answer(text).with_user(self.rep)
            if text == NAME:
                answer.ask_owner("A quote")
            with self.assertRaisesRegex(UserError, "today already"):
                answer.ask_owner("Again")
        self.answer(NAME, self.colleague).with_user(self.colleague).ask_owner("Me too")

    def test_nobody_asks_by_the_answer_of_another(self):
        answer = self.answer()
        for user in (self.colleague, self.manager, self.crm_admin):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                answer.with_user(user).ask_owner("x")

    def test_without_owner_the_leader_is_asked(self):
        self.set_unowned_access("none")
        self.hidden.write({"user_id": False, "team_id": self.other_team.id})
        answer = self.answer()
        self.assertEqual(answer._whom_to_ask(self.hidden), self.other_manager)
        self.hidden.team_id = False
        (told,) = self.ask(PHONE)["answers"]
        self.assertEqual(told["actions"], [])
        with self.assertRaisesRegex(UserError, "nobody to ask"):
            answer.with_user(self.rep).ask_owner("x")

    # ------------------------------------------------------------
    # LISTS
    # ------------------------------------------------------------

    def test_hits_of_a_list_are_paid_for(self):
        several = [self.hidden] + [
            self.make_customer(f"Hidden {at}", self.other_rep) for at in range(6)
        ]
        titles = {one.id: one.name for one in several}
        with self.calling_as(self.rep):
            own = self.queries.with_user(self.rep)
            first = own._owners_told({self.hidden.id: "a"})
            # the same list read once more costs nothing
            again = own._owners_told({self.hidden.id: "a"})
            every = own._owners_told(titles)
        self.assertEqual(first, {self.hidden.id: "other_rep user"})
        self.assertEqual(again, first)
        self.assertEqual(len(every), 5)
        noted = self.queries.search([("user_id", "=", self.rep.id)])
        self.assertEqual(len(noted), 7)
        over = noted.filtered("is_over")
        self.assertEqual(len(over), 2)
        self.assertFalse(over.answer_ids)


ROLES = (
    "plain", "rep", "other_rep", "manager", "other_manager", "agent",
    "service_manager", "marketing", "crm_admin",
)  # fmt: skip


@tagged("post_install", "-at_install")
class TestConflictAccess(AccessTable, ConflictCommon):
    """# G1 C18: a question is seen by who asked and who leads that person; nobody
    writes it by hand."""

    ACCESS_ROLES = ROLES
    ACCESS_TABLE = """
    kind       plain rep orep mgr omgr agt smgr mkt adm
    rep's      -     R   -    R   -    -   -    -   R
    stranger's -     -   R    -   R    -   -    -   R
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        third = cls.make_customer("宁波海川塑业有限公司", cls.crm_admin)
        cls.records = {}
        for kind, user, one in (
            ("rep's", cls.rep, cls.hidden),
            ("stranger's", cls.other_rep, third),
        ):
            cls.queries.with_user(user).ask(one.name, "work", False)
            query = cls.queries.search([("user_id", "=", user.id)], limit=1)
            cls.records[kind] = cls.record_of(query)

    @classmethod
    def record_of(cls, query):
        return query

    def test_who_reads(self):
        self.assert_reading_obeys("asked", "user_id", "asked")

    def test_nobody_writes(self):
        self.assert_changing_obeys(
            {
                "W": lambda one: one.write({"asked": "x"}),
                "C": lambda one: one.create({"asked": "x"}),
                "D": lambda one: one.unlink(),
            }
        )

    def test_counts_are_nobodys(self):
        for role in ROLES:
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.env["crm.conflict.count"].with_user(self.roles[role]).search([])


class TestConflictAnswerAccess(TestConflictAccess):
    """# G1 C18: an answer is seen by the same; the customer by who may see that."""

    @classmethod
    def record_of(cls, query):
        return query.answer_ids

    def test_the_customer_is_nobodys_who_does_not_see_it(self):
        answer = self.queries.search([("asked", "=", NAME)]).answer_ids
        self.assertEqual(answer.found_id, self.hidden)
        for user in (self.rep, self.manager):
            own = answer.with_user(user)
            with self.subTest(user=user.name), self.calling_as(user):
                self.assertFalse(own.customer_id)
                with self.assertRaises(AccessError):
                    own.read(["found_id"])
                with self.assertRaises(AccessError):
                    own.search([("found_id", "=", self.hidden.id)])
                told = str(own.read()) + str(own.query_id.read())
                self.assertNotIn(
                    self.hidden.display_name + "'", told.replace(f"'{NAME}'", "")
                )
        self.assertEqual(answer.with_user(self.crm_admin).customer_id, self.hidden)


@tagged("post_install", "-at_install")
class TestConflictTour(ConflictCommon, HttpCase):
    """# C18: asked on the page, and told when a customer is entered again."""

    def test_a_rep_asks(self):
        self.start_tour(
            "/odoo/is-this-ours", "crm_customer_dedupe_conflict", login=self.rep.login
        )
        answer = self.queries.search([("user_id", "=", self.rep.id)]).answer_ids
        self.assertEqual(answer.asked_of_id, self.other_rep)
        self.assertEqual(answer.purpose, "called")

    def test_a_rep_enters_it_again(self):
        self.start_tour(
            "/odoo/customer-centre/new",
            "crm_customer_dedupe_entered_again",
            login=self.rep.login,
        )
        again = self.env["res.partner"].search([("name", "=", NAME)]) - self.hidden
        self.assertEqual(again.user_id, self.rep)
        self.assertEqual(self.left(), 4)
