from . import test_company_day
from . import test_conditions_logic
from . import test_rule_battery
