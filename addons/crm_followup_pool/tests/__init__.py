from . import test_my_day_pool
