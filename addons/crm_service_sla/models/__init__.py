from . import crm_service_aside_wizard
from . import crm_service_attention
from . import (
    resource_calendar_makeup_day,
    resource_calendar,
    resource_calendar_lines,
    crm_service_sla_policy,
    crm_service_sla_policy_limits,
    crm_service_sla_policy_words,
    crm_service_sla_step,
    crm_service_sla_clock,
    crm_service_sla_entry,
    crm_service_sla_result,
    crm_service_sla_event,
    crm_service_sla_notice,
    crm_service_ticket,
    crm_service_ticket_clock,
    crm_service_ticket_cron,
    crm_service_ticket_escalation,
    crm_service_ticket_past,
    crm_service_ticket_report,
    crm_service_ticket_then,
    crm_service_ticket_words,
    crm_service_holiday_preview,
    crm_service_holiday_place,
    crm_service_holiday_year,
    crm_service_holiday_move,
    crm_service_holiday_add,
    crm_service_holiday_remove,
    crm_service_sla_replay,
    crm_service_sla_replay_line,
    crm_service_team,
    res_company,
    res_partner,
    res_users,
)
from . import mail_canned_response
from . import crm_service_ticket_type
from . import crm_handover
from . import crm_setup
from . import crm_condition
