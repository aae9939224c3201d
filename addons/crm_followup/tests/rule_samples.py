"""A sample of each kind of rule of this module, for the tests that hold for every
rule (``crm_suite_base/tests/test_rule_battery.py``): its values, and what uses it."""


def followup(env):
    return {"name": "Sample", "days": 14}


def plan(env, rule):
    rules = rule.search([("state", "=", "ok")])
    rules._withdraw_outdated()
    for one in rules:
        one._run_safely()


SAMPLES = {"crm.followup.rule": followup}
USES = {"crm.followup.rule": plan}
