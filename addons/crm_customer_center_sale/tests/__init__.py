from . import test_customer_orders
