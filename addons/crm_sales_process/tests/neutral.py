"""How a company makes the sales process behave as Odoo alone does.

`make test-core` calls this before it runs Odoo's own tests, which know nothing of
reasons for closing and expect learned probabilities.
"""

from ..hooks import switch_paid_offers
from ..models.crm_lead_assignment import ENABLED_PARAMETER
from ..models.crm_lead_customer import BY_KEYS

STAGES = {
    "crm.stage_lead1": "New",
    "crm.stage_lead2": "Qualified",
    "crm.stage_lead3": "Proposition",
    "crm.stage_lead4": "Won",
}


def neutralise(env):
    """Switch off what the settings can switch off."""
    env["res.company"].search([]).is_closing_reason_required = False
    env["ir.default"].set("res.company", "is_closing_reason_required", False)
    env["ir.config_parameter"].set_param(
        "crm_sales_process.probability_mode", "learned"
    )
    env["ir.config_parameter"].set_param(ENABLED_PARAMETER, False)
    env["ir.config_parameter"].set_param(BY_KEYS, "False")
    teams = env["crm.team"].with_context(active_test=False).search([])
    teams.probability_mode = "learned"
    teams.use_leads = False
    env.ref("base.group_user")._remove_group(env.ref("crm.group_use_lead"))
    switch_paid_offers(env, on=True)
    _restore_stages(env)


def _restore_stages(env):
    """Give the stages Odoo's own short names and number: its tours click on a status
    bar that shows them all."""
    for xmlid, name in STAGES.items():
        env.ref(xmlid).name = name
    negotiation = env.ref(
        "crm_sales_process.stage_negotiation", raise_if_not_found=False
    )
    if negotiation:
        negotiation.unlink()
