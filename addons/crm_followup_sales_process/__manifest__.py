{
    "name": "Milestones and Approvals in My Day",
    "summary": "What waits for approval and the coming milestones in My Day",
    "version": "19.0.1.3.1",
    "category": "Sales/CRM",
    "author": "CRM Suite founders",
    "license": "LGPL-3",
    "depends": ["crm_followup", "crm_sales_process"],
    "data": ["data/mail_activity_type_data.xml", "views/crm_lead_views.xml"],
    "assets": {
        "web.assets_tests": ["crm_followup_sales_process/static/tests/tours/*.js"],
    },
    "auto_install": True,
}
