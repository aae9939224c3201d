from . import test_conflict_pool
