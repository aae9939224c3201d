from . import test_ticket_protects
