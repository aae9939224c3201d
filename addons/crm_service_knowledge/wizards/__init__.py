from . import crm_service_answer_wizard
from . import crm_service_article_return
