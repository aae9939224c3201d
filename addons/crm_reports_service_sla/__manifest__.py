{
    "name": "Dashboards of SLA",
    "summary": "Kept promises, breaches and working time used among the dashboards",
    "version": "19.0.1.3.0",
    "category": "Sales/CRM",
    "author": "CRM Suite founders",
    "license": "LGPL-3",
    "depends": ["crm_reports", "crm_service_sla"],
    "data": ["security/crm_report_snapshot_rules.xml"],
    "assets": {
        "web.assets_tests": ["crm_reports_service_sla/static/tests/tours/**/*"],
    },
    "auto_install": True,
    "post_init_hook": "post_init_hook",
}
