{
    "name": "Customers About to Be Lost in My Day",
    "summary": "My Day shows which customers go to the pool next, and what keeps them",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "CRM Suite founders",
    "license": "LGPL-3",
    "depends": ["crm_followup", "crm_customer_pool"],
    "auto_install": True,
}
