from . import (
    test_company_day,
    test_conditions_logic,
    test_isolation_logic,
    test_jobs,
    test_merge_rooms,
    test_rule_battery,
)
