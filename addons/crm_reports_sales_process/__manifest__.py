{
    "name": "Dashboards of Sales",
    "summary": "Leads, deals, forecast and funnel among the dashboards",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "CRM Suite founders",
    "license": "LGPL-3",
    "depends": ["crm_reports", "crm_sales_process"],
    "data": ["views/crm_lead_views.xml"],
    "assets": {
        "web.assets_tests": ["crm_reports_sales_process/static/tests/tours/**/*"],
    },
    "auto_install": True,
    "post_init_hook": "post_init_hook",
}
