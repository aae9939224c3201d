from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .segment_common import SegmentCommon


@tagged("post_install", "-at_install")
class TestTagBulk(SegmentCommon):
    def wizard(self, partners, user=None):
        env = self.env(user=user) if user else self.env
        return Form(
            env["crm.tag.bulk"].with_context(
                active_model="res.partner", active_ids=partners.ids
            )
        )

    def test_tags_are_put_on_and_taken_off(self):
        """# T2: one of an exclusive group takes the place of the other, and it is
        said before and after."""
        form = self.wizard(self.partners)
        form.add_ids.add(self.vip)
        form.remove_ids.add(self.web)
        for text in (
            "“Seg Vip” on: 3 contacts, 2 have it already.",
            "“Seg Level” allows one tag, so it takes the place of “Seg Plain” on 2.",
            "“Seg Web” off: 2 contacts.",
        ):
            self.assertIn(text, form.summary)
        action = form.save().action_apply()
        self.assertEqual(action["params"]["title"], "4 contacts changed")
        self.assertIn("“Seg Plain” on 2", action["params"]["message"])
        self.assertEqual(self.a.category_id, self.vip | self.fair)
        self.assertEqual(self.b.category_id, self.vip)
        self.assertEqual(self.d.category_id, self.vip | self.lost)
        self.assertEqual(self.e.category_id, self.vip)

    def test_what_has_it_already_is_not_written(self):
        form = self.wizard(self.a | self.b)
        form.add_ids.add(self.vip)
        wizard = form.save()
        before = self.a.write_date
        self.env.cr.execute(
            "SELECT ctid::text FROM res_partner WHERE id = %s", [self.a.id]
        )
        row = self.env.cr.fetchone()
        action = wizard.action_apply()
        self.env.flush_all()
        self.assertEqual(action["params"]["title"], "0 contacts changed")
        self.env.cr.execute(
            "SELECT ctid::text FROM res_partner WHERE id = %s", [self.a.id]
        )
        self.assertEqual(self.env.cr.fetchone(), row)
        self.assertEqual(self.a.write_date, before)

    def test_contradictions_are_refused(self):
        """# T1"""
        form = self.wizard(self.partners)
        form.add_ids.add(self.vip)
        form.add_ids.add(self.plain)
        self.assertIn("one tag of “Seg Level” only", form.summary)
        with self.refused(UserError, "one tag of “Seg Level” only"):
            form.save().action_apply()
        form = self.wizard(self.partners)
        form.add_ids.add(self.web)
        form.remove_ids.add(self.web)
        with self.refused(UserError, "at once"):
            form.save().action_apply()
        with self.refused(UserError, "Choose tags"):
            self.wizard(self.partners).save().action_apply()

    def test_who_may_not_be_changed_stays(self):
        """# G1"""
        rule = self.env["ir.rule"].create(
            {
                "name": "Suzhou is not changed",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": "[('city', '!=', 'Suzhou')]",
                "perm_read": False,
                "perm_create": False,
                "perm_unlink": False,
            }
        )
        self.assertTrue(rule)
        form = self.wizard(self.a | self.e, user=self.colleague)
        form.add_ids.add(self.web)
        self.assertIn("1 contacts stay as they are", form.summary)
        form.save().action_apply()
        self.assertNotIn(self.web, self.a.category_id)
        self.assertIn(self.web, self.e.category_id)

    def test_statements_do_not_grow_with_the_selection(self):
        costs = []
        for count in (5, 40):
            partners = self.env["res.partner"].concat(
                *[self.make_partner(f"bulk {n}", "plain") for n in range(count)]
            )
            form = self.wizard(partners)
            form.add_ids.add(self.vip)
            wizard = form.save()
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            wizard.action_apply()
            self.env.flush_all()
            costs.append(self.env.cr.sql_log_count - start)
        self.assertEqual(*costs)
