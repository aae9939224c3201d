from . import crm_followup_comment_wizard
from . import crm_followup_dialog
