from . import test_company_day
from . import test_conditions_logic
from . import test_isolation_logic
from . import test_jobs
from . import test_merge_rooms
from . import test_rule_battery
from . import (
    test_company_day,
    test_conditions_logic,
    test_isolation_logic,
    test_jobs,
    test_links_logic,
    test_merge_rooms,
    test_rule_battery,
    test_shapes_logic,
)
