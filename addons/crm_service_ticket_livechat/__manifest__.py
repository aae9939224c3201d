{
    "name": "Service Tickets from Live Chat",
    "summary": "A chatbot step that opens a ticket with the conversation",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "CRM Suite founders",
    "license": "LGPL-3",
    "depends": ["crm_service_ticket", "im_livechat"],
    "data": [
        "views/chatbot_script_step_views.xml",
    ],
    "auto_install": True,
}
