"""Two who enter the same company on one day are warned: customers are compared every
half hour, no longer by night. Whoever has set an interval of their own keeps it."""

from odoo import SUPERUSER_ID, api


def migrate(cr, _version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    cron = env.ref("crm_customer_dedupe.ir_cron_pairs", raise_if_not_found=False)
    if cron and (cron.interval_number, cron.interval_type) == (1, "days"):
        cron.write({"interval_number": 30, "interval_type": "minutes"})
