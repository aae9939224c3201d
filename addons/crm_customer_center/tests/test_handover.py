"""# C14: the work of somebody who leaves goes to others, and comes back exactly."""

from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import AccessTable, CustomerCommon


class HandoverCommon(CustomerCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls.env["res.partner"].create(
            [
                {"name": f"Customer {number}", "is_company": True,
                 "lifecycle_state": "potential", "user_id": cls.rep.id}
                for number in range(6)
            ]
        )  # fmt: skip
        cls.contact = cls.make_contact(cls.customers[0], "Ms Li", user_id=cls.rep.id)
        cls.deal = cls.make_lead("Deal", cls.rep, cls.customers[0])
        cls.activity = cls.customers[0].activity_schedule(
            "mail.mail_activity_data_call", user_id=cls.rep.id, summary="Call"
        )
        cls.meeting = cls.env["calendar.event"].create(
            {
                "name": "Visit",
                "start": fields.Datetime.now() + timedelta(days=2),
                "stop": fields.Datetime.now() + timedelta(days=2, hours=1),
                "user_id": cls.rep.id,
                "partner_ids": [
                    Command.set((cls.rep.partner_id | cls.customers[0]).ids)
                ],
            }
        )
        cls.env.flush_all()

    def handover(self, by=None, receivers=None, person=None, **values):
        """A draft."""
        users = self.colleague if receivers is None else receivers
        return (
            self.env["crm.handover"]
            .with_user(by or self.crm_admin)
            .create(
                {
                    "person_id": (person or self.rep).id,
                    "receiver_ids": [
                        Command.create({"user_id": user.id}) for user in users
                    ],
                    **values,
                }
            )
        )

    def counts(self, handover):
        return {line.key: line.count for line in handover.line_ids}


@tagged("post_install", "-at_install")
class TestHandover(HandoverCommon):
    def test_what_there_is_is_counted_by_kind(self):
        counts = self.counts(self.handover())
        expected = {
            "customers": 6, "contacts": 1, "deals": 1, "activities": 1, "meetings": 1,
        }  # fmt: skip
        self.assertLessEqual(expected.items(), counts.items())
        self.assertNotIn("teams", counts)

    def test_everything_goes_to_one_person_with_guards_and_histories(self):
        handover = self.handover(note="Please be quick")
        handover.action_start()
        self.assertEqual(handover.state, "done")
        self.assertFalse(handover.stuck_count, handover.move_ids.mapped("reason"))
        for record in (*self.customers, self.contact, self.deal, self.activity):
            self.assertEqual(record.user_id, self.colleague)
        self.assertEqual(self.contact.customer_owner_id, self.colleague)
        self.assertEqual(self.meeting.user_id, self.colleague)
        self.assertIn(self.colleague.partner_id, self.meeting.partner_ids)
        self.assertNotIn(self.rep.partner_id, self.meeting.partner_ids)
        self.env.cr.precommit.run()
        tracked = self.customers[1].message_ids.tracking_value_ids.filtered(
            lambda value: value.field_id.name == "user_id"
        )
        self.assertEqual(tracked.new_value_char, self.colleague.name)
        self.assertEqual(tracked.mail_message_id.author_id, self.crm_admin.partner_id)

    def test_each_receiver_is_told_once(self):
        before = self.env["mail.notification"].search(
            [("res_partner_id", "=", self.colleague.partner_id.id)]
        )
        self.handover(note="Please be quick").action_start()
        told = self.env["mail.notification"].search(
            [("res_partner_id", "=", self.colleague.partner_id.id),
             ("id", "not in", before.ids)]
        )  # fmt: skip
        self.assertEqual(len(told), 1, told.mail_message_id.mapped("body"))
        self.assertIn("Please be quick", told.mail_message_id.body)
        self.assertIn("Customer 0", told.mail_message_id.body)

    def test_work_is_shared_and_goes_with_its_customer(self):
        handover = self.handover(receivers=self.colleague | self.manager)
        handover.action_start()
        owners = self.customers.mapped("user_id")
        self.assertEqual(owners, self.colleague | self.manager)
        halves = [len(own) for own in self.customers.grouped("user_id").values()]
        self.assertEqual(halves, [3, 3])
        owner = self.customers[0].user_id
        for record in (self.contact, self.deal, self.activity, self.meeting):
            self.assertEqual(record.user_id, owner)

    def test_regions_have_their_receivers(self):
        east, south = self.env["crm.customer.region"].search([], limit=2)
        state = self.env["res.country.state"]
        for region, own in ((east, self.customers[:2]), (south, self.customers[2:3])):
            own.write(
                {
                    "country_id": self.china.id,
                    "state_id": state.search(
                        [("customer_region_id", "=", region.id)], limit=1
                    ).id,
                }
            )
        self.assertEqual(self.customers[:2].customer_region_id, east)
        handover = self.handover(
            receivers=[], by_region=True,
            receiver_ids=[
                Command.create(
                    {"user_id": self.colleague.id, "region_ids": east.ids}
                ),
                Command.create({"user_id": self.manager.id}),
            ],
        )  # fmt: skip
        handover.action_start()
        self.assertEqual(self.customers[:2].user_id, self.colleague)
        self.assertEqual(self.customers[2:].user_id, self.manager)

    def test_it_comes_back_exactly(self):
        team = self.make_team("Odd Team", self.manager, self.env["res.users"])
        self.customers[1].team_id = team
        self.deal.team_id = team
        handover = self.handover()
        handover.action_start()
        self.customers[2].user_id = self.manager
        handover.action_rollback()
        self.assertEqual(handover.state, "rolled_back")
        back = self.customers - self.customers[2]
        for record in (*back, self.contact, self.deal, self.activity, self.meeting):
            self.assertEqual(record.user_id, self.rep)
        self.assertEqual(self.customers[1].team_id, team)
        self.assertEqual(self.deal.team_id, team)
        self.assertEqual(self.customers[2].user_id, self.manager)
        self.assertEqual(handover.left_alone, 1)
        kept = handover.move_ids.filtered(lambda move: move.state == "kept")
        self.assertEqual(kept.res_id, self.customers[2].id)
        self.assertIn(self.rep.partner_id, self.meeting.partner_ids)
        with self.assertRaises(UserError):
            handover.action_rollback()

    def test_what_refuses_is_left_with_its_reason_and_tried_again(self):
        refused = self.customers[3]
        write = type(refused).write

        def refuse(records, vals):
            if refused in records and "user_id" in vals:
                raise UserError("Not this one.")
            return write(records, vals)

        handover = self.handover()
        with patch.object(type(refused), "write", refuse):
            handover.action_start()
        self.assertEqual(handover.state, "done")
        stuck = handover.move_ids.filtered(lambda move: move.state == "left")
        self.assertEqual(stuck.mapped("res_id"), refused.ids)
        self.assertEqual(stuck.reason, "Not this one.")
        self.assertEqual((self.customers - refused).user_id, self.colleague)
        handover.action_retry()
        self.assertEqual(refused.user_id, self.colleague)
        self.assertFalse(handover.stuck_count)

    def test_a_line_goes_elsewhere_or_stays(self):
        handover = self.handover()
        for line in handover.line_ids:
            if line.key == "customers":
                line.way = "leave"
            elif line.key == "deals":
                line.write({"way": "person", "user_id": self.manager.id})
        handover.action_start()
        self.assertEqual(self.customers.user_id, self.rep)
        self.assertEqual(self.deal.user_id, self.manager)

    def test_the_only_leader_names_another_one(self):
        handover = self.handover(person=self.manager, receivers=self.colleague)
        line = handover.line_ids.filtered(lambda line: line.key == "teams")
        self.assertEqual(line.count, 1)
        line.way = "leave"
        with self.assertRaisesRegex(UserError, "leads"):
            handover.action_start()
        line.write({"way": "person", "user_id": self.colleague.id})
        handover.action_start()
        self.assertEqual(self.team.user_id, self.colleague)

    def test_it_is_said_what_is_missing(self):
        for values, words in (
            ({"receivers": []}, "takes over"),
            ({"receivers": self.rep}, "himself"),
            ({"person": self.marketing}, "nothing"),
        ):
            with self.assertRaisesRegex(UserError, words):
                self.handover(**values).action_start()

    def test_one_started_stays_as_it_is(self):
        handover = self.handover()
        handover.action_start()
        for change in (
            lambda: handover.write({"note": "x"}),
            lambda: handover.unlink(),
            lambda: handover.line_ids[0].write({"way": "leave"}),
            lambda: handover.receiver_ids.write({"weight": 2}),
            lambda: handover.receiver_ids.unlink(),
            lambda: handover.action_start(),
        ):
            with self.assertRaises(UserError):
                change()


@tagged("post_install", "-at_install")
class TestHandoverAccess(AccessTable, HandoverCommon):
    """# G1 A4: who hands over whose work to whom; every check is the server's."""

    def test_who_starts_one(self):
        cases = (
            (self.crm_admin, self.rep, self.other_rep, True),
            (self.manager, self.rep, self.colleague, True),
            (self.manager, self.rep, self.manager, True),
            (self.manager, self.rep, self.other_rep, False),
            (self.other_manager, self.rep, self.other_rep, False),
            (self.rep, self.rep, self.colleague, False),
            (self.agent, self.rep, self.colleague, False),
            (self.marketing, self.rep, self.colleague, False),
        )
        for by, person, receiver, allowed in cases:
            with self.subTest(by=by.name, to=receiver.name):

                def start(_record, by=by, person=person, receiver=receiver):
                    handover = self.handover(by, receiver, person)
                    if not handover.line_ids:
                        raise AccessError("nothing to be seen")
                    handover.action_start()

                self.assertEqual(self.may(by, self.customers, start), allowed)

    def test_a_manager_hands_over_no_more_than_by_hand(self):
        """Also where the journal was written by somebody else's mistake."""
        hidden = self.make_customer("Hidden", self.other_rep)
        handover = self.handover(self.manager)
        line = handover.line_ids.filtered(lambda line: line.key == "customers")
        self.env["crm.handover.move"].sudo().create(
            {
                "handover_id": handover.id, "line_id": line.id, "sequence": 10,
                "res_model": "res.partner", "res_id": hidden.id,
                "before_id": self.rep.id,
            }
        )  # fmt: skip
        hidden.user_id = self.rep
        self.rep.crm_team_member_ids.unlink()
        with self.assertRaises(AccessError):
            handover.action_start()
        self.assertEqual(hidden.user_id, self.rep)

    def test_journals_are_read_by_who_handed_over_and_changed_by_nobody(self):
        handover = self.handover(self.manager)
        handover.action_start()
        move, line = handover.move_ids[0], handover.line_ids[0]
        for user, reads in (
            (self.manager, True), (self.crm_admin, True), (self.other_manager, False),
            (self.rep, False), (self.colleague, False), (self.agent, False),
            (self.plain, False),
        ):  # fmt: skip
            for record in (handover, move, line, handover.receiver_ids):
                with self.subTest(user=user.name, model=record._name):
                    seen = self.may(user, record.with_user(user), lambda r: r.read())
                    self.assertEqual(seen, reads)
        for user in (self.manager, self.crm_admin):
            with self.assertRaises(AccessError):
                move.with_user(user).write({"after_id": user.id})
            with self.assertRaises(AccessError):
                handover.with_user(user).copy({"state": "done"})

    def test_names_are_shown_to_readers_of_the_record_alone(self):
        handover = self.handover(self.crm_admin, self.other_rep)
        handover.action_start()
        handover.sudo().user_id = self.manager
        move = handover.move_ids.with_user(self.manager).filtered(
            lambda move: (
                move.res_id == self.customers[0].id and move.res_model == "res.partner"
            )
        )
        self.assertFalse(move.record_name)
        self.assertTrue(move.with_user(self.crm_admin).record_name)

    def test_system_fields_are_not_typed(self):
        handover = self.handover(self.manager)
        for values in (
            {"state": "done"}, {"user_id": self.crm_admin.id}, {"is_part": True},
            {"changed": 5},
        ):  # fmt: skip
            with self.assertRaises(AccessError):
                handover.write(values)


@tagged("post_install", "-at_install")
class TestHandoverBatches(HandoverCommon):
    """# C14 B4 B8: much is done in batches that cost the same, and goes on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.partner"].create(
            [
                {"name": f"More {number}", "is_company": True,
                 "lifecycle_state": "potential", "user_id": cls.rep.id}
                for number in range(300)
            ]
        )  # fmt: skip

    def started(self, receivers=None):
        handover = self.handover(receivers=receivers)
        self.assertIsNone(handover.action_start())
        self.assertEqual(handover.state, "running")
        return handover.sudo()

    def waiting(self, handover):
        return handover.move_ids.filtered(lambda move: move.state == "waiting")

    def queries(self, moves):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        moves._work()
        self.env.flush_all()
        self.env.cr.precommit.run()
        return self.env.cr.sql_log_count - before

    def test_a_batch_costs_the_same_whatever_its_size(self):
        waiting = self.waiting(self.started(self.colleague | self.manager))
        customers = waiting.filtered(lambda move: move.line_id.key == "customers")
        self.queries(customers[:20])
        few = self.queries(customers[20:40])
        many = self.queries(customers[40:140])
        self.assertLessEqual(many, few + 15, f"{few} for 20, {many} for 100")

    def test_what_was_interrupted_goes_on_and_is_moved_once(self):
        handover = self.started()
        self.waiting(handover)[:120]._work()  # then the server went away
        progress = handover.get_progress()
        self.assertEqual((progress["done"], progress["state"]), (120, "running"))
        self.env["crm.handover"]._cron_work()
        self.assertEqual(handover.state, "done")
        self.assertEqual(handover.changed, len(handover.move_ids))
        self.assertFalse(
            self.env["res.partner"].search_count([("user_id", "=", self.rep.id)])
        )
        handover.with_user(self.crm_admin).action_rollback()
        self.assertEqual(handover.state, "undoing")
        self.env["crm.handover"]._cron_work()
        self.assertEqual(handover.state, "rolled_back")
        self.assertEqual(handover.restored, len(handover.move_ids))

    def test_of_two_of_one_person_the_second_is_told(self):
        second = self.handover(receivers=self.manager)
        self.started()
        with self.assertRaisesRegex(Exception, "already|_running_uniq"):
            second.action_start()
