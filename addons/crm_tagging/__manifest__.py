{
    "name": "Tagging",
    "summary": "Groups of tags, segments, and tag rules that can be rehearsed and undone",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "CRM Suite founders",
    "license": "LGPL-3",
    "depends": ["contacts", "crm"],
    "data": [
        "security/crm_tagging_groups.xml",
        "security/ir.model.access.csv",
        "views/crm_tag_group_views.xml",
        "views/crm_tagging_menus.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "crm_tagging/static/src/components/**/*",
        ],
    },
}
