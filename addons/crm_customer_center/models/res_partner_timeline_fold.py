from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_suite_base.calls import shaped

from .res_partner_timeline_threads import scan_threads

# contacts follow their company in the transaction that changes it, which may take
# longer than a second for thousands of them
TOGETHER = "1 minute"
# what a tracked value says
TOLD = (
    "field_id",
    *(
        f"{when}_value_{kind}"
        for when in ("old", "new")
        for kind in ("integer", "float", "char", "text", "datetime")
    ),
)
# so many of the lines behind one are shown
UNFOLDED = 100


class ResPartner(models.Model):
    """What the contacts of a customer only did along with it: a hand-over changes the
    owner of the company and of all its contacts, which is one line of the timeline and
    not two thousand.

    The line of a contact is folded into that of the company where it tells nothing
    else: the same fields, before and after, within the same minute.
    """

    _inherit = "res.partner"

    @api.readonly
    @shaped
    def get_customer_timeline_folded(self, number: int) -> list[dict]:
        """The lines of contacts behind the one of a change of the company.

        :param number: of the message that stands on the timeline
        :return: events as of ``get_customer_timeline``, at most a hundred
        :raises AccessError: when the user may not read the customer
        """
        self._check_timeline_access()
        sources = self._readable_timeline_sources()
        ranks = [at for at, source in enumerate(sources) if source.key == "changes"]
        if not ranks or number not in company_changes(self):
            return []
        rank = ranks[0]
        source = sources[rank]._replace(domain=folded_domain(self, [number]))
        found = scan_threads(self, {rank: (source, Domain.TRUE, None)}, UNFOLDED)
        return self._render_timeline(found, sources)


def company_changes(partner) -> list[int]:
    """Numbers of the messages that tell of changed fields of the customer itself;
    none on the page of a contact, where nothing is folded."""
    if partner.commercial_partner_id != partner:
        return []
    # only their numbers; whoever reads the customer reads its messages
    rows = partner.env.execute_query(
        SQL(
            """
            SELECT message.id
              FROM mail_message message
             WHERE message.model = 'res.partner' AND message.res_id = %s
               AND message.message_type IN ('notification', 'auto_comment')
               AND EXISTS (SELECT FROM mail_tracking_value told
                            WHERE told.mail_message_id = message.id)
            """,
            partner.id,
        )
    )
    return [id_ for (id_,) in rows]


def unfolded_domain(partner) -> Domain:
    """Leave out what the line of the company tells already."""
    changes = company_changes(partner)
    return ~folded_domain(partner, changes) if changes else Domain.TRUE


def folded_domain(partner, changes: list[int]) -> Domain:
    """Messages of contacts that tell no more than one of these of the company."""
    return Domain.custom(
        to_sql=lambda _model, alias, _query: SQL(
            "(%s AND EXISTS (SELECT FROM mail_message company"
            " WHERE company.id = ANY(%s) AND %s))",
            _is_of_a_contact(partner, alias),
            changes,
            _tells_the_same(alias),
        )
    )


def _is_of_a_contact(partner, alias: str) -> SQL:
    return SQL(
        "(%(model)s = 'res.partner' AND %(record)s != %(customer)s)",
        model=SQL.identifier(alias, "model"),
        record=SQL.identifier(alias, "res_id"),
        customer=partner.id,
    )


def count_folded(partner, changes: list[int]) -> dict[int, int]:
    """How many contacts the reader knows behind each of these messages."""
    if not changes or partner.commercial_partner_id != partner:
        return {}
    contacts = partner.with_context(active_test=False)._search(
        partner._customer_family("id") & Domain("id", "!=", partner.id)
    )
    if contacts.is_empty():
        return {}
    return dict(
        partner.env.execute_query(
            SQL(
                """
                SELECT company.id, count(*)
                  FROM mail_message company
                  JOIN mail_message contact
                    ON contact.model = 'res.partner'
                   AND contact.res_id IN %(contacts)s
                   AND %(same)s
                 WHERE company.id = ANY(%(changes)s)
              GROUP BY company.id
                """,
                contacts=contacts.subselect(),
                same=_tells_the_same("contact"),
                changes=changes,
            )
        )
    )


def _tells_the_same(alias: str) -> SQL:
    """That a message tells of changes, and of none that the message ``company`` of that
    minute does not tell of."""
    return SQL(
        """
        (%(date)s BETWEEN company.date - INTERVAL %(together)s
                      AND company.date + INTERVAL %(together)s
         AND EXISTS (SELECT FROM mail_tracking_value told
                      WHERE told.mail_message_id = %(id)s)
         AND NOT EXISTS (
             SELECT FROM mail_tracking_value told
              WHERE told.mail_message_id = %(id)s
                AND NOT EXISTS (
                    SELECT FROM mail_tracking_value known
                     WHERE known.mail_message_id = company.id
                       AND %(same)s)))
        """,
        date=SQL.identifier(alias, "date"),
        id=SQL.identifier(alias, "id"),
        same=SQL(
            "(%s) IS NOT DISTINCT FROM (%s)",
            SQL(", ").join(SQL.identifier("known", name) for name in TOLD),
            SQL(", ").join(SQL.identifier("told", name) for name in TOLD),
        ),
        together=TOGETHER,
    )
