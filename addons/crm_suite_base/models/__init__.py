from . import base_link_gate
from . import base_system_fields
from . import ir_http
from . import mail_link_gate
from . import mail_thread
from . import res_company
