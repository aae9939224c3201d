from . import test_recount
from . import test_funnel
from . import test_currencies
from . import test_snapshot
from . import test_source_costs
from . import test_report_view
from . import test_forecast_undated
