from . import test_gathered_logic
from . import test_live_channels
from . import test_live_notices
from . import test_live_presence
from . import test_live_screens
from . import test_live_signals
