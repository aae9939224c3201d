{
    "name": "Dark Mode",
    "summary": "Light, dark or as the device: each person's own choice, for the whole "
    "of Odoo Community",
    "version": "19.0.1.0.0",
    "category": "Productivity",
    "author": "CRM Suite founders",
    "license": "LGPL-3",
    "depends": ["web"],
    "data": ["views/res_users_views.xml"],
    "assets": {
        "web.assets_backend": [
            "crm_dark_mode/static/src/color_scheme/*.js",
        ],
        "web.assets_web_dark": [
            ("prepend", "crm_dark_mode/static/src/scss/palette.dark.scss"),
            "crm_dark_mode/static/src/scss/screens.dark.scss",
        ],
        "web.assets_backend_lazy_dark": [
            ("prepend", "crm_dark_mode/static/src/scss/palette.dark.scss"),
        ],
        "web.assets_tests": [
            "crm_dark_mode/static/tests/tours/*.js",
        ],
    },
}
