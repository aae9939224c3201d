"""A sample of each kind of rule of this module, for the tests that hold for every
rule (``crm_suite_base/tests/test_rule_battery.py``): its values, and what uses it."""


def escalation(env):
    return {"name": "Sample", "minutes": 60, "event": "unanswered"}


def escalate(env, rule):
    env["crm.service.escalation.rule"]._run_due()


SAMPLES = {"crm.service.escalation.rule": escalation}
USES = {"crm.service.escalation.rule": escalate}
