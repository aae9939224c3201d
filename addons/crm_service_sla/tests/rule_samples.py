"""A sample of each kind of rule of this module, for the tests that hold for every
rule (``crm_suite_base/tests/test_rule_battery.py``): its values, and what uses it."""


def policy(env):
    return {"name": "Sample"}


def make_ticket(env, rule):
    ticket = env["crm.service.ticket"].create({"name": "Ticket"})
    assert ticket.sla_policy_id != rule


SAMPLES = {"crm.service.sla.policy": policy}
USES = {"crm.service.sla.policy": make_ticket}
