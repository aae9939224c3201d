from . import crm_conversion_report
from . import crm_stage_report
