from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..phases import word_list
from ..phases.custom_fields import CustomFields
from ..phases.reading import Reading
from .common import ImportCase, company_rows

TITLES = ["客户名称", "行业", "客户等级", "客户来源", "业务员"]


class WordsCase(ImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Industry = cls.env["res.partner.industry"]
        cls.software = cls.Industry.search([("code", "=", "I65")])
        cls.trade = cls.Industry.search([("code", "=", "F51")])

    def word(self, record, text):
        return record.word_ids.filtered(lambda word: word.word == text)

    def decide(self, record, text, decision, value="", name=""):
        word = self.word(record, text).with_user(record.env.user)
        word.action_decide(decision, value, name)

    def value(self, option) -> str:
        return f"id:{option.id}"

    def remembered(self, text):
        return self.env["crm.customer.import.memory"].search([("word", "=", text)])

    def customers(self, record):
        return record.line_ids.sorted("row_number").mapped("partner_id")


@tagged("post_install", "-at_install")
class TestImportWords(WordsCase):
    """Values in the company's own words. Spec C8 ★."""

    def rows(self, count=6):
        industries = ["软件", "贸易", "机械制造", "軟件"]
        return [
            TITLES,
            *(
                [
                    f"词语{n:04d}有限公司",
                    industries[n % 4],
                    "重点客户",
                    "广交会",
                    "老王",
                ]
                for n in range(count)
            ),
        ]

    def test_no_row_is_refused_and_each_word_is_listed_once(self):
        """500 of 501 rows of a realistic list were refused for these words."""
        record = self.preview(self.rows(13))
        self.assertEqual(self.decisions(record), ["create"] * 13)
        found = {word.word: word.row_count for word in record.word_ids}
        self.assertEqual(
            found,
            {
                "软件": 7,
                "贸易": 3,
                "机械制造": 3,
                "重点客户": 13,
                "广交会": 13,
                "老王": 13,
            },
        )
        self.assertEqual(self.word(record, "软件").proposal, self.value(self.software))
        self.assertEqual(self.word(record, "重点客户").proposal_label, "VIP")
        self.assertGreaterEqual(self.word(record, "软件").confidence, 90)

    def test_one_decision_counts_for_all_rows(self):
        record = self.preview(self.rows())
        self.decide(record, "软件", "choice", self.value(self.trade))
        self.decide(record, "贸易", "out")
        line = record.line_ids.sorted("row_number")[0]
        self.assertIn(self.trade.name, line.result_text)
        record.action_import()
        customers = self.customers(record)
        self.assertEqual(customers[0].industry_id, self.trade)
        self.assertEqual(customers[3].industry_id, self.trade, "軟件 is the same word")
        self.assertFalse(customers[1].industry_id)
        self.assertNotIn("贸易", customers[1].comment)
        self.assertIn("机械制造", customers[2].comment, "undecided: nothing is lost")
        self.assertNotIn("软件", customers[0].comment)

    def test_undecided_values_are_noted_and_counted(self):
        record = self.preview(self.rows())
        line = record.line_ids.sorted("row_number")[0]
        self.assertIn("软件", line.reason)
        record.action_import()
        self.assertEqual(record.noted_count, 4 * 6)
        self.assertIn("重点客户 (6)", record.words_result)
        for text in ("软件", "重点客户", "广交会", "老王"):
            self.assertIn(text, self.customers(record)[0].comment)
        self.assertAccounted(record, 6)

    def test_accept_all_proposals(self):
        record = self.preview(self.rows())
        record.action_accept_proposals()
        self.assertEqual(self.word(record, "软件").decision, "choice")
        self.assertEqual(self.word(record, "老王").decision, "none", "nobody near")
        self.assertEqual(record.undecided_count, 1)
        self.assertEqual(record.get_words()["decided"], record.word_count - 1)
        record.action_import()
        self.assertEqual(self.customers(record)[0].industry_id, self.software)
        self.assertEqual(self.customers(record)[0].customer_level_id.code, "VIP")

    def test_a_decision_can_be_taken_back(self):
        record = self.preview(self.rows())
        self.decide(record, "软件", "out")
        self.decide(record, "软件", "none")
        self.assertFalse(self.word(record, "软件").decided_by)
        record.action_import()
        self.assertFalse(self.remembered("软件"))

    def test_decisions_hold_when_rows_are_planned_anew(self):
        record = self.preview(self.rows())
        self.decide(record, "软件", "choice", self.value(self.software))
        record.duplicate_policy = "create"
        self.assertEqual(self.word(record, "软件").value, self.value(self.software))
        column = record.column_ids.filtered(lambda c: c.target == "level")
        record.write({"column_ids": [(1, column.id, {"target": "comment"})]})
        self.assertFalse(self.word(record, "重点客户"), "no column of choices any more")
        self.assertEqual(self.word(record, "软件").value, self.value(self.software))

    def test_decisions_only_in_the_preview(self):
        record = self.preview(self.rows())
        record.action_import()
        with self.assertRaises(UserError):
            self.decide(record, "软件", "out")
        with self.assertRaises(UserError):
            record.action_accept_proposals()

    def test_kind_of_customer_plans_anew(self):
        """Whether a row is a company decides what it is compared with."""
        rows = [["客户名称", "客户类型", "联系人"], ["八达岭", "散客", ""]]
        record = self.preview(rows)
        self.assertTrue(record.line_ids._row_keys().company)
        self.decide(record, "散客", "choice", "person")
        self.assertEqual(record.state, "preview")
        self.assertFalse(record.line_ids._row_keys().company)
        record.action_import()
        self.assertFalse(record.line_ids.partner_id.is_company)
        again = self.preview([rows[0], ["居庸关", "散客", ""]])
        self.assertFalse(again.line_ids._row_keys().company, "remembered at once")

    def test_all_proposals_of_a_long_list_are_taken(self):
        """Each of them plans anew, which a long list does in the background."""
        rows = [["客户名称", "客户类型", "联系人"], ["八达岭", "散客", ""],
                ["居庸关", "厂里", ""]]  # fmt: skip
        record = self.preview(rows)
        for text, value in (("散客", "person"), ("厂里", "company")):
            self.word(record, text).sudo().proposal = value
        with patch.object(Reading, "direct_rows", 0):
            record.action_accept_proposals()
        self.assertEqual(self.word(record, "散客").value, "person")
        self.assertEqual(self.word(record, "厂里").value, "company")
        self.assertEqual(record.state, "reading")

    def test_deciding_costs_the_same_for_any_number_of_rows(self):
        """Rows are settled when written: no line is touched by a decision."""
        costs = []
        for count in (20, 800):
            rows = [[*r, "软件"] for r in company_rows(count, start=count * 10)]
            titles = ["客户名称", "联系人", "手机", "邮箱", "省份", "行业"]
            record = self.preview([titles, *rows])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.decide(record, "软件", "out")
            record.get_words()
            self.env.flush_all()
            costs.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(costs[1], costs[0])

    def test_a_column_of_remarks_does_not_ask_for_ever(self):
        with patch.object(word_list, "MOST_WORDS", 5):
            rows = [[f"备注{n}有限公司", f"说法{n}"] for n in range(12)]
            record = self.preview([["客户名称", "行业"], *rows])
            self.assertEqual(len(record.word_ids), 5)
            self.assertEqual(record.get_words()["rest"], 7)
            record.action_import()
        self.assertEqual(record.noted_count, 12)
        for number, customer in enumerate(self.customers(record)):
            self.assertIn(f"说法{number}", customer.comment)

    def test_an_empty_state_is_known(self):
        record = self.preview(
            [["客户名称", "行业"], ["甲有限公司", self.software.name]]
        )
        words = record.get_words()
        self.assertEqual((words["total"], words["has_columns"]), (0, True))
        self.assertFalse(
            self.preview([["客户名称"], ["乙有限公司"]]).get_words()["total"]
        )

    def test_custom_choices_may_be_words_too(self):
        self.env["res.partner"].action_add_example_properties()
        definition = CustomFields(self.env).definition()
        definition.properties_definition = [
            *definition.properties_definition,
            {"name": "x_pain", "string": "痛处", "type": "selection",
             "selection": [["k1", "价格高"]]},
            {"name": "x_like", "string": "爱好", "type": "tags",
             "tags": [["t1", "茶", 1]]},
        ]  # fmt: skip
        rows = [["客户名称", "痛处", "爱好"], ["甲有限公司", "价格", "茶、酒"],
                ["乙有限公司", "交期", ""]]  # fmt: skip
        record = self.preview(rows, user=self.admin)
        self.assertEqual(self.word(record, "价格").proposal, "k1")
        self.decide(record, "价格", "choice", "k1")
        self.decide(record, "交期", "new")
        self.decide(record, "酒", "new", name="白酒")
        record.action_import()
        first, second = self.customers(record)
        self.assertEqual(first.properties["x_pain"], "价格高")
        self.assertEqual(first.properties["x_like"], "茶, 白酒")
        options = CustomFields(self.env).by_label()
        self.assertIn("交期", [o[1] for o in options["痛处"]["selection"]])
        self.assertIn("白酒", [o[1] for o in options["爱好"]["tags"]])
        self.assertTrue(second.properties["x_pain"])
        record.action_undo()
        options = CustomFields(self.env).by_label()
        self.assertEqual(options["痛处"]["selection"], [["k1", "价格高"]])
        self.assertEqual(options["爱好"]["tags"], [["t1", "茶", 1]])

    def test_an_update_leaves_other_custom_choices_as_they_are(self):
        """What is read of a choice is its label, what is stored its key."""
        definition = CustomFields(self.env).definition()
        definition.properties_definition = [
            {"name": "x_pain", "string": "痛处", "type": "selection",
             "selection": [["k1", "价格高"], ["k2", "交期"]]},
            {"name": "x_like", "string": "爱好", "type": "tags",
             "tags": [["t1", "茶", 1]]},
            {"name": "x_years", "string": "年数", "type": "integer"},
        ]  # fmt: skip
        known = self.customer("镇海自有客户有限公司", self.rep)
        known.properties = {"x_pain": "k1", "x_like": ["t1"]}
        self.env.flush_all()
        rows = [["客户名称", "年数"], ["镇海自有客户有限公司", "5"]]
        record = self.preview(rows, duplicate_policy="update")
        record.action_import()
        self.assertEqual(known.properties["x_years"], 5)
        self.assertEqual(known.properties["x_pain"], "价格高")
        self.assertEqual(known.properties["x_like"], "茶")
        record.action_undo()
        self.assertEqual(record.kept_count, 0)
        self.assertFalse(known.properties["x_years"])
        self.assertEqual(known.properties["x_pain"], "价格高")

    def test_countries_are_known_in_chinese_without_the_language(self):
        rows = [["客户名称", "国家"], ["甲有限公司", "美国"], ["乙有限公司", "越南"]]
        record = self.preview(rows)
        self.assertFalse(record.word_ids)
        record.action_import()
        codes = [customer.country_id.code for customer in self.customers(record)]
        self.assertEqual(codes, ["US", "VN"])

    def test_a_region_is_no_province(self):
        record = self.preview([["客户名称", "区域"], ["甲有限公司", "华东"],
                               ["乙有限公司", "苏州"]])  # fmt: skip
        self.assertEqual(self.word(record, "华东").proposal, "")
        self.assertFalse(self.word(record, "苏州"), "a city has one province")
        record.action_import()
        first, second = self.customers(record)
        self.assertIn("华东", first.comment)
        self.assertEqual((second.state_id.name, second.city), ("江苏省", "苏州市"))

    def test_as_above_is_what_stands_above(self):
        """A customer called 同上 would be wrong, a phone of another one too."""
        rows = [
            ["客户名称", "联系人", "手机", "行业"],
            ["甲有限公司", "张三", "13800138000", self.software.name],
            ["同上", "李四", "13900139000", "〃"],
            ["乙有限公司", "王五", "同上", "同上"],
        ]
        record = self.preview(rows)
        self.assertEqual(self.decisions(record), ["create", "update", "create"])
        record.action_import()
        first, second, third = (
            line.partner_id for line in record.line_ids.sorted("row_number")
        )
        self.assertEqual(first, second)
        self.assertEqual(first.child_ids.mapped("name"), ["张三", "李四"])
        self.assertEqual(third.industry_id, self.software)
        self.assertFalse(third.child_ids.phone)


@tagged("post_install", "-at_install")
class TestImportOwners(WordsCase):
    def test_an_unknown_owner_falls_to_the_default_owner(self):
        rows = [
            ["客户名称", "业务员"],
            *([f"老王{n}有限公司", "老赵"] for n in range(3)),
        ]
        record = self.preview(rows, user=self.admin)
        record.default_user_id = self.other_rep
        record.action_import()
        self.assertEqual(self.customers(record).user_id, self.other_rep)
        self.assertEqual(record.default_owner_count, 3)
        self.assertIn(self.other_rep.name, record.words_result)
        self.assertIn("老赵 (3)", record.words_result)
        self.assertIn("老赵", self.customers(record)[0].comment)

    def test_without_default_owner_it_has_none(self):
        record = self.preview([["客户名称", "业务员"], ["甲有限公司", "老赵"]],
                              user=self.admin, default_user_id=False)  # fmt: skip
        record.action_import()
        self.assertFalse(self.customers(record).user_id)
        self.assertIn("no owner", record.words_result)

    def test_an_update_does_not_take_the_owner_away(self):
        known = self.customer("镇海自有客户有限公司", self.rep)
        rows = [["客户名称", "业务员"], ["镇海自有客户有限公司", "老赵"]]
        record = self.preview(rows, user=self.admin, duplicate_policy="update")
        record.action_import()
        self.assertEqual(known.user_id, self.rep)

    def test_a_rep_gives_customers_to_nobody_else(self):
        record = self.preview([["客户名称", "业务员"], ["甲有限公司", "老赵"]])
        offered = record.get_words()["fields"][0]["choices"]
        self.assertEqual([c["value"] for c in offered], [self.value(self.rep)])
        with self.assertRaises(UserError):
            self.decide(record, "老赵", "choice", self.value(self.other_rep))


@tagged("post_install", "-at_install")
class TestImportNewChoices(WordsCase):
    """New choices only by who may create them, never by sudo."""

    ROWS = (
        ["客户名称", "行业"],
        ["甲有限公司", "量子通信"],
        ["乙有限公司", "量子 通信"],
        ["丙有限公司", "无人机"],
        ["丁有限公司", "量子通信"],
    )

    def test_a_new_choice_is_created_once(self):
        record = self.preview(self.ROWS, user=self.admin)
        self.decide(record, "量子通信", "new")
        self.assertFalse(self.Industry.search([("name", "=", "量子通信")]), "not yet")
        record.action_import()
        made = self.Industry.search([("name", "=", "量子通信")])
        self.assertEqual(len(made), 1)
        self.assertEqual(made.create_uid, self.admin)
        self.assertEqual(self.customers(record)[:2].industry_id, made)

    def test_who_may_not_create_cannot_decide_it(self):
        record = self.preview(self.ROWS)
        self.assertFalse(record.get_words()["fields"][0]["may_create"])
        with self.assertRaises(UserError):
            self.decide(record, "无人机", "new")

    def test_rights_are_those_of_who_imports(self):
        """Decided by the administrator, imported by the rep: noted, not created."""
        record = self.preview(self.ROWS)
        self.word(record, "无人机").sudo().write(
            {"decision": "new", "new_name": "无人机", "decided_by": "person"}
        )
        record.action_import()
        self.assertFalse(self.Industry.search([("name", "=", "无人机")]))
        self.assertIn("无人机", self.customers(record)[2].comment)
        self.assertTrue(self.word(record, "无人机").failure)
        self.assertEqual(record.noted_count, 4)

    def test_a_choice_that_cannot_be_created_stops_nothing(self):
        Industry = self.env.registry["res.partner.industry"]

        def refuse(self_, vals_list):
            raise UserError("No new industries this year.")

        self.patch(Industry, "create", refuse)
        record = self.preview(self.ROWS, user=self.admin)
        self.decide(record, "无人机", "new")
        record.action_import()
        self.assertEqual(record.create_count, 4)
        self.assertIn("this year", self.word(record, "无人机").failure)

    def test_skipped_rows_create_no_choice(self):
        self.customer("丙有限公司", self.admin)
        record = self.preview(self.ROWS, user=self.admin)
        self.decide(record, "无人机", "new")
        record.action_import()
        self.assertFalse(self.Industry.search([("name", "=", "无人机")]))

    def test_a_choice_created_meanwhile_is_taken(self):
        record = self.preview(self.ROWS, user=self.admin)
        self.decide(record, "无人机", "new")
        made = self.Industry.create({"name": "无人机"})
        record.action_import()
        self.assertEqual(self.customers(record)[2].industry_id, made)
        record.action_undo()
        self.assertTrue(made.exists(), "not of this import")

    def test_undo_removes_new_choices_that_nobody_uses(self):
        """The memory stays, so that the next list creates them again."""
        record = self.preview(self.ROWS, user=self.admin)
        self.decide(record, "量子通信", "new")
        self.decide(record, "无人机", "new")
        record.action_import()
        used = self.Industry.search([("name", "=", "无人机")])
        self.customer("他用有限公司", self.rep, industry_id=used.id)
        record.action_undo()
        self.assertEqual(record.state, "undone")
        self.assertTrue(used.exists(), "another customer has it")
        self.assertFalse(self.Industry.search([("name", "=", "量子通信")]))
        self.assertEqual(self.remembered("量子通信").decision, "new")
        again = self.preview(self.ROWS, user=self.admin)
        self.assertEqual(self.word(again, "量子通信").decision, "new")
        self.assertFalse(self.word(again, "无人机"), "a choice by now")
        again.action_import()
        self.assertTrue(self.Industry.search([("name", "=", "量子通信")]))


@tagged("post_install", "-at_install")
class TestImportMemory(WordsCase):
    """Decided once, remembered for the next list of the company."""

    ROWS = (["客户名称", "行业"], ["甲有限公司", "搞软件的"])
    NEXT = (["公司", "行业"], ["乙有限公司", "搞軟件的"])

    def learn(self, decision="choice", value=None):
        number = self.env["crm.customer.import"].search_count([])
        rows = [self.ROWS[0], [f"记忆{number}有限公司", "搞软件的"]]
        record = self.preview(rows)
        self.decide(
            record, "搞软件的", decision,
            value if value is not None else self.value(self.software),
        )  # fmt: skip
        record.action_import()
        return self.remembered("搞软件的")

    def test_the_next_list_knows_the_word(self):
        memory = self.learn()
        self.assertEqual(memory.user_id, self.rep)
        record = self.preview(self.NEXT, user=self.other_rep)
        self.assertEqual(record.word_ids.decided_by, "memory")
        self.assertEqual(record.undecided_count, 0)
        record.action_import()
        self.assertEqual(self.customers(record).industry_id, self.software)

    def test_left_out_is_remembered_too(self):
        self.learn("out", "")
        record = self.preview(self.NEXT)
        self.assertEqual(record.word_ids.decision, "out")

    def test_another_decision_replaces_it(self):
        self.learn()
        record = self.preview(self.NEXT)
        self.decide(record, "搞軟件的", "choice", self.value(self.trade))
        record.action_import()
        memory = self.env["crm.customer.import.memory"].search([])
        self.assertEqual(len(memory), 1)
        self.assertEqual(memory.value, self.value(self.trade))

    def test_nothing_is_remembered_before_the_import(self):
        record = self.preview(self.ROWS)
        self.decide(record, "搞软件的", "out")
        self.assertFalse(self.remembered("搞软件的"))

    def test_a_choice_that_is_gone_does_not_break_the_next_list(self):
        gone = self.Industry.create({"name": "将要合并的行业"})
        for leave in (gone.action_archive, gone.unlink):
            self.learn(value=self.value(gone))
            leave()
            record = self.preview(self.NEXT)
            self.assertEqual(record.word_ids.decision, "none")
            record.action_import()
            self.assertEqual(record.create_count, 1)
            record.action_undo()
            gone.exists().action_unarchive()
        memory = self.env["crm.customer.import.memory"].search([])
        self.assertTrue(memory.is_gone)

    def test_a_choice_archived_since_the_preview_is_noted(self):
        gone = self.Industry.create({"name": "将要合并的行业"})
        record = self.preview(self.ROWS)
        self.decide(record, "搞软件的", "choice", self.value(gone))
        gone.action_archive()
        record.action_import()
        self.assertFalse(self.customers(record).industry_id)
        self.assertIn("搞软件的", self.customers(record).comment)
        self.assertEqual(record.noted_count, 1)

    def test_a_remembered_owner_whom_this_person_may_not_give_is_asked(self):
        rows = [["客户名称", "业务员"], ["甲有限公司", "老赵"]]
        record = self.preview(rows, user=self.admin)
        self.decide(record, "老赵", "choice", self.value(self.other_rep))
        record.action_import()
        again = self.preview([rows[0], ["乙有限公司", "老赵"]])
        self.assertEqual(again.word_ids.decision, "none")

    def test_memory_stays_in_its_company(self):
        self.learn()
        other = self.env["res.company"].create(
            {"name": "Other", "country_id": self.company.country_id.id}
        )
        self.other_rep.company_ids = [(4, other.id)]
        record = self.make_import(self.NEXT, user=self.other_rep, company_id=other.id)
        record.action_preview()
        self.assertEqual(record.word_ids.decision, "none")
        Memory = self.env["crm.customer.import.memory"].with_user(self.other_rep)
        here = Memory.with_context(allowed_company_ids=self.company.ids)
        there = Memory.with_context(allowed_company_ids=other.ids)
        self.assertTrue(here.search([]))
        self.assertFalse(there.search([]))

    def test_memory_can_be_corrected_and_deleted(self):
        memory = self.learn().with_user(self.other_rep)
        values = [choice["value"] for choice in memory.get_choices()]
        self.assertIn(self.value(self.trade), values)
        memory.value = self.value(self.trade)
        self.assertEqual(memory.value_label, self.trade.name)
        self.assertEqual(memory.user_id, self.other_rep)
        memory.decision = "out"
        memory.unlink()
        self.assertFalse(self.remembered("搞软件的"))

    def test_memory_is_guarded(self):
        memory = self.learn()
        nobody = self._user("nobody_words")
        with self.assertRaises(AccessError):
            memory.with_user(nobody).read(["word"])
        own = memory.with_user(self.rep)
        for vals in ({"word": "x"}, {"field_name": "owner"}, {"company_id": 1},
                     {"user_id": self.admin.id}, {"key": "x"}):  # fmt: skip
            with self.assertRaises(AccessError, msg=str(vals)):
                own.write(vals)
        with self.assertRaises(ValidationError):
            own.value = "id:99999999"
        with self.assertRaises(AccessError):
            own.create({"field_name": "industry", "word": "x", "key": "x",
                        "decision": "out", "company_id": self.company.id})  # fmt: skip

    def test_words_are_guarded(self):
        record = self.preview(self.ROWS)
        word = record.word_ids
        with self.assertRaises(AccessError):
            word.with_user(self.rep).write({"decision": "out"})
        with self.assertRaises(AccessError):
            word.with_user(self.other_rep).read(["word"])
        for call in (
            lambda: word.with_user(self.other_rep).action_decide("out"),
            lambda: record.with_user(self.other_rep).get_words(),
            lambda: record.with_user(self.other_rep).action_accept_proposals(),
        ):
            with self.assertRaises(AccessError):
                call()
        with self.assertRaises(AccessError):
            record.write({"word_ids": [(1, word.id, {"decision": "out"})]})
        wrong = [("choice", "id:99999999"), ("choice", ""), ("x", ""), (["out"], ""),
                 ("choice", 7)]  # fmt: skip
        for decision, value in wrong:
            with self.assertRaises(UserError):
                word.with_user(self.rep).action_decide(decision, value)
