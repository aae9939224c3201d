"""Odoo's paid offers within CRM are off, their job too: it sent the addresses of
prospects to a service outside. Whether leads stand apart stays as the company chose."""

from odoo import SUPERUSER_ID, api

from odoo.addons.crm_sales_process.hooks import switch_paid_offers


def migrate(cr, _version):
    switch_paid_offers(api.Environment(cr, SUPERUSER_ID, {}), on=False)
