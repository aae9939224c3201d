from . import crm_pool_engine
from . import crm_pool_rule
