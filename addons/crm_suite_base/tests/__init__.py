from . import test_company_day
from . import test_conditions_logic
from . import test_isolation_logic
from . import test_jobs
from . import test_merge_rooms
from . import test_rule_battery
