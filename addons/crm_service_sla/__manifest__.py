{
    "name": "Customer Service SLA",
    "summary": "Promises on tickets, a clock nobody can argue with, and a ledger that "
    "accounts for every second",
    "version": "19.0.1.4.0",
    "category": "Services/Helpdesk",
    "author": "CRM Suite founders",
    "license": "LGPL-3",
    "depends": ["crm_service_ticket", "resource"],
    "external_dependencies": {"python": ["chinesecalendar", "openpyxl"]},
    "data": [
        "security/crm_service_sla_rules.xml",
        "security/ir.model.access.csv",
        "data/mail_activity_type_data.xml",
        "data/ir_cron_data.xml",
        "data/crm_service_sla_policy_data.xml",
        "views/crm_service_sla_templates.xml",
        "views/crm_service_sla_policy_views.xml",
        "views/crm_service_sla_entry_views.xml",
        "views/crm_service_sla_result_views.xml",
        "views/crm_service_sla_event_views.xml",
        "views/crm_service_sla_replay_views.xml",
        "views/crm_service_holiday_views.xml",
        "views/resource_calendar_views.xml",
        "views/crm_service_ticket_views.xml",
        "views/crm_service_sla_menus.xml",
    ],
    "demo": [
        "demo/resource_calendar_demo.xml",
        "demo/crm_service_sla_policy_demo.xml",
        "demo/crm_service_ticket_demo.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "crm_service_sla/static/src/**/*",
        ],
        "web.assets_tests": [
            "crm_service_sla/static/tests/tours/**/*",
        ],
    },
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
