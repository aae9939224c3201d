from . import crm_my_day
from . import crm_my_day_approval
from . import mail_activity
