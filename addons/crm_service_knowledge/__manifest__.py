{
    "name": "Customer Service, Help Articles",
    "summary": "Solutions become articles: written, reviewed, read by customers",
    "version": "19.0.1.0.0",
    "category": "Services/Helpdesk",
    "author": "CRM Suite founders",
    "license": "LGPL-3",
    "depends": ["crm_service_ticket", "portal"],
    "data": [
        "security/ir.model.access.csv",
        "security/crm_service_article_rules.xml",
        "data/mail_activity_type_data.xml",
        "wizards/crm_service_article_return_views.xml",
        "views/crm_service_article_views.xml",
        "views/crm_service_ticket_views.xml",
        "views/help_templates.xml",
        "views/form_templates.xml",
    ],
    "demo": [
        "demo/crm_service_article_demo.xml",
    ],
    "assets": {
        "web.assets_frontend": [
            "crm_service_knowledge/static/src/frontend/**/*",
        ],
        "web.assets_tests": [
            "crm_service_knowledge/static/tests/tours/**/*",
        ],
    },
    "auto_install": True,
}
