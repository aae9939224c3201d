# the first is what two of the others inherit
from . import crm_deal_report
from . import crm_conversion_report
from . import crm_stage_report
from . import crm_lead_assignment_share
