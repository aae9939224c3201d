from . import crm_segment
from . import res_partner
from . import res_partner_timeline
from . import crm_handover
from . import crm_setup
