from . import crm_customer_by_hand
from . import crm_handover_dialog
