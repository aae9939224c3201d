from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Domain
from odoo.http import request
from odoo.tools import consteq

from odoo.addons.crm_suite_base.tools.likes import literal
from odoo.addons.portal.controllers.portal import CustomerPortal, pager

from ..models.crm_service_ticket_portal import LARGEST_ID
from ..tools.satisfaction import parse_score
from ..tools.ticket_form import clean_text
from .reader import read_in_zone_of

TICKET = "crm.service.ticket"
PAGE_SIZE = 20


class TicketPortal(CustomerPortal):
    """The customer's tickets. What he sees is decided by the record rules alone; the
    routes read as he, and act for him only after that."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "ticket_count" in counters:
            tickets = request.env[TICKET]
            values["ticket_count"] = (
                tickets.search_count([]) if tickets.has_access("read") else 0
            )
        return values

    # ------------------------------------------------------------
    # LIST
    # ------------------------------------------------------------

    def _ticket_sortings(self):
        """{key: label, order} of the list, the first is the default."""
        return {
            "newest": {
                "label": request.env._("Newest"),
                "order": "create_date desc, id desc",
            },
            "updated": {
                "label": request.env._("Last changed"),
                "order": "write_date desc, id desc",
            },
            "state": {"label": request.env._("Status"), "order": "state, id desc"},
            "name": {"label": request.env._("Subject"), "order": "name, id desc"},
        }

    def _ticket_filters(self):
        """{key: label, domain} of the list, the first is the default."""
        done = ("resolved", "closed")
        return {
            "all": {"label": request.env._("All"), "domain": Domain.TRUE},
            "open": {
                "label": request.env._("Open"),
                "domain": Domain("state", "not in", done),
            },
            "waiting": {
                "label": request.env._("Waiting for you"),
                "domain": Domain("state", "=", "waiting"),
            },
            "done": {
                "label": request.env._("Solved or closed"),
                "domain": Domain("state", "in", done),
            },
        }

    def _ticket_searches(self):
        """{key: label and fields to search} of the list, the first is the default."""
        return {
            "subject": {
                "input": "subject",
                "label": request.env._("Search number and subject"),
                "fields": ("number", "name"),
            },
            "all": {
                "input": "all",
                "label": request.env._("Search everything"),
                "fields": ("number", "name", "description", "partner_id.name"),
            },
        }

    @http.route(
        ["/my/tickets", "/my/tickets/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
        methods=["GET"],
    )
    def portal_my_tickets(
        self, page=1, sortby=None, filterby=None, search=None, search_in=None, **kw
    ):
        sortings, filters = self._ticket_sortings(), self._ticket_filters()
        searches = self._ticket_searches()
        sortby = sortby if sortby in sortings else next(iter(sortings))
        filterby = filterby if filterby in filters else next(iter(filters))
        search_in = search_in if search_in in searches else next(iter(searches))
        search = clean_text(search)[:200]
        domain = filters[filterby]["domain"] & self._ticket_search_domain(
            search, searches[search_in]["fields"]
        )
        url_args = {
            "sortby": sortby,
            "filterby": filterby,
            "search": search or None,
            "search_in": search_in,
        }
        values = self._ticket_list_values(
            domain, sortings[sortby]["order"], page, url_args
        )
        values.update(
            searchbar_sortings=sortings,
            searchbar_filters=filters,
            searchbar_inputs=searches,
            **{**url_args, "search": search},
        )
        return request.render("crm_service_ticket.portal_my_tickets", values)

    def _ticket_search_domain(self, text, names):
        if not text:
            return Domain.TRUE
        return Domain.OR(Domain(name, "ilike", literal(text)) for name in names)

    def _ticket_list_values(self, domain, order, page, url_args):
        tickets = request.env[TICKET]
        if not tickets.has_access("read"):
            domain = Domain.FALSE
            tickets = tickets.sudo()  # sudo: nothing is found
        paging = pager(
            url="/my/tickets",
            url_args={key: value for key, value in url_args.items() if value},
            total=tickets.search_count(domain),
            page=page,
            step=PAGE_SIZE,
        )
        found = tickets.search(
            domain, order=order, limit=PAGE_SIZE, offset=paging["offset"]
        )
        return {
            **self._prepare_portal_layout_values(),
            "tickets": found,
            "pager": paging,
            "page_name": "ticket",
            "default_url": "/my/tickets",
        }

    # ------------------------------------------------------------
    # ONE TICKET
    # ------------------------------------------------------------

    def _find_ticket(self, ticket_id, access_token=None):
        """The ticket, sudo, and the token if it opens it; None for whom it is not."""
        if not 0 < ticket_id <= LARGEST_ID:
            return None, None
        is_text = isinstance(access_token, str) and access_token.isascii()
        token = access_token if is_text else None
        try:
            ticket_sudo = self._document_check_access(TICKET, ticket_id, token)
        except (AccessError, MissingError):
            return None, None
        right = ticket_sudo.access_token
        return ticket_sudo, token if token and right and consteq(right, token) else None

    @http.route(
        "/my/tickets/<int:ticket_id>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
    )
    def portal_my_ticket(self, ticket_id, access_token=None, **kw):
        ticket, token = self._find_ticket(ticket_id, access_token)
        if not ticket:
            return request.redirect("/my/tickets")
        values = self._ticket_page_values(ticket, token, **kw)
        return request.render("crm_service_ticket.portal_my_ticket", values)

    def _ticket_page_values(self, ticket, token, done=None, not_solved=None, **kw):
        read_in_zone_of(ticket.partner_id, ticket.company_id)
        is_customer = self._is_customer(ticket, token)
        survey = is_customer and ticket._portal_survey()
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "ticket",
            "ticket": ticket,
            "is_customer": is_customer,
            "survey": survey if survey and survey._is_open_on_portal() else None,
            "done_message": self._done_messages().get(done),
            # only opens the question: mail scanners follow links
            "is_not_solved": bool(not_solved),
        }
        # the session keeps no list of tickets: a list of former rights would lend
        # tokens to tickets that are not the customer's any more
        return self._get_page_view_values(ticket, token, values, "", False)

    def _done_messages(self):
        return {
            "closed": request.env._("The ticket is closed. Thank you."),
            "reopened": request.env._(
                "The ticket is open again; we will get back to you."
            ),
            "rated": request.env._("Thank you for your answer."),
            "no": request.env._(
                "That was not possible any more; this is how the ticket stands."
            ),
            "ours": request.env._(
                "Only the customer can do that here. You read this page as one of us; "
                "please work on the ticket inside."
            ),
        }

    def _is_customer(self, ticket, token):
        """Whether the reader stands on the customer's side: by the link that was mailed
        to him, by a login of his, or as a colleague whose own ticket it is. Others of
        us may read the page; nobody of us acts in the customer's name."""
        user = request.env.user
        is_own = user.partner_id == ticket.partner_id
        return bool(token) or not user._is_internal() or is_own

    def _ticket_actor(self, ticket):
        """In whose name: the one signed in, or whom the link was mailed to."""
        user = request.env.user
        return ticket.partner_id if user._is_public() else user.partner_id

    def _act_on_ticket(self, ticket_id, access_token, act):
        """Run ``act(ticket)`` for whoever may see the ticket and come back to it.

        :param act: returns the key of the message to show; may raise UserError
        """
        ticket, token = self._find_ticket(ticket_id, access_token)
        if not ticket:
            return request.redirect("/my/tickets")
        try:
            with request.env.cr.savepoint():
                done = act(ticket) if self._is_customer(ticket, token) else "ours"
        except UserError:
            done = "no"
        url = f"/my/tickets/{ticket.id}?done={done}"
        return request.redirect(f"{url}&access_token={token}" if token else url)

    @http.route(
        "/my/tickets/<int:ticket_id>/close",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def portal_ticket_close(self, ticket_id, access_token=None, **kw):
        def close(ticket):
            ticket._portal_close(self._ticket_actor(ticket))
            return "closed"

        return self._act_on_ticket(ticket_id, access_token, close)

    @http.route(
        "/my/tickets/<int:ticket_id>/reopen",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def portal_ticket_reopen(self, ticket_id, access_token=None, reason=None, **kw):
        def reopen(ticket):
            text = clean_text(reason, one_line=False)[:5000]
            ticket._portal_reopen(self._ticket_actor(ticket), text)
            return "reopened"

        return self._act_on_ticket(ticket_id, access_token, reopen)

    @http.route(
        "/my/tickets/<int:ticket_id>/rate",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def portal_ticket_rate(
        self, ticket_id, access_token=None, score=None, comment=None, **kw
    ):
        def rate(ticket):
            survey = ticket._portal_survey()
            if not survey:
                return "no"
            text = clean_text(comment, one_line=False)[:5000]
            survey._answer_on_portal(parse_score(score), text)
            return "rated"

        return self._act_on_ticket(ticket_id, access_token, rate)
