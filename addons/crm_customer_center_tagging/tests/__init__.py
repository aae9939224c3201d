from . import test_customer_tagging
from . import test_tag_timeline
from . import test_setup
