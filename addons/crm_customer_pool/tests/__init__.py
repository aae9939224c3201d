from . import test_claims_logic
from . import test_pool
from . import test_pool_access
from . import test_pool_concurrency
from . import test_protect
from . import test_recycle
from . import test_recycle_logic
from . import test_setup
