from . import crm_service_owner_request
