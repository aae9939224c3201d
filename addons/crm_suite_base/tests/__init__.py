from . import test_company_day
from . import test_links_logic
