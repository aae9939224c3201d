from odoo import fields, http
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools.misc import get_lang

from ..tools.satisfaction import parse_score
from ..tools.ticket_form import clean_text
from .reader import read_in_zone_of

# the token stands in the address: no index, no cache, no referrer may keep it
HEADERS = {
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}


class Satisfaction(http.Controller):
    """The page behind the five answers of the mail.

    Opening it, by a person, a phone's preview or a scanner of mails, changes nothing:
    the answer that was tapped is chosen beforehand and has to be sent.
    """

    @http.route(
        "/service/rate/<string:token>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        multilang=False,
        methods=["GET"],
    )
    def show(self, token, score=None, done=None, **kw):
        survey = request.env["crm.service.survey"]._find_by_token(token)
        return self._page(survey, chosen=parse_score(score), is_done=bool(done))

    # csrf: who knows the token may answer, from wherever; and the browsers inside
    # mail and chat programs often keep no cookies
    @http.route(
        "/service/rate/<string:token>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        multilang=False,
        csrf=False,
        methods=["POST"],
    )
    def answer(self, token, score=None, comment=None, **kw):
        survey = request.env["crm.service.survey"]._find_by_token(token)
        chosen = parse_score(score)
        text = clean_text(comment, one_line=False)[:5000]
        if not survey:
            return self._page(survey)
        try:
            with request.env.cr.savepoint():
                survey._answer(chosen, text, fields.Datetime.now())
        except UserError as error:
            return self._page(survey, chosen=chosen, comment=text, problem=str(error))
        return request.redirect(f"/service/rate/{token}?done=1")

    def _page(self, survey, chosen=0, comment=None, problem="", is_done=False):
        lang = survey.partner_id.lang
        request.update_context(lang=lang or get_lang(request.env).code)
        # sudo: the question of the token in the address
        survey = survey.with_env(request.env(su=True))
        read_in_zone_of(
            survey.partner_id, survey.ticket_id.company_id or request.env.company
        )
        is_open = bool(survey) and survey._is_open(fields.Datetime.now())
        values = {
            "survey": survey,
            "ticket": survey.ticket_id,
            "is_open": is_open,
            "chosen": chosen or survey.score,
            "comment": survey.comment if comment is None else comment,
            "problem": problem,
            "is_done": is_done and survey.state == "answered",
            "answers": survey._answers(),
        }
        response = request.render("crm_service_ticket.satisfaction_page", values)
        response.status_code = 200 if survey else 404
        response.headers.update(HEADERS)
        return response
