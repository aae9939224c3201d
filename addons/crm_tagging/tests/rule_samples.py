"""A sample of each kind of rule of this module, for the tests that hold for every
rule (``crm_suite_base/tests/test_rule_battery.py``): its values, and what uses it."""


def tag_rule(env):
    tag = env["res.partner.category"].create({"name": "Sample"})
    return {"name": "Sample", "add_tag_ids": [(6, 0, tag.ids)]}


def write_partner(env, rule):
    partner = env["res.partner"].create({"name": "Someone"})
    partner.write({"city": "Suzhou", "name": "Someone Else"})
    env.flush_all()
    env["crm.tag.run"]._run_now(rule.search([("state", "=", "ok")]))


def segment(env):
    return {"name": "Sample"}


def refresh(env, rule):
    rule.search([])._refresh_members()


SAMPLES = {"crm.tag.rule": tag_rule, "crm.segment": segment}
USES = {"crm.tag.rule": write_partner, "crm.segment": refresh}
