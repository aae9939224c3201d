from . import test_my_day_milestones
from . import test_my_day_approval_tour
from . import test_my_day_approvals
