from . import (
    test_company_day,
    test_isolation_logic,
    test_jobs,
    test_merge_rooms,
)
