{
    "name": "Sales Process on the Website",
    "summary": "Leads of website forms reach a person at once, with their source",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "CRM Suite founders",
    "license": "LGPL-3",
    "depends": ["crm_sales_process", "website_crm"],
    "data": ["data/website_form_data.xml"],
    "assets": {
        "web.assets_tests": [
            "crm_sales_process_website/static/tests/tours/**/*",
        ],
    },
    "auto_install": True,
}
