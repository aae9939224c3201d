"""What is about deals stands in ``crm_reports_sales_process``, what is about follow-ups
in ``crm_reports_followup``. Both are installed with this upgrade, as until now they
were part of this module; what is theirs in the database is handed over, so that nothing
is deleted and made anew. Rows of snapshots, targets, reports and mails stay as they
are: they name figures and dashboards by keys, which have not changed."""

HANDED_OVER = {
    "crm_reports_sales_process": (
        "action_lead_records",
        "field_crm_lead__converted_revenue",
        "field_crm_lead__converted_prorated",
        "constraint_crm_lead_report_created_idx",
        "constraint_crm_lead_report_closed_idx",
        "constraint_crm_lead_stage_move_report_came_idx",
        "constraint_crm_lead_stage_move_report_fold_idx",
    ),
    "crm_reports_followup": ("constraint_crm_followup_task_report_due_idx",),
}


def migrate(cr, version):
    for module, names in HANDED_OVER.items():
        cr.execute(
            "UPDATE ir_module_module SET state = 'to install'"
            " WHERE name = %s AND state = 'uninstalled'",
            (module,),
        )
        cr.execute(
            "UPDATE ir_model_data SET module = %s"
            " WHERE module = 'crm_reports' AND name = ANY(%s)",
            (module, list(names)),
        )
        cr.execute(
            """
            UPDATE ir_model_constraint held SET module = heir.id
              FROM ir_module_module heir, ir_module_module former
             WHERE heir.name = %s AND former.name = 'crm_reports'
               AND held.module = former.id
               AND 'constraint_' || held.name = ANY(%s)
            """,
            (module, list(names)),
        )
