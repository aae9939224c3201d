"""Types are records: what was a choice is the shipped type of this key."""

from odoo.tools import SQL
from odoo.tools.sql import column_exists

# table, column of the choice, column of the record
MOVED = (
    ("crm_service_skill", "ticket_type", "type_id"),
    ("mail_canned_response", "ticket_type", "ticket_type_id"),
)


def migrate(cr, version):
    fill(cr, "crm_service_ticket", "ticket_type", "type_id")
    for table, choice, record in MOVED:
        if column_exists(cr, table, choice):
            fill(cr, table, choice, record)
            drop = SQL(
                "ALTER TABLE %s DROP COLUMN %s",
                SQL.identifier(table),
                SQL.identifier(choice),
            )
            cr.execute(drop)


def fill(cr, table, choice, record):
    """Those that have a record already keep it: run twice it changes nothing."""
    cr.execute(
        SQL(
            "UPDATE %(table)s holder SET %(record)s = type.id"
            " FROM crm_service_ticket_type type"
            " WHERE type.key = holder.%(choice)s AND holder.%(record)s IS NULL",
            table=SQL.identifier(table),
            record=SQL.identifier(record),
            choice=SQL.identifier(choice),
        )
    )
