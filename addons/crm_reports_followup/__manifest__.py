{
    "name": "Dashboards of Follow-up",
    "summary": "Contacts, planned follow-ups and response among the dashboards",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "CRM Suite founders",
    "license": "LGPL-3",
    "depends": ["crm_reports", "crm_followup"],
    "auto_install": True,
    "post_init_hook": "post_init_hook",
}
