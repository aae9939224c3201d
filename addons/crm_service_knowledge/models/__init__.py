from . import crm_service_article
from . import crm_service_article_found
from . import crm_service_article_made
from . import crm_service_article_move
from . import crm_service_article_public
from . import crm_service_article_read
from . import crm_service_article_reading
from . import crm_service_ticket
