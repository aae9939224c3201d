"""# C18 A6: what an attacker learns by asking is what was paid for."""

import json
from contextlib import suppress

from odoo import Command
from odoo.exceptions import UserError
from odoo.service.model import call_kw
from odoo.tests import tagged

from .test_conflict import CODE, NAME, PHONE, ConflictCommon

# what would tell of the hidden customer, none of it typed by the attacker
SECRETS = ("zqsecretqz", "other_rep user")


@tagged("post_install", "-at_install")
class TestConflictAttack(ConflictCommon):
    """A rep with a script: every door, ten thousand guesses."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hidden.write({"comment": "zqsecretqz", "city": "zqsecretqz"})
        cls.env.company.conflict_query_limit = 3
        cls.own = cls.make_customer("Own Ltd.", cls.rep)
        cls.env.flush_all()

    def call(self, model, method, *args, **kwargs):
        """Call as a client does; return what it is told, as text."""
        with self.calling_as(self.rep):
            try:
                answer = call_kw(
                    self.env[model].with_user(self.rep).with_context({}),
                    method,
                    list(args),
                    kwargs,
                )
            except Exception as error:  # noqa: BLE001  whatever is told is looked at
                return f"{type(error).__name__}: {error}"
            return json.dumps(answer, default=str, ensure_ascii=False)

    def told(self, text):
        return [secret for secret in SECRETS if secret in text]

    def test_parts_and_patterns_tell_nothing(self):
        """Each is refused, or a whole name that nobody has, and paid for."""
        whole = "上海恒策信息技术"
        guesses = [whole[:at] for at in range(1, len(whole))]
        guesses += [whole[at:] for at in range(1, len(whole))]
        guesses += [f"{whole[:3]}%", f"%{whole[2:4]}%", "%", "_" * 8, "上海恒策信息技_"]
        guesses += [PHONE[:-1], "5888 1234", "021 5888", "+86 21 5888%", CODE[:-1]]
        guesses += ["info@hengce", "%@hengce.example.com", "nfo@hengce.example.com"]
        self.env.company.conflict_query_limit = len(guesses)
        refused = 0
        for text in guesses:
            answer = self.call("crm.conflict.query", "ask", text, "work", False)
            self.assertFalse(self.told(answer), text)
            refused += "UserError" in answer
        noted = self.queries.search([("user_id", "=", self.rep.id)])
        self.assertEqual(len(noted) + refused, len(guesses))
        self.assertFalse(any(noted.mapped("found_count")))

    def test_not_more_answers_than_questions(self):
        """However many are tried; after the last one a hit and a miss look the same."""
        learnt, answers = 0, set()
        for at in range(40):
            hit = at % 2
            text = NAME if hit else f"没有这个公司{at}"
            answer = self.call("crm.conflict.query", "ask", text, "work", False)
            learnt += bool(self.told(answer))
            if at >= 3:
                answers.add(answer)
        self.assertEqual(learnt, 1)
        self.assertEqual(len(answers), 1)

    def test_a_message_that_breaks_off_tells_nothing(self):
        """What fails is taken back, with what was paid; it must not tell anything."""
        for text, purpose, beyond in (
            (NAME, "entry", False),
            (NAME, None, False),
            (NAME, "work", "yes"),
            ([NAME], "work", False),
            ({"=": NAME}, "work", False),
        ):
            answer = self.call("crm.conflict.query", "ask", text, purpose, beyond)
            self.assertIn("UserError", answer)
            self.assertFalse(self.told(answer))

    def test_forms_and_shortcuts_tell_nothing(self):
        """Onchange, creating, names typed into a picker: for free, so for nothing."""
        values = {
            "name": NAME,
            "phone": PHONE,
            "email": "info@hengce.example.com",
            "vat": CODE,
            "is_company": True,
            "lifecycle_state": "potential",
        }
        spec = {
            "possible_doubles": {},
            "name": {},
            "phone": {},
            "same_vat_partner_id": {},
        }
        partners = "res.partner"
        answers = [
            self.call(partners, "onchange", [], values, list(values), spec),
            self.call(partners, "name_create", NAME),
            self.call(partners, "web_save", [], values, spec),
            self.call(partners, "create", [values]),
            self.call(
                partners, "load", list(values), [list(map(str, values.values()))]
            ),
            self.call(partners, "name_search", NAME),
            self.call(partners, "find_or_create", "info@hengce.example.com"),
            self.call(partners, "search_read", [("phone", "=", PHONE)], ["city"]),
            self.call(
                partners,
                "formatted_read_group",
                [("name", "=", NAME)],
                ["city"],
                ["__count"],
            ),
            self.call("crm.global.search", "find", NAME),
        ]
        for at, answer in enumerate(answers):
            with self.subTest(at=at):
                self.assertFalse(self.told(answer), answer)
        self.assertFalse(self.queries.search([("user_id", "=", self.rep.id)]))

    def test_the_log_is_no_reading_glass(self):
        """Which customer it was is not found out by the answer that was paid for."""
        told = self.ask(NAME)
        answer_id = told["answers"][0]["id"]
        answers = "crm.conflict.answer"
        hidden = self.hidden.id
        for method, args in (
            ("read", ([answer_id], ["found_id"])),
            ("web_read", ([answer_id], {"found_id": {"fields": {"city": {}}}})),
            ("web_read", ([answer_id], {"customer_id": {"fields": {"city": {}}}})),
            ("search", ([("found_id.city", "ilike", "zq")],)),
            ("search", ([("customer_id.city", "ilike", "zq")],)),
            ("search", ([("found_id", "=", hidden)],)),
            ("formatted_read_group", ([], ["found_id"], ["__count"])),
            ("export_data", ([answer_id], ["found_id/city"])),
            ("export_data", ([answer_id], ["customer_id/city"])),
            ("copy", ([answer_id],)),
            ("write", ([answer_id], {"found_id": self.own.id})),
            ("create", ([{"found_id": hidden, "query_id": 1}],)),
        ):
            answer = self.call(answers, method, *args)
            with self.subTest(method=method, args=args):
                self.assertNotIn("zqsecretqz", answer)
                found = json.loads(answer) if answer[:1] in "[{" else []
                if method == "search":
                    self.assertEqual(found, [])
        with self.calling_as(self.rep):
            self.env[answers].with_user(self.rep).browse(answer_id).ask_owner("Hello")
        activity = self.env[answers].browse(answer_id).activity_ids
        with suppress(UserError), self.calling_as(self.rep):
            read = activity.with_user(self.rep).read()
            self.assertNotIn("zqsecretqz", str(read))
            self.assertNotIn(self.hidden.customer_code, str(read))

    def test_somebody_elses_count_is_not_moved(self):
        """Neither by the context, nor by another company of one's own."""
        elsewhere = self.env["res.company"].create(
            {"name": "Elsewhere", "conflict_query_limit": 3}
        )
        self.rep.company_ids = [Command.link(elsewhere.id)]
        for _time in range(3):
            self.ask("没有这个公司")
        with self.calling_as(self.rep), self.assertRaises(UserError):
            self.queries.with_user(self.rep).with_context(
                allowed_company_ids=[elsewhere.id, self.env.company.id]
            ).ask(NAME, "work", False)
