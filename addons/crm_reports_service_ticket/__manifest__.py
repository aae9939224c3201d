{
    "name": "Dashboards of Service",
    "summary": "Tickets, response, resolution and satisfaction among the dashboards",
    "version": "19.0.1.3.0",
    "category": "Sales/CRM",
    "author": "CRM Suite founders",
    "license": "LGPL-3",
    "depends": ["crm_reports", "crm_service_ticket"],
    "data": [
        "security/crm_report_snapshot_rules.xml",
        "views/crm_service_ticket_views.xml",
    ],
    "auto_install": True,
    "post_init_hook": "post_init_hook",
}
