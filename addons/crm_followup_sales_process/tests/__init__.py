from . import test_my_day_milestones
from . import test_my_day_approvals
