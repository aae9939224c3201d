"""# U4: whatever a screen shows can be touched, by whoever is shown it."""

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
