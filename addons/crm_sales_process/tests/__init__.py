from . import test_accuracy_logic
from . import test_funnel_logic
from . import test_stage_history
from . import test_stays_logic
