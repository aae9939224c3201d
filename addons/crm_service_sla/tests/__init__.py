from . import (
    test_calendar,
    test_clock_logic,
    test_clocks_logic,
    test_engine_logic,
    test_ledger_logic,
    test_policy_logic,
    test_sla_cron,
    test_sla_ledger,
    test_sla_policy,
    test_sla_replay,
    test_sla_ticket,
)
