"""A sample of each kind of rule of this module, for the tests that hold for every
rule (``crm_suite_base/tests/test_rule_battery.py``): its values, and what uses it."""


def lifecycle(env):
    return {
        "name": "Sample",
        "trigger": "condition",
        "from_potential": True,
        "to_state": "lost",
    }


def level(env):
    return {
        "name": "Sample",
        "level_id": env["crm.customer.level"].search([], limit=1).id,
    }


def night(env, rule):
    env["crm.customer.run"].sudo()._run("nightly", ["lifecycle", "level"])


SAMPLES = {"crm.lifecycle.rule": lifecycle, "crm.level.rule": level}
USES = {"crm.lifecycle.rule": night, "crm.level.rule": night}
