from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.search_query import Node
from .res_partner_search import Words, customers_by, customers_meant


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
        asked = Domain(domain)
        sought: list[Words] = []
        meant = asked.map_conditions(lambda one: _understood(self, one, sought))
        broad = any(words.broad for words in sought)
        if not limit or not sought or (broad and not _is_beside(asked, sought)):
            return super().web_search_read(
                meant, specification, offset, limit, order, count_limit
            )
        query = self._search(meant, offset, limit, order or self._order)
        if query.is_empty():
            return {"length": 0, "records": []}
        if broad:
            found = self.browse(query.get_result_ids())
            length = offset + len(found)
            if len(found) == limit or (offset and not found):
                rest = asked.map_conditions(_without_words)
                length = _count_broad(self, rest, sought[0].node, count_limit)
        else:
            found, length = _page_and_length(self, query)
        return {
            "length": min(length, count_limit or length),
            "records": found.web_read(specification),
        }


def _is_words(condition: Domain) -> bool:
    return (
        condition.field_expr == "customer_search"
        and condition.operator == "ilike"
        and isinstance(condition.value, str)
    )


def _understood(partners, condition: Domain, sought: list[Words]) -> Domain:
    """Return the condition with words understood; what they mean goes to ``sought``."""
    if not _is_words(condition):
        return condition
    words = customers_meant(partners, condition.value)
    sought.append(words)
    return words.domain


def _without_words(condition: Domain) -> Domain:
    return Domain.TRUE if _is_words(condition) else condition


def _is_beside(domain: Domain, sought: list[Words]) -> bool:
    """Whether there is one text, which is a condition beside all others: nothing is
    found without it."""
    nothing = domain.map_conditions(lambda one: Domain.FALSE if _is_words(one) else one)
    return len(sought) == 1 and nothing == Domain.FALSE


def _page_and_length(partners, query):
    """Return the partners of a page, and how many there are on all pages."""
    id_ = SQL.identifier(query.table, "id")
    rows = partners.env.execute_query(query.select(id_, SQL("count(*) OVER ()")))
    return partners.browse([row[0] for row in rows]), rows[0][1] if rows else 0


def _count_broad(partners, rest: Domain, node: Node, most: int | None) -> int:
    """Return how many customers very common words find, counted to ``most``.

    By their own names there are nearly always more than are counted; if there are not,
    those are counted too who are found by their contacts.
    """
    if most:
        seen = partners._search(rest)
        seen.add_where(SQL("%s = met.partner_id", SQL.identifier(seen.table, "id")))
        ((count,),) = partners.env.execute_query(
            SQL(
                "SELECT count(*) FROM (SELECT FROM (%s) AS met"
                " CROSS JOIN LATERAL (%s) AS seen LIMIT %s) AS counted",
                partners.env["crm.partner.key"]._each_match(node),
                seen.select(SQL("1")),
                most,
            )
        )
        if count >= most:
            return most
    return partners.search_count(rest & customers_by(partners, node), limit=most)
