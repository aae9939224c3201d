from . import test_customer_tagging
