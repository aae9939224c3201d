from odoo.addons.crm_customer_center.tools import checks, text

from ..tools import cleaning


def cleaners(country: str) -> cleaning.Cleaners:
    """The checks of the Customer Centre, as cleaning asks for them."""
    return cleaning.Cleaners(
        text=text.clean_text,
        phone=lambda raw: checks.check_phone(raw, country),
        email=checks.check_email,
        credit_code=checks.check_credit_code,
        id_number=checks.check_id_number,
        split_phones=checks.split_phones,
    )
