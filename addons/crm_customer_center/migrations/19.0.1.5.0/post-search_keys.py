"""Customers have a key more: how a name begins."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Give the partners that are there their keys of the new version."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["crm.partner.key"]._build_now_or_later()
