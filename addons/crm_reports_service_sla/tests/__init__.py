from . import test_catalogue_page
from . import test_sla_figures
from . import test_recount
