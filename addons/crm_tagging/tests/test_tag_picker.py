from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from .common import TaggingCommon

SHORT = {"crm_tag_short_name": True}


class PickerCommon(TaggingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level = cls.make_group("Pick Level", exclusive=True)
        cls.need = cls.make_group("Pick Need")
        cls.gold = cls.make_tag("Pick Gold", cls.level)
        cls.silver = cls.make_tag("Pick Silver", cls.level)
        cls.pumps = cls.make_tag("Pick Pumps", cls.need)
        cls.loose = cls.make_tag("Pick Loose")

    def choices(self, user, model="res.partner.category", **kwargs):
        """What the picker offers: {name of a group: names of its tags}."""
        offered = self.env[model].with_user(user).get_tag_choices(**kwargs)
        return {
            group["name"]: [
                tag["name"] for tag in group["tags"] if tag["name"].startswith("Pick")
            ]
            for group in offered
        }


@tagged("post_install", "-at_install")
class TestTagPicker(PickerCommon):
    """# T1 T4: chosen by groups, and nothing becomes a tag in passing."""

    def test_tags_stand_below_their_groups_on_both_sides(self):
        """# T1 T4: names without the group, which is the title; what has none last."""
        for model in ("res.partner.category", "crm.tag"):
            with self.subTest(model=model):
                found = self.choices(self.plain, model)
                self.assertEqual(found["Pick Level"], ["Pick Gold", "Pick Silver"])
                self.assertEqual(found["Pick Need"], ["Pick Pumps"])
                self.assertEqual([*found][-1], "Other Tags")
                self.assertIn("Pick Loose", found["Other Tags"])
        exclusive = {
            group["name"]: group["exclusive"]
            for group in self.env["crm.tag"].get_tag_choices()
        }
        self.assertTrue(exclusive["Pick Level"])
        self.assertFalse(exclusive["Pick Need"])

    def test_what_one_may_not_put_on_is_not_offered(self):
        """# T1: groups reserved to roles, archived tags, the domain of the field."""
        sales = self.env.ref("sales_team.group_sale_salesman")
        self.level.use_group_ids = [Command.set(sales.ids)]
        self.assertNotIn("Pick Level", self.choices(self.plain))
        self.assertIn("Pick Level", self.choices(self.rep))
        self.silver.active = False
        self.assertEqual(self.choices(self.rep)["Pick Level"], ["Pick Gold"])
        found = self.choices(self.rep, domain=[("name", "=", "Pick Pumps")])
        self.assertEqual(found, {"Pick Need": ["Pick Pumps"]})

    def test_a_typo_is_no_tag(self):
        """# T1: of who does not look after the tags; one that is there is found."""
        for model in ("res.partner.category", "crm.tag"):
            with self.subTest(model=model):
                tags = self.env[model]
                with self.assertRaisesRegex(AccessError, "Pick Glod"):
                    tags.with_user(self.rep).name_create("Pick Glod")
                self.assertFalse(tags.search([("name", "=", "Pick Glod")]))
                known = tags.with_user(self.rep).name_create("Pick Gold")
                self.assertEqual(tags.browse(known[0]).name, "Pick Gold")
                made = tags.with_user(self.manager).name_create(f"Pick {model}")
                self.assertEqual(tags.browse(made[0]).name, f"Pick {model}")

    def test_forms_have_the_picker_and_lists_make_no_tags(self):
        """# T1: whichever module shows the field."""
        fields = [("res.partner", "category_id"), ("crm.lead", "tag_ids")]
        if "crm.service.ticket" in self.env:
            fields.append(("crm.service.ticket", "tag_ids"))
        for model, name in fields:
            with self.subTest(model=model):
                form, _view = self.env[model]._get_view(view_type="form")
                nodes = form.xpath(f"//field[@name='{name}'][not(ancestor::field)]")
                self.assertTrue(nodes)
                for node in nodes:
                    self.assertNotEqual(node.get("widget"), "many2many_tags")
                lines, _view = self.env[model]._get_view(view_type="list")
                for node in lines.xpath(f"//field[@name='{name}']"):
                    self.assertIn("'no_create': True", node.get("options"))
        rules, _view = self.env["crm.tag.group"]._get_view(view_type="list")
        self.assertFalse(rules.xpath("//field[@widget='crm_tag_picker']"))

    def test_options_that_only_the_browser_reads_break_no_list(self):
        """A view of whoever: JavaScript's true is not Python's."""
        view = self.env["ir.ui.view"].create(
            {
                "name": "options",
                "model": "res.partner",
                "type": "list",
                "arch": """<list><field name="category_id" widget="many2many_tags"
                    options="{'no_quick_create': true}" /></list>""",
            }
        )
        arch, _view = self.env["res.partner"]._get_view(view.id, "list")
        [node] = arch.xpath("//field[@name='category_id']")
        self.assertIn("no_quick_create", node.get("options"))

    def test_a_name_of_two_groups_is_told_with_its_group(self):
        """# T1: also on cards and in lists, where others stand alone; until there is
        but one."""
        other = self.make_tag("Pick Gold", self.need)
        names = (self.gold | self.pumps | other).with_context(**SHORT)
        self.assertEqual(
            names.mapped("display_name"),
            ["Pick Level-Pick Gold", "Pick Pumps", "Pick Need-Pick Gold"],
        )
        other.name = "Pick Bronze"
        names.invalidate_recordset(["display_name"])
        self.assertEqual(
            names.mapped("display_name"), ["Pick Gold", "Pick Pumps", "Pick Bronze"]
        )


@tagged("post_install", "-at_install")
class TestTagPickerTour(PickerCommon, HttpCase):
    browser_size = "1366x768"

    def test_tags_are_picked_by_keyboard_and_mouse(self):
        """# T1: by groups, the last of an exclusive one stays; a typo makes nothing."""
        customer = self.env["res.partner"].create(
            {"name": "Picker Customer", "category_id": [Command.set(self.gold.ids)]}
        )
        self.rep.password = self.rep.login
        action = self.env["ir.actions.act_window"].create(
            {
                "name": "Picker",
                "path": "picker-tour",
                "res_model": "res.partner",
                "view_mode": "form",
                "view_id": self.env.ref("base.view_partner_form").id,
                "res_id": customer.id,
            }
        )
        self.assertTrue(action)
        self.start_tour(
            f"/odoo/picker-tour/{customer.id}",
            "crm_tagging_picker",
            login=self.rep.login,
        )
        self.assertEqual(customer.category_id, self.silver | self.pumps)
        self.assertFalse(self.env["crm.tag"].search([("name", "=", "Pick Nothing")]))
