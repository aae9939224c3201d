from . import crm_money_mixin
from . import res_company
