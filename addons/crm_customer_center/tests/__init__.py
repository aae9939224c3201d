from . import test_checks_logic
from . import test_duplicate_keys_logic
from . import test_text_logic
from . import test_access_roles
from . import test_access_doors
from . import test_customer_master
