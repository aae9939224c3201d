{
    "name": "Public Pool beside Duplicates",
    "summary": "Who asks whose a customer is, and finds it in a pool, claims it there",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "CRM Suite founders",
    "license": "LGPL-3",
    "depends": ["crm_customer_dedupe", "crm_customer_pool"],
    "auto_install": True,
}
