from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Whose condition it is: who wrote the rule last, of a segment its owner."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    cr.execute(
        "UPDATE crm_segment SET author_id = user_id, responsible_id = user_id"
        " WHERE author_id IS NULL"
    )
    env["crm.segment"]._adopt()
    env["crm.tag.rule"]._adopt()
