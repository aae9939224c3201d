from typing import NamedTuple

from odoo import models

from odoo.addons.crm_suite_base.tools.changes import follows
from odoo.addons.crm_suite_base.tools.token import Token

from .crm_service_intake_rule import FORM, MAIL, new_letter


class Arrival(NamedTuple):
    """How a ticket comes in: the way, and of a mail who wrote it and to whom."""

    way: str
    senders: tuple[str, ...] = ()
    receivers: str = ""


# between a mail or form and its ticket
ARRIVAL = Token("service_arrival")
BY_FORM = Arrival(FORM)


def by_mail(msg_dict, values) -> Arrival:
    """Return how a mail comes in.

    :param values: of the new ticket, see ``crm.service.mail._values_for``
    """
    senders = (msg_dict.get("email_from") or "", values.get("mail_reply_to") or "")
    return Arrival(MAIL, senders, msg_dict.get("recipients") or "")


class CrmServiceTicket(models.Model):
    """Rules for what comes in by mail and form, see ``crm.service.intake.rule``."""

    _inherit = "crm.service.ticket"

    @follows(37, new=True)
    def _rules_set_it_up(self, _change):
        """Before somebody is given it: whose it is may depend on the rules."""
        arrival = ARRIVAL.value(self.env)
        if not arrival:
            return
        # sudo: the rules are the desk's, whoever wrote
        tickets = ARRIVAL.off(self.sudo())
        rules = tickets.env["crm.service.intake.rule"]
        for ticket in tickets:
            letter = new_letter(ticket, arrival.senders, arrival.receivers)
            rules._set_up(ticket, arrival.way, letter)
