from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Whose condition it is: who wrote the rule last."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["crm.service.escalation.rule"]._adopt(by_active=True)
    env["crm.service.intake.rule"]._adopt()
