from . import test_sla_figures
from . import test_recount
