from . import crm_customer_order
