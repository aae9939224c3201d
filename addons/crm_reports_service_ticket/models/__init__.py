from . import crm_measure
from . import crm_dashboard
