from . import crm_rule_mixin
from . import crm_rule_mixin_check
from . import crm_rule_mixin_ask
from . import crm_rule_mixin_view
from . import crm_rule_rehearsal
from . import ir_model_fields
from . import ir_module_module
from . import res_company
