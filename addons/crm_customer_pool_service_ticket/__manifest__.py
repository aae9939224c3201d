{
    "name": "Open Tickets Keep Customers",
    "summary": "A customer with an open ticket does not go to the public pool",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "CRM Suite founders",
    "license": "LGPL-3",
    "depends": ["crm_customer_pool", "crm_service_ticket"],
    "data": ["views/crm_pool_rule_views.xml"],
    "auto_install": True,
}
