{
    "name": "Customer Centre: Orders",
    "summary": "The customer's orders on its page and beside its tickets",
    "version": "19.0.1.1.0",
    "category": "Sales/CRM",
    "author": "CRM Suite founders",
    "license": "LGPL-3",
    "depends": ["crm_customer_center", "sale"],
    "data": [
        "security/ir.model.access.csv",
        "security/crm_customer_order_rules.xml",
        "report/crm_customer_order_views.xml",
    ],
    "assets": {
        "web.assets_tests": [
            "crm_customer_center_sale/static/tests/tours/**/*",
        ],
    },
    "auto_install": True,
    "post_init_hook": "post_init_hook",
}
