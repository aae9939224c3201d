{
    "name": "Customer Import",
    "summary": "Bring in a company's own customer lists: preview, clean, import, undo",
    "version": "19.0.1.2.0",
    "category": "Sales/CRM",
    "author": "CRM Suite founders",
    "license": "LGPL-3",
    "depends": ["crm_customer_center"],
    "external_dependencies": {
        "python": [
            "msoffcrypto-tool",
            "olefile",
            "opencc-python-reimplemented",
            "openpyxl",
            "phonenumbers",
            "rapidfuzz",
            "xlrd",
            "xlsxwriter",
        ],
    },
    "data": [
        "security/crm_customer_import_security.xml",
        "security/ir.model.access.csv",
        "data/ir_cron_data.xml",
        "report/crm_customer_import_sample_report.xml",
        "views/crm_customer_import_line_views.xml",
        "views/crm_customer_import_memory_views.xml",
        "views/crm_customer_import_views.xml",
        "views/crm_customer_import_menus.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "crm_customer_import/static/src/**/*",
        ],
        "web.assets_tests": [
            "crm_customer_import/static/tests/tours/**/*",
        ],
        "web.assets_unit_tests": [
            "crm_customer_import/static/tests/**/*.test.js",
        ],
    },
}
