from . import crm_lead
from . import crm_measure
from . import crm_measure_blind
from . import crm_dashboard
from . import crm_dashboard_funnel
from . import crm_reports_indexes
