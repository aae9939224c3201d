from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .res_partner_search import customers_meant


class ResPartner(models.Model):
    """A list in which words are sought: they are looked up once, for the page and for
    the number of all that are found."""

    _inherit = "res.partner"

    @api.model
    @api.readonly
    def web_search_read(
        self,
        domain,
        specification,
        offset=0,
        limit=None,
        order=None,
        count_limit=None,
    ):
        """Odoo looks the words up a second time to count what they find."""
        domain, sought, broad = _with_words(self, domain)
        if not limit or not sought or broad:
            return super().web_search_read(
                domain, specification, offset, limit, order, count_limit
            )
        found, length = _page_and_length(self, domain, offset, limit, order)
        return {
            "length": min(length, count_limit or length),
            "records": found.web_read(specification),
        }


def _with_words(partners, domain) -> tuple[Domain, bool, bool]:
    """Return a domain in which words are understood already, whether there are
    any, and whether very many customers have some of them."""
    broad = []

    def meant(condition: Domain) -> Domain:
        if (
            condition.field_expr != "customer_search"
            or condition.operator != "ilike"
            or not isinstance(condition.value, str)
        ):
            return condition
        words, many = customers_meant(partners, condition.value)
        broad.append(many)
        return words

    return Domain(domain).map_conditions(meant), bool(broad), any(broad)


def _page_and_length(partners, domain, offset, limit, order):
    """Return the partners of a page, and how many there are on all pages."""
    query = partners._search(domain, offset, limit, order or partners._order)
    if query.is_empty():
        return partners.browse(), 0
    id_ = SQL.identifier(query.table, "id")
    rows = partners.env.execute_query(query.select(id_, SQL("count(*) OVER ()")))
    return partners.browse([row[0] for row in rows]), rows[0][1] if rows else 0
