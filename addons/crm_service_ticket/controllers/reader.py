import pytz

from odoo.http import request


def read_in_zone_of(partner, company):
    """Let the page of this request say its times as its reader's clock does.

    The zone of the login; without one what the browser said, what is known of the
    customer, and at last the company's: never one where nobody is.

    :param partner: whose ticket it is, empty for nobody's
    """
    user = request.env.user
    known = () if user._is_public() else (user.tz,)
    # sudo: the zone of whom the page is for, not shown
    said = (request.cookies.get("tz"), partner.sudo().tz, company._zone())
    zones = (zone for zone in (*known, *said) if zone in pytz.all_timezones_set)
    request.update_context(tz=next(zones, "UTC"))
