from markupsafe import Markup

from odoo import models
from odoo.tools import is_html_empty

from odoo.addons.crm_suite_base.models.mail_mail import PROMISED
from odoo.addons.crm_suite_base.tools.changes import precedes

from ..exceptions import SolutionMissing
from ..tools.solution import as_html, said
from .crm_service_ticket_mail import SPOKEN

# answers that are looked through for words; files alone say nothing
LOOKED_AT = 20


class CrmServiceTicket(models.Model):
    """Resolving says how it was solved, and the customer is told, and how to object."""

    _inherit = "crm.service.ticket"

    @precedes(20, "stage_id")
    def _solution_is_known(self, vals):
        """Holds for people; what the system does itself is not held up.

        :raises SolutionMissing: the web client then asks
        """
        stage = self.env["crm.service.stage"].browse(vals["stage_id"])
        if self.env.su or stage.state != "resolved":
            return
        if not is_html_empty(vals.get("resolution")):
            return
        nameless = self.filtered(
            lambda ticket: ticket.state != "resolved" and needs_solution(ticket)
        )
        if nameless:
            names = self.env._(", ").join(nameless[:5].mapped("display_name"))
            raise SolutionMissing(
                self.env._("Say how this was solved: %(tickets)s.", tickets=names),
                nameless.ids,
            )


def needs_solution(ticket) -> bool:
    """Return whether a ticket is not resolved before it is known how."""
    # sudo: one setting of the ticket's team
    is_asked = ticket.sudo().team_id.is_solution_required
    return bool(is_asked) and is_html_empty(ticket.resolution)


def proposed_solution(ticket):
    """Return how a ticket was solved, as far as it is known: what was noted, else the
    words of our last answer.

    :return: HTML, '' where nothing was said
    """
    if not is_html_empty(ticket.resolution):
        return ticket.resolution
    messages = ticket.env["mail.message"].search(
        [
            ("model", "=", ticket._name),
            ("res_id", "=", ticket.id),
            ("message_type", "in", SPOKEN),
            ("author_id", "!=", False),
        ],
        order="id desc",
        limit=LOOKED_AT,
    )
    answers = (
        said(message.body) for message in messages if is_our_answer(ticket, message)
    )
    # the lines are escaped there
    return Markup(as_html(next(filter(None, answers), [])))


def is_our_answer(ticket, message) -> bool:
    """Return whether a message is a word of one of us to the customer."""
    # sudo: who wrote what the user reads
    author = message.sudo().author_id
    return ticket._is_spoken(message) and ticket._is_ours(author)


def tell_solved(tickets):
    """Tell the customers that have an address how it was solved."""
    template = tickets.env.ref(
        "crm_service_ticket.mail_template_solved", raise_if_not_found=False
    )
    reachable = tickets.filtered("partner_email")
    if template and reachable:
        PROMISED.on(reachable, "crm_service_ticket.solved").message_post_with_source(
            template,
            subtype_xmlid="mail.mt_note",
            message_type="auto_comment",
            email_layout_xmlid="mail.mail_notification_light",
        )
