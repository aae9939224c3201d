from . import test_portal_leak
from . import test_satisfaction_logic
from . import test_ticket_form_logic
