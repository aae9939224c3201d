from odoo import SUPERUSER_ID, api

from odoo.addons.crm_customer_center.hooks import begin_histories, know_business

BY_DAYS = ("rule_dormant", "rule_lost")


def migrate(cr, version):
    """Each customer's history begins with what it is; people have said so, and business
    of the past changes nothing of it. Rules by days are started by somebody who has
    seen whom they would move."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    begin_histories(env)
    know_business(env)
    for name in BY_DAYS:
        rule = env.ref(f"crm_customer_center.{name}", raise_if_not_found=False)
        if rule:
            rule.state = "draft"
