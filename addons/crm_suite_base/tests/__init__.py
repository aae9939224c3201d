from . import (
    test_company_day,
    test_isolation_logic,
    test_jobs,
    test_merge_rooms,
)
from . import test_company_day
from . import test_conditions_logic
from . import test_rule_battery
