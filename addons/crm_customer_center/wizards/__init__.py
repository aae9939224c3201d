from . import crm_customer_by_hand
