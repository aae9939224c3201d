"""# U1: one app has what a role works with, and one list of each thing."""

from planted import PlantedCase

ROOT = "crm_customer_center.menu_customer_root"


class TestOneApp(PlantedCase):
    def entries(self, role):
        """The names of the app's entries as a role sees them, in order."""
        env = self.env(user=self.roles[role], context={"lang": "en_US"})
        menus = env["ir.ui.menu"].load_web_menus(False)
        root = next(one for one in menus.values() if one.get("xmlid") == ROOT)
        return [menus[child]["name"] for child in root["children"]], root, menus

    def test_a_rep_lands_in_the_day_and_finds_all_work(self):
        self.roles["rep"].group_ids |= self.env.ref("crm.group_use_lead")
        names, root, menus = self.entries("rep")
        daily = ("My Day", "Customers", "Contacts", "Leads", "Deals", "Follow-ups",
                 "Tickets", "Calendar", "Dashboards")  # fmt: skip
        self.assertEqual([name for name in names if name in daily], list(daily))
        # the first entry that opens something is what the app opens
        self.assertEqual(root["actionID"], menus[root["children"][0]]["actionID"])
        self.assertEqual(names[0], "My Day")

    def test_who_has_no_day_lands_in_the_customers(self):
        for role in ("agent", "marketing"):
            names, _root, _menus = self.entries(role)
            self.assertEqual(names[0], "Customers", role)
            self.assertNotIn("Deals", names, role)

    def test_every_list_of_customers_is_ours(self):
        action = self.env.ref("crm_customer_center.action_customer")
        ours = self.env["ir.actions.act_window"]._for_xml_id(action.xml_id)
        views = {kind: view for view, kind in ours["views"]}
        segment = self.env["crm.segment"].create(
            {"name": "Segment", "domain": "[('is_customer', '=', True)]"}
        )
        measures = self.env["crm.measure"]._measures().values()
        behind = [one for one in measures if one.model == "res.partner"]
        self.assertTrue(behind)
        opened = [self.env["crm.measure"]._open_records(one, []) for one in behind]
        opened.append(segment.action_open_members())
        in_crm = self.env.ref("crm.res_partner_menu_customer").action
        opened.append(self.env["ir.actions.act_window"]._for_xml_id(in_crm.xml_id))
        for found in opened:
            kinds = {kind: view for view, kind in found["views"]}
            self.assertEqual(kinds["list"], views["list"])
            self.assertEqual(kinds["form"], views["form"])
