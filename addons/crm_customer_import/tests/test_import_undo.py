from random import Random

from odoo.tests import tagged

from .common import HEADERS, ImportCase, company_rows

TRACKED = ["name", "phone", "email", "city", "street", "comment", "vat", "function"]


@tagged("post_install", "-at_install")
class TestImportUndo(ImportCase):
    """Taking an import back. Spec C8 ★."""

    def setUp(self):
        super().setUp()
        self.Partner = self.env["res.partner"].with_context(active_test=False)

    def state(self):
        """Every partner as it stands, by id."""
        partners = self.Partner.search([])
        names = [*TRACKED, "user_id", "parent_id", "category_id", "state_id",
                 "industry_id", "properties", "lifecycle_state"]  # fmt: skip
        return {row["id"]: row for row in partners.read(names, load="")}

    def done(self, rows, **values):
        record = self.preview(rows, **values)
        record.action_import()
        self.assertEqual(record.state, "done")
        return record

    def test_created_customers_go(self):
        before = self.state()
        record = self.done([HEADERS, *company_rows(5)])
        self.assertEqual(len(self.state()), len(before) + 10)
        record.action_undo()
        self.assertEqual(record.state, "undone")
        self.assertEqual(record.kept_count, 0, record.line_ids.mapped("undo_note"))
        self.assertEqual(self.state(), before)

    def test_updated_values_return(self):
        known = self.customer(
            "镇海自有客户有限公司", self.rep, city="宁波", phone="0574-87654321"
        )
        before = self.state()
        rows = [
            ["客户名称", "城市", "备注", "标签", "联系人"],
            ["镇海自有客户有限公司", "余姚", "新备注", "新标签", "新人"],
        ]
        record = self.done(rows, duplicate_policy="update", user=self.admin)
        self.assertEqual(known.city, "余姚")
        self.assertIn("新备注", known.comment)
        self.assertEqual(known.child_ids.name, "新人")
        self.assertEqual(known.primary_contact_id.name, "新人")
        record.action_undo()
        self.assertEqual(record.kept_count, 0, record.line_ids.mapped("undo_note"))
        self.assertEqual(self.state(), before)
        tags = self.env["res.partner.category"]
        self.assertFalse(tags.search([("name", "=", "新标签")]))

    def test_what_a_person_changed_since_stays(self):
        """Field by field: the changed one stays, the other returns."""
        known = self.customer("镇海自有客户有限公司", self.rep, city="宁波")
        rows = [
            ["客户名称", "城市", "地址"],
            ["镇海自有客户有限公司", "余姚", "新路1号"],
        ]
        record = self.done(rows, duplicate_policy="update")
        known.city = "慈溪"
        record.action_undo()
        self.assertEqual(known.city, "慈溪")
        self.assertFalse(known.street)
        self.assertEqual(record.kept_count, 1)
        self.assertIn("City", record.line_ids.undo_note)

    def later(self, partner, **values):
        """A change in a later transaction: its time differs from the import's."""
        partner.write(values)
        partner.flush_recordset()
        self.env.cr.execute(
            "UPDATE res_partner SET write_date = write_date + interval '1 hour'"
            " WHERE id = %s",
            [partner.id],
        )
        partner.invalidate_recordset()

    def test_created_and_changed_since_is_kept(self):
        record = self.done([HEADERS, *company_rows(2)])
        first = record.line_ids.sorted("row_number")[0].partner_id
        second = record.line_ids.sorted("row_number")[1].partner_id
        self.later(first, city="杭州")
        record.action_undo()
        self.assertTrue(first.exists())
        self.assertFalse(second.exists())
        self.assertEqual(record.kept_count, 1)
        kept = record.line_ids.filtered(lambda line: line.state == "kept")
        self.assertIn("changed since", kept.undo_note)

    def test_created_and_used_since_is_kept(self):
        """A lead, a note or an own contact holds the customer."""
        record = self.done([HEADERS, *company_rows(4)])
        lines = record.line_ids.sorted("row_number")
        partners = [line.partner_id for line in lines]
        self.env["crm.lead"].create({"name": "Deal", "partner_id": partners[0].id})
        partners[1].message_post(body="Called", message_type="comment")
        self.env["res.partner"].create({"name": "Own", "parent_id": partners[2].id})
        record.action_undo()
        alive = [bool(partner.exists()) for partner in partners]
        self.assertEqual(alive, [True, True, True, False])
        self.assertEqual(record.kept_count, 3)
        self.assertIn("Lead", lines[0].undo_note)
        self.assertFalse(lines[0].contact_id.exists(), "its contact was not used")

    def test_all_uses_of_a_kept_customer_are_named(self):
        """Records that point at it, and what hangs on it."""
        record = self.done([HEADERS, *company_rows(1)])
        partner = record.line_ids.partner_id
        self.env["crm.lead"].create({"name": "Deal", "partner_id": partner.id})
        partner.message_post(body="Called", message_type="comment")
        record.action_undo()
        self.assertIn("Lead", record.line_ids.undo_note)
        self.assertIn("Message", record.line_ids.undo_note)

    def test_import_of_an_import_undone_in_turn(self):
        """The second list updates what the first created; undo both, last first."""
        before = self.state()
        rows = [["客户名称", "城市"], ["甲贸易有限公司", "杭州"]]
        first = self.done(rows)
        partner = first.line_ids.partner_id
        rows[1][1] = "宁波"
        second = self.done(rows, duplicate_policy="update")
        self.assertEqual(partner.city, "宁波")
        second.action_undo()
        self.assertEqual(partner.city, "杭州")
        first.action_undo()
        # the second import's writes are not the first one's: rather kept than lost
        self.assertIn(first.kept_count, (0, 1))
        if not first.kept_count:
            self.assertEqual(self.state(), before)

    def test_undo_of_random_imports_gives_the_former_state(self):
        """Property: import + undo = former state, for lists drawn at random."""
        for seed in range(8):
            rng = Random(seed)
            for number in rng.sample(range(8), 4):
                self.customer(
                    f"随机{seed}号{number}实业有限公司",
                    rng.choice([self.rep, None]),
                    city=rng.choice([False, "旧市"]),
                )
            before = self.state()
            record = self.done(
                self.random_rows(rng, seed),
                duplicate_policy=rng.choice(["skip", "update", "create"]),
            )
            self.assertAccounted(record, 15)
            record.action_undo()
            self.assertEqual(record.kept_count, 0, record.line_ids.mapped("undo_note"))
            self.assertEqual(self.state(), before, f"seed {seed}")

    def random_rows(self, rng, seed):
        rows = [["客户名称", "联系人", "手机", "城市", "备注", "标签"]]
        for _row in range(15):
            rows.append(
                [
                    f"随机{seed}号{rng.randrange(8)}实业有限公司",
                    rng.choice(["", "张三", "李四", "王五"]),
                    rng.choice(["", f"1380{seed:03d}{rng.randrange(9999):04d}"]),
                    rng.choice(["", "新市"]),
                    rng.choice(["", "备注"]),
                    rng.choice(["", "红", "红、蓝"]),
                ]
            )
        return rows
