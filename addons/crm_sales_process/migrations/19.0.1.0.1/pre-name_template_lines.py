"""The lines of the template that comes with the module are translated now, for which
they need external ids."""

LINES = {
    "survey": "Survey on site",
    "proposal": "Proposal handed over",
    "review": "Review of the proposal",
    "decision": "Decision",
}


def migrate(cr, version):
    """Give the lines that still have their name their external ids; one that was
    renamed is the company's own."""
    for key, name in LINES.items():
        cr.execute(
            """
            INSERT INTO ir_model_data (module, name, model, res_id, noupdate)
            SELECT 'crm_sales_process', %s, 'crm.lead.milestone.template.line',
                   min(line.id), true
              FROM crm_lead_milestone_template_line line
              JOIN ir_model_data template
                ON template.res_id = line.template_id
               AND template.model = 'crm.lead.milestone.template'
               AND template.module = 'crm_sales_process'
               AND template.name = 'milestone_template_project'
             WHERE line.name->>'en_US' = %s
            HAVING min(line.id) IS NOT NULL
                ON CONFLICT DO NOTHING
            """,
            (f"milestone_template_project_{key}", name),
        )
