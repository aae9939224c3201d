"""Policies, results and replays name types, which were choices before."""

from odoo.tools import SQL
from odoo.tools.sql import column_exists, table_exists

FORMER = "crm_service_sla_policy_type_rel"


def migrate(cr, version):
    if table_exists(cr, FORMER):
        move_policies(cr)
    for table in ("crm_service_sla_result", "crm_service_sla_replay_line"):
        if column_exists(cr, table, "ticket_type"):
            move_rows(cr, table)


def move_policies(cr):
    cr.execute(
        "INSERT INTO crm_service_sla_policy_ticket_type_rel (policy_id, type_id)"
        " SELECT former.crm_service_sla_policy_id, type.id"
        " FROM crm_service_sla_policy_type_rel former"
        " JOIN ir_model_fields_selection choice"
        " ON choice.id = former.ir_model_fields_selection_id"
        " JOIN crm_service_ticket_type type ON type.key = choice.value"
        " ON CONFLICT DO NOTHING"
    )
    cr.execute(SQL("DROP TABLE %s", SQL.identifier(FORMER)))


def move_rows(cr, table):
    cr.execute(
        SQL(
            "UPDATE %s line SET type_id = type.id FROM crm_service_ticket_type type"
            " WHERE type.key = line.ticket_type AND line.type_id IS NULL",
            SQL.identifier(table),
        )
    )
    cr.execute(SQL("ALTER TABLE %s DROP COLUMN ticket_type", SQL.identifier(table)))
