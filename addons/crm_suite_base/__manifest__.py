{
    "name": "CRM Suite: Foundations",
    "summary": "What every module of the suite stands on: guards, rules, the company's day",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tools",
    "author": "CRM Suite founders",
    "license": "LGPL-3",
    "depends": ["mail", "resource"],
    "data": [
        "security/crm_job_rules.xml",
        "security/ir.model.access.csv",
        "data/crm_job_cron.xml",
        "views/crm_job_problem_views.xml",
    ],
}
