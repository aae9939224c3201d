from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_suite_base.calls import shaped

#: Counted as far as this; what is more shows as “99+”.
MOST_COUNTED = 100
#: Views that are counted at once.
MOST_VIEWS = 60


class CrmServiceDesk(models.AbstractModel):
    """The views on the left of the desk and how many tickets stand in each."""

    _name = "crm.service.desk"
    _description = "Views of the Service Desk"

    @api.model
    @api.readonly
    @shaped
    def count_views(self, domains: dict[str, list]) -> dict[str, int]:
        """Return how many tickets some conditions find, of those the reader may see,
        and no further than ``MOST_COUNTED``.

        One statement for all of them, each part of which ends when it has found so
        many.

        :param domains: conditions by a key of the caller's
        :return: the numbers by key; one whose condition cannot be asked is left out
        """
        queries = {
            key: query
            for key, domain in [*domains.items()][:MOST_VIEWS]
            if (query := self._query_of(domain)) is not None
        }
        if not queries:
            return {}
        parts = [
            SQL("SELECT %s, (SELECT COUNT(*) FROM (%s) AS found)", key, query.select())
            for key, query in queries.items()
        ]
        return dict(self.env.execute_query(SQL(" UNION ALL ").join(parts)))

    @api.model
    def _query_of(self, domain: list):
        """Return what finds the tickets of a view; ``None`` where a saved one asks for
        what is gone, or hidden from the reader."""
        tickets = self.env["crm.service.ticket"]
        try:
            return tickets._search(Domain(domain), limit=MOST_COUNTED)
        except (UserError, ValueError, TypeError, KeyError):
            return None
