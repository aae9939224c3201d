{
    "name": "Milestones and Approvals in My Day",
    "summary": "What waits for approval and the coming milestones in My Day",
    "version": "19.0.1.1.0",
    "category": "Sales/CRM",
    "author": "CRM Suite founders",
    "license": "LGPL-3",
    "depends": ["crm_followup", "crm_sales_process"],
    "auto_install": True,
}
