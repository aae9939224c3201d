"""# U4: whatever a screen shows can be touched, by whoever is shown it."""

from unittest.mock import patch

from hands import Hands
from planted import PlantedCase, silence

from odoo.addons.crm_suite_base.models.base_system_fields import _is_ours

ROLES = ("rep", "manager", "agent", "service_manager", "marketing", "crm_admin")


class TestTouched(PlantedCase):
    def touch(self, role):
        hands = Hands(self, self.roles[role], self.is_ours)
        with silence():
            return hands.touch_all(), hands.touched

    def is_ours(self, action):
        return _is_ours((action.xml_id or "").split(".")[0])

    def test_nothing_breaks_that_is_touched(self):
        wrong = []
        for role in ROLES:
            faults, touched = self.touch(role)
            wrong += [f"{role}: {fault}" for fault in faults]
            for kind, count in touched.items():
                self.assertGreater(count, 5, f"{role} touched too few: {kind}")
        self.assertFalse(wrong, f"{len(wrong)} faults\n" + "\n".join(wrong))

    def test_hands_feel_what_breaks(self):
        """Or the other test would find nothing because it touches nothing."""
        hands = Hands(self, self.rep, self.is_ours)
        partners = type(self.env["res.partner"])
        action = self.env.ref("crm_customer_center.action_customer")

        def broken(records, *_args):
            raise ValueError("zq")

        for method in ("_compute_may_be_changed", "action_set_level_by_hand"):
            hands.faults.clear()
            with silence(), patch.object(partners, method, broken):
                hands.touch_action(action)
            self.assertTrue([one for one in hands.faults if "zq" in one], method)
