from . import crm_tag_merge
from . import crm_tag_bulk
