from . import (
    base_partner_merge,
    crm_job,
    crm_job_pass,
    crm_job_problem,
    mail_mail,
    res_company,
    res_partner,
    resource_calendar,
)
