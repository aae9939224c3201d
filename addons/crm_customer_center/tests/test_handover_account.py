"""# C14 G2: the account of somebody who left is closed, with all that opens it."""

from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_handover import HandoverCommon

ACCOUNTS = "base.group_erp_manager"


@tagged("post_install", "-at_install")
class TestCloseAccount(HandoverCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_admin = cls.make_user(
            "closer", f"crm_customer_center.group_crm_admin,{ACCOUNTS}"
        )

    def done(self, **values):
        handover = self.handover(**values)
        handover.action_start()
        return handover.with_user(self.user_admin)

    def give_keys(self, user):
        env = self.env(user=user)
        later = fields.Datetime.now() + timedelta(days=1)
        env["res.users.apikeys"].sudo()._generate("rpc", "A script", later)
        self.env.cr.execute(
            "INSERT INTO res_device_log (session_identifier, user_id, revoked,"
            " first_activity, last_activity, platform, browser)"
            " VALUES (%s, %s, FALSE, now(), now(), 'linux', 'firefox')",
            ["x" * 42, user.id],
        )
        if "totp_secret" in user._fields:
            user.sudo().totp_secret = "ABCDEFGHIJKLMNOP"
        self.deal.message_subscribe(user.partner_id.ids)

    def test_everything_that_opens_it_is_gone(self):
        self.give_keys(self.rep)
        handover = self.done()
        self.assertTrue(handover.may_close)
        handover.action_close_account()
        rep = self.rep.sudo()
        rep.invalidate_recordset()
        self.assertFalse(rep.active)
        self.assertFalse(rep.api_key_ids)
        self.assertFalse(rep.device_ids)
        if "totp_secret" in rep._fields:
            self.assertFalse(rep.totp_enabled)
        self.assertNotIn(rep.partner_id, self.deal.message_partner_ids)
        self.assertEqual(handover.closed_by_id, self.user_admin)
        self.assertEqual(handover.closed_json["api_keys"], 1)
        self.assertEqual(handover.closed_json["devices"], 1)
        self.assertIn("1", handover.closed_words)
        with self.assertRaises(UserError):
            handover.action_close_account()
        with self.assertRaisesRegex(UserError, "closed"):
            handover.action_rollback()

    def test_who_closes_whom(self):
        handover = self.done()
        self.assertFalse(handover.with_user(self.crm_admin).may_close)
        with self.assertRaises(AccessError):
            handover.with_user(self.crm_admin).action_close_account()
        own = handover.sudo()
        system = self.make_user("system", "base.group_system")
        for person in (
            system, self.user_admin, self.env.ref("base.user_admin"),
            self.env.ref("base.user_root"),
        ):  # fmt: skip
            own.person_id = person
            self.assertFalse(handover.may_close)
            with self.assertRaises(AccessError):
                handover.action_close_account()
            self.assertFalse(handover.closed_date)

    def test_not_before_it_is_handed_over(self):
        for handover in (
            self.handover(self.user_admin),
            self.done(reason="absent"),
        ):
            with self.assertRaises(UserError):
                handover.action_close_account()
        self.assertTrue(self.rep.active)

    def test_a_post_is_not_left_empty(self):
        handover = self.done()
        self.other_team.user_id = self.rep
        with self.assertRaisesRegex(UserError, "Sales Teams Led"):
            handover.action_close_account()
        self.assertIn("Sales Teams Led", handover.remaining)


@tagged("post_install", "-at_install")
class TestHandOverOneCustomer(HandoverCommon):
    """# C14: one customer goes to another owner, with what belongs to it."""

    def dialog(self, user, customers, **values):
        dialog = (
            self.env["crm.handover.dialog"]
            .with_user(user)
            .with_context(
                active_model="res.partner",
                active_ids=customers.ids,
                default_user_id=user.id,  # as the list of customers says
            )
            .create({"owner_id": self.colleague.id, **values})
        )
        self.assertEqual(dialog.partner_ids, customers)
        return dialog

    def made(self, action):
        return self.env["crm.handover"].browse(action["res_id"])

    def test_what_belongs_to_it_goes_along_when_ticked(self):
        other_deal = self.make_lead("Other", self.rep, self.customers[1])
        dialog = self.dialog(self.rep, self.customers[0], note="Knows the branch")
        kinds = {kind.key: kind.count for kind in dialog.kind_ids}
        self.assertLessEqual(
            {"contacts": 1, "deals": 1, "activities": 1, "meetings": 1}.items(),
            kinds.items(),
        )
        dialog.kind_ids.filtered(lambda kind: kind.key == "deals").is_taken = False
        handover = self.made(dialog.action_hand_over())
        self.assertEqual(handover.state, "done")
        for record in (self.customers[0], self.contact, self.activity, self.meeting):
            self.assertEqual(record.user_id, self.colleague)
        self.assertEqual((self.deal | other_deal).user_id, self.rep)
        left = handover.line_ids.filtered(lambda line: line.key == "deals")
        self.assertFalse(left.user_id)
        self.assertEqual(self.customers[1:].user_id, self.rep)
        handover.with_user(self.rep).action_rollback()
        for record in (self.customers[0], self.contact, self.activity, self.meeting):
            self.assertEqual(record.user_id, self.rep)

    def test_customers_of_nobody_and_of_several(self):
        unowned = self.make_customer("Nobody's")
        others = self.make_customer("Manager's", self.manager)
        dialog = self.dialog(self.manager, self.customers[0] | unowned | others)
        dialog.action_hand_over()
        for customer in (self.customers[0], unowned, others):
            self.assertEqual(customer.user_id, self.colleague)

    def test_of_others_nothing_is_handed_over(self):
        strange = self.make_customer("Strange", self.other_rep)
        dialog = self.env["crm.handover.dialog"].with_user(self.rep)
        with self.assertRaises(AccessError):
            dialog.create(
                {"owner_id": self.rep.id, "partner_ids": [Command.set(strange.ids)]}
            ).action_hand_over()
        self.assertEqual(strange.user_id, self.other_rep)
