from . import (
    test_changes_logic,
    test_company_day,
    test_conditions_logic,
    test_delivery_logic,
    test_isolation_logic,
    test_jobs,
    test_journal_logic,
    test_limits_logic,
    test_links_logic,
    test_merge_rooms,
    test_rule_battery,
    test_shapes_logic,
)
