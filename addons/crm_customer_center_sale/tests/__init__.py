from . import test_customer_orders
from . import test_order_timeline
from . import test_customer_lifecycle
from . import test_customer_order_tour
