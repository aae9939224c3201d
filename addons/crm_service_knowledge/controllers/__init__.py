from . import help
from . import portal
from . import ticket_form
