{
    "name": "Customer Service, Live",
    "summary": "Lists and boards that move by themselves, who is at a ticket, notices",
    "version": "19.0.1.1.0",
    "category": "Services/Helpdesk",
    "author": "CRM Suite founders",
    "license": "LGPL-3",
    "depends": ["crm_service_ticket", "mail"],
    "data": [
        "views/crm_service_ticket_views.xml",
        "views/res_users_views.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "crm_service_ticket_live/static/src/**/*",
        ],
    },
    "auto_install": True,
}
