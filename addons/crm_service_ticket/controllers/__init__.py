from . import portal
from . import satisfaction
from . import ticket_form
