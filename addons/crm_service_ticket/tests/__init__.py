from . import test_portal_leak
from . import test_satisfaction_logic
from . import test_ticket_form_logic
from . import test_satisfaction
from . import test_satisfaction_page
from . import test_ticket_form
from . import test_portal
from . import test_front_fuzz
