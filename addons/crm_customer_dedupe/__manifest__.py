{
    "name": "Customers: Duplicates",
    "summary": "Customers that may be one: found, reviewed, merged; whose is it?",
    "version": "19.0.1.2.2",
    "category": "Sales/CRM",
    "author": "CRM Suite founders",
    "license": "LGPL-3",
    "depends": ["crm_customer_center"],
    "data": [
        "security/crm_customer_pair_rules.xml",
        "security/crm_customer_merge_rules.xml",
        "security/crm_conflict_rules.xml",
        "security/ir.model.access.csv",
        "data/ir_cron_data.xml",
        "views/crm_customer_pair_views.xml",
        "views/crm_customer_merge_views.xml",
        "views/crm_conflict_views.xml",
        "views/res_config_settings_views.xml",
        "views/res_partner_views.xml",
        "views/crm_customer_dedupe_menus.xml",
    ],
    "demo": ["demo/res_partner_demo.xml", "demo/crm_conflict_demo.xml"],
    "assets": {
        "web.assets_backend": [
            "crm_customer_dedupe/static/src/**/*",
        ],
        "web.assets_tests": [
            "crm_customer_dedupe/static/tests/tours/**/*",
        ],
    },
    "post_init_hook": "post_init_hook",
}
