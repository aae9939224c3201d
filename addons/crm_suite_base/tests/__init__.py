from . import test_company_day
