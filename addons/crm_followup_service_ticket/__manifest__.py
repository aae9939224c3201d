{
    "name": "Follow-ups beside Tickets",
    "summary": "The customer's follow-ups beside the ticket, and a way to ask its owner",
    "version": "19.0.1.1.0",
    "category": "Sales/CRM",
    "author": "CRM Suite founders",
    "license": "LGPL-3",
    "depends": ["crm_followup", "crm_service_ticket"],
    "data": [
        "security/ir.model.access.csv",
        "data/mail_activity_type_data.xml",
        "wizards/crm_service_owner_request_views.xml",
        "views/crm_service_ticket_views.xml",
    ],
    "demo": [
        "demo/crm_followup_service_ticket_demo.xml",
    ],
    "assets": {
        "web.assets_tests": [
            "crm_followup_service_ticket/static/tests/tours/**/*",
        ],
    },
    "auto_install": True,
}
