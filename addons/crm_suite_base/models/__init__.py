from . import (
    crm_job,
    crm_job_pass,
    crm_job_problem,
    mail_mail,
    res_company,
)
