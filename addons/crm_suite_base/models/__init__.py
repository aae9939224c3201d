from . import base_partner_merge
from . import crm_job
from . import crm_job_pass
from . import crm_job_problem
from . import crm_money_mixin
from . import crm_rule_mixin
from . import crm_rule_mixin_ask
from . import crm_rule_mixin_check
from . import crm_rule_mixin_view
from . import crm_rule_rehearsal
from . import ir_model_fields
from . import ir_module_module
from . import mail_mail
from . import res_company
from . import res_partner
from . import resource_calendar
from . import (
    base_link_gate,
    base_partner_merge,
    base_system_fields,
    crm_job,
    crm_job_pass,
    crm_job_problem,
    crm_money_mixin,
    crm_rule_mixin,
    crm_rule_mixin_ask,
    crm_rule_mixin_check,
    crm_rule_mixin_view,
    crm_rule_rehearsal,
    ir_model_fields,
    ir_module_module,
    ir_http,
    mail_link_gate,
    mail_mail,
    mail_thread,
    res_company,
    res_partner,
    resource_calendar,
)
