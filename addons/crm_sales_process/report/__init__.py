from . import crm_conversion_report
from . import crm_stage_report
from . import crm_lead_assignment_share
