from . import ir_asset
from . import ir_http
from . import res_users
