from odoo import http
from odoo.http import request

from odoo.addons.crm_service_ticket.controllers.ticket_form import TicketForm

from .counting import reader, readings
from .help import question_of


class TicketFormWithHelp(TicketForm):
    """Articles are offered while the subject is typed; a question that no article
    answered comes along."""

    @http.route()
    def show(self, question=None, **kw):
        response = super().show(**kw)
        response.qcontext["values"]["name"] = question_of(question)
        return response

    def _page(self, *args, **kwargs):
        response = super()._page(*args, **kwargs)
        # sudo: the condition is the right
        articles = request.env["crm.service.article"].sudo()
        domain = articles._public_domain(request.env.company)
        response.qcontext["has_help"] = bool(articles.search_count(domain, limit=1))
        return response

    def _create_ticket(self, values, files, form_key):
        ticket = super()._create_ticket(values, files, form_key)
        readings()._asked_all_the_same(reader())
        return ticket
