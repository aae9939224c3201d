from . import crm_service_handover_wizard
from . import crm_service_merge_wizard
from . import crm_service_move_wizard
from . import crm_service_lead_wizard
from . import crm_service_take_wizard
from . import crm_service_resolve_wizard
from . import crm_service_domain_wizard
