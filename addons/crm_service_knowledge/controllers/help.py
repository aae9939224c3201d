from urllib.parse import urlencode

from odoo import http
from odoo.http import request

from odoo.addons.crm_service_ticket.controllers.reader import read_in_zone_of
from odoo.addons.crm_service_ticket.tools.ticket_form import MAX_LENGTHS, clean_text
from odoo.addons.portal.controllers.portal import pager

from . import counting

PAGE_SIZE = 20
# of what is shown below a title in the list
BEGINNING = 160
SUGGESTIONS = 3
# within an hour from one address; a question that is being typed is asked several times
ASKED = 600
SEARCHED = 600
NOT_KEPT = [("Cache-Control", "no-store"), ("X-Robots-Tag", "noindex")]


def question_of(typed):
    """A question as it may be carried along: one line, no longer than a subject."""
    return clean_text(typed)[: MAX_LENGTHS["name"]]


class HelpPages(http.Controller):
    """What everybody may read, with or without a login. The model says what that is;
    opening a page changes and counts nothing. A search is counted: it costs more."""

    # ------------------------------------------------------------
    # READ
    # ------------------------------------------------------------

    def _only_reads(self, rule, args):
        return not request.httprequest.args.get("search")

    @http.route(
        ["/help", "/help/page/<int:page>"],
        type="http",
        auth="public",
        website=True,
        sitemap=True,
        readonly=_only_reads,
        methods=["GET"],
    )
    def articles(self, page=1, search=None, **kw):
        search = question_of(search)
        articles = request.env["crm.service.article"]
        paging = None
        too_often = search and counting.is_too_often(("help_search", SEARCHED))
        if too_often:
            found = articles
        elif search:
            found = articles._public_found(search, request.env.company, PAGE_SIZE)
        else:
            # sudo: the condition is the right
            every = articles.sudo()
            domain = every._public_domain(request.env.company)
            total = every.search_count(domain)
            paging = pager(url="/help", total=total, page=page, step=PAGE_SIZE)
            found = every.search(domain, limit=PAGE_SIZE, offset=paging["offset"])
        values = {
            "page_name": "help",
            "articles": found,
            "beginnings": {a.id: a._shown_text()[:BEGINNING] for a in found},
            "search": search,
            "carried": urlencode({"question": search}) if search else "",
            "pager": paging,
            "is_known": self._is_known(),
            "ask_url": self._ask_url(search),
            "is_too_often": too_often,
        }
        page = "crm_service_knowledge.help_articles"
        return request.render(page, values, status=429 if too_often else 200)

    @http.route(
        "/help/<string:slug>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET"],
    )
    def article(self, slug, question=None, said=None, **kw):
        article = self._article(request.env["ir.http"]._unslug(slug)[1] or 0)
        if request.env["ir.http"]._slug(article) != slug:
            return request.redirect(article._help_path(), code=301)
        read_in_zone_of(request.env.user.partner_id, article.company_id)
        question = question_of(question)
        values = {
            "page_name": "help",
            "article": article,
            "question": question,
            "said": said if said in ("yes", "no") else None,
            "is_known": self._is_known(),
            "is_counted": counting.is_counted(),
            "ask_url": self._ask_url(question or article.name),
        }
        return request.render("crm_service_knowledge.help_article", values)

    # ------------------------------------------------------------
    # COUNT
    # ------------------------------------------------------------

    @http.route(
        "/help/<int:number>/read",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        multilang=False,
        methods=["POST"],
    )
    def count_reading(self, number, **kw):
        """A page that stayed open for some seconds was read."""
        counting.note_reading(self._article(number))
        return request.make_response("", NOT_KEPT, status=204)

    @http.route(
        "/help/<int:number>/vote",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        multilang=False,
        methods=["POST"],
    )
    def vote(self, number, vote=None, question=None, **kw):
        article = self._article(number)
        if vote not in ("yes", "no"):
            return request.redirect(article._help_path())
        counting.note_vote(article, vote)
        carried = {"said": vote, "question": question_of(question)}
        query = urlencode({key: value for key, value in carried.items() if value})
        return request.redirect(f"{article._help_path()}?{query}#help_vote")

    # ------------------------------------------------------------
    # BESIDE THE FORM
    # ------------------------------------------------------------

    @http.route(
        "/help/suggest",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        multilang=False,
        methods=["POST"],
    )
    def suggest(self, question=None, **kw):
        """What may answer the question that is being typed, as a piece of the form."""
        question = question_of(question)
        articles = request.env["crm.service.article"]
        if question and not counting.is_too_often(("help_suggest", ASKED)):
            company = request.env.company
            articles = articles._public_found(question, company, SUGGESTIONS)
        return self._piece("form_suggestions", articles=articles)

    @http.route(
        "/help/<int:number>/solved",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        multilang=False,
        methods=["POST"],
    )
    def solved(self, number, **kw):
        """Whoever was about to send a ticket need not."""
        counting.note_vote(self._article(number), "yes", is_avoided=True)
        return self._piece("form_solved")

    # ------------------------------------------------------------
    # HELPERS
    # ------------------------------------------------------------

    def _article(self, number):
        article = request.env["crm.service.article"]._public_article(
            number, request.env.company
        )
        if not article:
            raise request.not_found()
        return article

    def _piece(self, template, **values):
        response = request.render(f"crm_service_knowledge.{template}", values)
        response.headers.extend(NOT_KEPT)
        return response

    def _is_known(self):
        return not request.env.user._is_public()

    def _ask_url(self, question):
        """The form with the question in it; '' where none is offered."""
        # sudo: one setting of the company the page belongs to
        company = request.env.company.sudo()
        if not (self._is_known() or company.service_form_active):
            return ""
        path = "/my/tickets/new" if self._is_known() else "/service/ticket/new"
        return f"{path}?{urlencode({'question': question})}" if question else path
