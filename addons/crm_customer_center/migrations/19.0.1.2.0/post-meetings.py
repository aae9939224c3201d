from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Old descriptions of meetings tell no more than new ones."""
    api.Environment(cr, SUPERUSER_ID, {})["calendar.event"]._forget_contact_details()
