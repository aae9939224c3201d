from odoo.tools import SQL

RENAMED = (
    ("crm_tag_rule", "user_id", "responsible_id"),
    ("crm_segment", "error_message", "error"),
)


def migrate(cr, version):
    """What all rules share has one name."""
    for table, old, new in RENAMED:
        cr.execute(
            SQL(
                "SELECT FROM information_schema.columns"
                " WHERE table_name = %s AND column_name = %s",
                table,
                old,
            )
        )
        if cr.rowcount:
            cr.execute(
                SQL(
                    "ALTER TABLE %s RENAME COLUMN %s TO %s",
                    *map(SQL.identifier, (table, old, new)),
                )
            )
    cr.execute(
        "UPDATE ir_config_parameter SET key = 'crm_suite_base.rule_cost_limit'"
        " WHERE key = 'crm_tagging.rule_cost_limit'"
    )
