from . import crm_tag_group
from . import crm_tag
from . import res_partner_category
