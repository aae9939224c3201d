import secrets

from odoo import fields
from odoo.http import request

VISITOR = "crm_service_help_visitor"
# within an hour from one address, which may be a whole company's: what is more is
# served, and counts for nothing
READINGS, VOTES, VOTES_OF_ARTICLE = 300, 30, 5


def reader():
    """Who reads: a login, else the browser's session."""
    user = request.env.user
    if not user._is_public():
        return f"user-{user.id}"
    if VISITOR not in request.session:
        request.session[VISITOR] = secrets.token_urlsafe(16)
    return request.session[VISITOR]


def is_counted():
    """Neither programs nor we ourselves are readers."""
    is_ours = request.env.user._is_internal()
    return not (is_ours or request.env["ir.http"].is_a_bot())


def is_too_often(*limits):
    """Count one attempt of this address.

    :param limits: pairs (what is counted, most of it within an hour)
    """
    address = request.httprequest.remote_addr
    # sudo: counters are nobody's to read
    counters = request.env["crm.service.form.counter"].sudo()
    senders = [(kind, address, limit) for kind, limit in limits]
    return counters._is_too_often(senders, fields.Datetime.now())


def note_reading(article):
    """Count that an article is read."""
    if is_counted() and not is_too_often(("help_read", READINGS)):
        readings()._note(article, reader())


def note_vote(article, vote, is_avoided=False):
    """Count what a reader says of an article, once."""
    limits = [("help_vote", VOTES), (f"help_vote_{article.id}", VOTES_OF_ARTICLE)]
    if is_counted() and not is_too_often(*limits):
        readings()._note(article, reader(), vote, is_avoided)


def readings():
    # sudo: the page counts, nobody writes
    return request.env["crm.service.article.reading"].sudo()
