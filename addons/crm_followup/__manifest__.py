{
    "name": "Customer Follow-up",
    "summary": "Contacts with customers written in seconds, planned by rules, "
    "and noticed when they do not happen",
    "version": "19.0.1.4.0",
    "category": "Sales/CRM",
    "author": "CRM Suite founders",
    "license": "LGPL-3",
    "depends": ["crm_customer_center", "calendar"],
    "data": [
        "security/crm_followup_security.xml",
        "security/ir.model.access.csv",
        "data/ir_sequence_data.xml",
        "data/mail_activity_type_data.xml",
        "data/crm_followup_rule_data.xml",
        "data/ir_cron_data.xml",
        "wizards/crm_followup_dialog_views.xml",
        "wizards/crm_followup_comment_wizard_views.xml",
        "report/crm_followup_report_views.xml",
        "views/crm_followup_views.xml",
        "views/crm_followup_task_views.xml",
        "views/crm_followup_rule_views.xml",
        "views/mail_activity_type_views.xml",
        "views/res_partner_views.xml",
        "views/crm_lead_views.xml",
        "views/res_config_settings_views.xml",
        "views/crm_followup_menus.xml",
    ],
    "demo": [
        "demo/crm_followup_demo.xml",
        "demo/crm_followup_rule_demo.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "crm_followup/static/src/**/*",
        ],
        "web.assets_tests": [
            "crm_followup/static/tests/tours/**/*",
        ],
        "web.assets_unit_tests": [
            "crm_followup/static/tests/**/*.test.js",
        ],
    },
}
