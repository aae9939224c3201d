{
    "name": "Customer Centre: Tagging",
    "summary": "Grouped tags, segments and tag rules in the Customer Centre",
    "version": "19.0.1.0.1",
    "category": "Sales/CRM",
    "author": "CRM Suite founders",
    "license": "LGPL-3",
    "depends": ["crm_customer_center", "crm_tagging"],
    "data": [
        "security/crm_customer_center_tagging_groups.xml",
        "views/res_partner_views.xml",
        "views/crm_customer_center_tagging_menus.xml",
    ],
    "demo": [
        "demo/crm_customer_center_tagging_demo.xml",
    ],
    "auto_install": True,
}
