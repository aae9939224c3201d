from . import crm_lead_lost
from . import crm_lead_won
from . import crm_stage_merge
from . import crm_lead_approval_wizard
from . import crm_lead_convert
