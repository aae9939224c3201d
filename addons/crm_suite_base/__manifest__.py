{
    "name": "CRM Suite: Foundations",
    "summary": "What every module of the suite stands on: guards, rules, the company's day",
    "version": "19.0.1.2.2",
    "category": "Hidden/Tools",
    "author": "CRM Suite founders",
    "license": "LGPL-3",
    "depends": ["mail", "resource"],
    "data": [
        "security/crm_job_rules.xml",
        "security/crm_suite_base_rules.xml",
        "security/ir.model.access.csv",
        "data/crm_job_cron.xml",
        "data/ir_cron_data.xml",
        "views/crm_job_problem_views.xml",
        "views/crm_rule_rehearsal_views.xml",
    ],
    "assets": {
        "web.assets_backend": ["crm_suite_base/static/src/**/*"],
        "web.assets_unit_tests": ["crm_suite_base/static/tests/**/*.test.js"],
    },
}
