from . import crm_tag_merge
