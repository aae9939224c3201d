"""What every test about all kinds of rules needs: the kinds, found by introspection,
and a valid rule of each, which the rule's own module describes in
``tests/rule_samples.py``."""

from functools import wraps
from importlib import import_module

from odoo.tests import TransactionCase, new_test_user

GONE = "x_gone_field"


def each_kind(test):
    """Run a test for every kind of rule there is, each by itself."""

    @wraps(test)
    def run(self):
        self.assertTrue(self.kinds)
        for kind in self.kinds:
            with self.subTest(kind):
                test(self, kind)
            self.env[kind].search([]).active = False

    # the runner would ask for the argument
    del run.__wrapped__
    return run


class RuleBattery(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context={**cls.env.context, "tracking_disable": True, "lang": "en_US"}
        )
        cls.mixin = cls.env["crm.rule.mixin"]
        cls.kinds = cls.mixin._rule_models()
        for kind in cls.kinds:
            # the rules of this database are not what is tested
            cls.env[kind].search([]).active = False

    @classmethod
    def samples(cls, kind):
        module = cls.env[kind]._original_module
        return import_module(f"odoo.addons.{module}.tests.rule_samples")

    @classmethod
    def sample_vals(cls, kind):
        return cls.samples(kind).SAMPLES[kind](cls.env)

    def use(self, rule):
        """Do what the rule is asked for, as in a day's work."""
        self.samples(rule._name).USES[rule._name](self.env, rule)

    @classmethod
    def rule(cls, kind, **vals):
        """A rule of a kind, in use."""
        rule = cls.env[kind].create({**cls.sample_vals(kind), **vals})
        if rule.state != "ok":
            rule.action_start()
        cls.env.flush_all()
        return rule

    @classmethod
    def condition(cls, kind):
        """A condition every kind of rule accepts: nobody meets it by chance."""
        return "[('id', '>', 2000000000), ('create_date', '<', 'today -1d')]"

    def break_below(self, rule):
        """Let the rule's condition name a field that is gone, as after an uninstall:
        nothing of ours is asked on the way."""
        self.env.flush_all()
        self.env.cr.execute(
            f"UPDATE {rule._table} SET domain = %s WHERE id = %s",
            [f"[('{GONE}', '=', 1)]", rule.id],
        )
        self.env.invalidate_all()
        self.env.registry.clear_cache()

    def warnings_of(self, rule):
        return self.env["mail.activity"].search(
            [("res_model", "=", rule._name), ("res_id", "=", rule.id)]
        )

    def person(self, login, groups="base.group_user"):
        return new_test_user(self.env, login, groups)
