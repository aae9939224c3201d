from odoo import api, fields, models

# articles beside a ticket
BESIDE = 3


@api.depends("name")
@api.depends_context("uid", "allowed_company_ids")
def _similar_articles(tickets):
    articles = tickets.env["crm.service.article"]
    for ticket in tickets:
        domain = [
            ("state", "=", "published"),
            ("company_id", "=", ticket.company_id.id),
        ]
        ticket.similar_article_ids = articles._alike(ticket.name or "", domain, BESIDE)


@api.depends_context("uid", "allowed_company_ids")
def _article_count(tickets):
    counts = dict(
        tickets.env["crm.service.article"]._read_group(
            [("ticket_ids", "in", tickets._origin.ids)], ["ticket_ids"], ["__count"]
        )
    )
    for ticket in tickets:
        ticket.article_count = counts.get(ticket._origin, 0)


class CrmServiceTicket(models.Model):
    """The articles beside a ticket: those that may answer it, and those made of it."""

    _inherit = "crm.service.ticket"

    similar_article_ids = fields.Many2many(
        "crm.service.article",
        string="Help Articles",
        compute=_similar_articles,
        groups="crm_customer_center.group_service_agent",
        help="Published articles about the same thing.",
    )
    article_count = fields.Integer(
        "Articles",
        compute=_article_count,
        groups="crm_customer_center.group_service_agent",
    )
