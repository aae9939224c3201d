"""A sample of each kind of rule of this module, for the tests that hold for every
rule (``crm_suite_base/tests/test_rule_battery.py``): its values, and what uses it."""


def requirement(env):
    stage = env["crm.stage"].search([("name", "=", "Sampled")], limit=1)
    stage = stage or env["crm.stage"].create({"name": "Sampled", "sequence": 50})
    return {"name": "Sample", "stage_id": stage.id}


def enter_stage(env, rule):
    lead = env["crm.lead"].create(
        {"name": "Deal", "type": "opportunity", "date_deadline": "2027-01-01"}
    )
    # the working one holds people up, as it says
    others = rule.search([("id", "!=", rule.id), ("stage_id", "=", rule.stage_id.id)])
    assert lead._checklist(rule.stage_id).get(lead.id, []) == [
        {"label": other.name, "done": False} for other in others
    ]


def assignment(env):
    user = env.ref("base.user_admin")
    return {"name": "Sample", "target": "user", "user_id": user.id}


def make_lead(env, rule):
    assert env["crm.lead"].create({"name": "Lead", "user_id": False})


SAMPLES = {
    "crm.stage.requirement": requirement,
    "crm.lead.assignment.rule": assignment,
}
USES = {
    "crm.stage.requirement": enter_stage,
    "crm.lead.assignment.rule": make_lead,
}
