from . import crm_followup_dialog
