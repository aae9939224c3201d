"""Mails that say a ticket is done name the solution and how to object. Those that
somebody has worded anew stay as they are."""

from odoo import SUPERUSER_ID, api

TEMPLATES = ("silence", "satisfaction", "satisfaction_reminder")


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name in TEMPLATES:
        template = env.ref(
            f"crm_service_ticket.mail_template_{name}", raise_if_not_found=False
        )
        if template and template.write_uid.id == SUPERUSER_ID:
            template.reset_template()
