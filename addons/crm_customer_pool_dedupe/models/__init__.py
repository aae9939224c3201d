from . import crm_conflict_answer
from . import crm_conflict_query
