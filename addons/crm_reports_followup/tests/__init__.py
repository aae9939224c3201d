from . import test_recount
from . import test_figures
