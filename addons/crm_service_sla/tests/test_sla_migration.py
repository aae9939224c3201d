from pathlib import Path

from odoo.tests import tagged

from odoo.addons.crm_service_ticket.tests.test_migration import MigrationCase

from .common import SlaCommon


@tagged("post_install", "-at_install")
class TestSlaMigration(SlaCommon, MigrationCase):
    """What former versions stored is read by this one."""

    migrations = Path(__file__).parents[1] / "migrations"

    def test_choices_become_types(self):
        """# V4 V15: of policies and of what was noted; the second time nothing
        happens."""
        cr = self.env.cr
        policy = self.make_policy("Old", sequence=1)
        choice = self.env.ref(
            "crm_service_ticket.selection__crm_service_ticket__ticket_type__complaint"
        )
        ticket = self.make_ticket()
        ticket.action_resolve()
        result = self.env["crm.service.sla.result"].search(
            [("ticket_id", "=", ticket.id)], limit=1
        )
        self.assertTrue(result)
        self.env.flush_all()
        cr.execute(
            "CREATE TABLE crm_service_sla_policy_type_rel"
            " (crm_service_sla_policy_id int, ir_model_fields_selection_id int)"
        )
        cr.execute(
            "INSERT INTO crm_service_sla_policy_type_rel VALUES (%s, %s)",
            [policy.id, choice.id],
        )
        for table in ("crm_service_sla_result", "crm_service_sla_replay_line"):
            cr.execute(f"ALTER TABLE {table} ADD COLUMN ticket_type varchar")
        cr.execute(
            "UPDATE crm_service_sla_result SET ticket_type = 'fault', type_id = NULL"
            " WHERE id = %s",
            [result.id],
        )
        for _time in range(2):
            self.migrate("19.0.1.3.0/post-types")
            self.assertEqual(policy.type_ids, self.type("complaint"))
            self.assertEqual(result.type_id, self.type("fault"))

    def test_a_type_of_a_policy_holds_for_its_branch(self):
        """# V4 V15: also one that is added or moved there later; it is not deleted
        below the policy."""
        policy = self.make_policy(
            "Faults", sequence=1, type_ids=[(6, 0, self.type("fault").ids)]
        )
        screen = self.make_type("Screen", self.type("fault"))
        ticket = self.make_ticket(type_id=screen.id)
        self.assertEqual(ticket.sla_policy_id, policy)
        policy.type_ids = screen
        other = self.make_ticket(ticket_type="fault")
        self.assertNotEqual(other.sla_policy_id, policy)
        self.assertIn("Fault / Screen", policy.with_context(lang="en_US").summary)
        cable = self.make_type("Cable", self.type("fault"))
        moved = self.make_ticket(type_id=cable.id)
        self.assertNotEqual(moved.sla_policy_id, policy)
        cable.parent_id = screen
        self.assertEqual(moved.sla_policy_id, policy)
