{
    "name": "Sales Process",
    "summary": "Stages with honest probabilities, stage history, fair assignment, "
    "milestones, approval, reasons for winning and losing",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "CRM Suite founders",
    "license": "LGPL-3",
    "depends": ["crm_customer_center"],
    "data": [
        "security/crm_sales_process_rules.xml",
        "security/crm_stage_history_rules.xml",
        "security/ir.model.access.csv",
        "data/crm_stage_data.xml",
        "data/crm_reason_data.xml",
        "wizards/crm_stage_merge_views.xml",
        "wizards/crm_lead_closing_views.xml",
        "views/crm_stage_views.xml",
        "views/crm_lead_stage_move_views.xml",
        "views/crm_reason_views.xml",
        "views/crm_lead_stage_views.xml",
        "report/crm_stage_report_views.xml",
        "report/crm_conversion_report_views.xml",
        "views/crm_sales_process_menus.xml",
    ],
    "demo": [
        "demo/crm_stage_demo.xml",
        "demo/crm_closed_deals_demo.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "crm_sales_process/static/src/**/*",
        ],
        "web.assets_tests": [
            "crm_sales_process/static/tests/tours/**/*",
        ],
    },
    "pre_init_hook": "pre_init_hook",
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
