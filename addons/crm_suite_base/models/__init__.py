from . import crm_money_mixin
from . import res_company
from . import res_partner
from . import resource_calendar
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
