"""``SetupCommon`` for tests of the steps of Set Up that a module adds."""

from .common import CustomerCommon


class SetupCommon(CustomerCommon):
    """``house``: an administrator who may write everything."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.house = cls.make_user(
            "house", "crm_customer_center.group_crm_admin,base.group_system"
        )

    def setup_of(self, user=None):
        return self.env["crm.setup"].with_user(user or self.house)

    def states(self, user=None):
        """The state of every step the user can take, by key."""
        steps = self.setup_of(user).get_setup()["steps"]
        return {step["key"]: step["state"] for step in steps}

    def assert_state(self, key, state):
        self.env.flush_all()
        self.assertEqual(self.states()[key], state)

    def assert_settled_by(self, key, function):
        """The step is open, and done after the function; its place can be opened."""
        self.assert_state(key, "open")
        function()
        self.assert_state(key, "done")
        self.assertTrue(self.setup_of().open_step(key)["type"])
