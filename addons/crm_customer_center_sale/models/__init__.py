from . import account_move
from . import crm_customer_event
from . import res_partner
from . import res_partner_headline
from . import res_partner_timeline
from . import sale_order
