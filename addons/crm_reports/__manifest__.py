{
    "name": "CRM Dashboards and Reports",
    "summary": "Dashboards people open every morning, with figures that agree on "
    "screen, in lists, pivots, Excel, PDF and mail",
    "version": "19.0.1.4.0",
    "category": "Sales/CRM",
    "author": "CRM Suite founders",
    "license": "LGPL-3",
    "depends": ["crm_customer_center"],
    "external_dependencies": {"python": ["xlsxwriter"]},
    "data": [
        "security/crm_reports_groups.xml",
        "security/crm_reports_rules.xml",
        "security/ir.model.access.csv",
        "data/ir_cron_data.xml",
        "report/crm_dashboard_report.xml",
        "wizards/crm_report_backfill_views.xml",
        "views/crm_sales_target_views.xml",
        "views/crm_source_cost_views.xml",
        "views/crm_report_snapshot_views.xml",
        "views/crm_report_view_views.xml",
        "views/crm_report_subscription_views.xml",
        "views/res_config_settings_views.xml",
        "views/crm_reports_menus.xml",
    ],
    "demo": [
        "demo/crm_sales_target_demo.xml",
        "demo/crm_source_cost_demo.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "crm_reports/static/src/**/*",
        ],
        "web.assets_tests": [
            "crm_reports/static/tests/tours/**/*",
        ],
        "web.assets_unit_tests": [
            "crm_reports/static/tests/**/*.test.js",
        ],
    },
    "post_init_hook": "post_init_hook",
}
