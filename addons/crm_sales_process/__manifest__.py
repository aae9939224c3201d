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
        "security/ir.model.access.csv",
        "views/crm_sales_process_menus.xml",
    ],
    "demo": [],
    "assets": {
        "web.assets_backend": [
            "crm_sales_process/static/src/**/*",
        ],
        "web.assets_tests": [
            "crm_sales_process/static/tests/tours/**/*",
        ],
    },
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
