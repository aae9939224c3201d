from . import base_link_gate
from . import base_system_fields
from . import res_company
