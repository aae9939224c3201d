"""The functions of the hub that the engine gets from its caller."""

from odoo.addons.crm_customer_center.tools import checks, duplicate_keys, text

from ..tools.cleaning import Cleaners
from ..tools.planning import KeyMakers

CLEANERS = Cleaners(
    text=text.clean_text,
    phone=checks.check_phone,
    email=checks.check_email,
    credit_code=checks.check_credit_code,
    id_number=checks.check_id_number,
    split_phones=checks.split_phones,
)
MAKERS = KeyMakers(
    company=duplicate_keys.company_name_key,
    phone=duplicate_keys.phone_key,
    email=duplicate_keys.email_key,
)
