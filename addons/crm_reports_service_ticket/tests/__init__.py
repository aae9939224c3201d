from . import test_service_dashboard
from . import test_recount
