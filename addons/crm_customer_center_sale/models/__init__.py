from . import res_partner
from . import res_partner_headline
from . import res_partner_timeline
