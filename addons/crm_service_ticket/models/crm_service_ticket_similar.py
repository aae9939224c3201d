from itertools import combinations
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_customer_center.tools.search_keys import fold
from odoo.addons.crm_suite_base.tools.likes import literal

from ..tools import mail_html
from ..tools.words import is_code, joined, words

SIMILAR = 5
# characters that are read of a text; a mail can have millions
READ = 4000
# words that are looked for: of the subject, and of what the customer wrote
OF_SUBJECT, OF_DESCRIPTION = 40, 16
# a word that so many tickets have says nothing alone; two of them together do
COMMON = 300
# the rarest words of a ticket, by which others are looked for, and of how many of
# those of the subject two together are looked for
ASKED, PAIRED = 12, 3
# how much a word counts: of the subject, of the description, as a model number
IN_SUBJECT, IN_DESCRIPTION, AS_CODE = 2.0, 0.5, 1.5
# what the same type adds, and the least that is alike: parts of the subject's weight
SAME_TYPE, ALIKE = 0.1, 0.18
# of two that are equally alike the solved one helps more
SOLVED = 1.15


class Wanted(NamedTuple):
    """What similar tickets have: words with the part of the subject's weight that each
    is; those that are rare enough to be looked for alone, and pairs of others."""

    weights: dict[str, float]
    rare: list[str]
    pairs: list[list[str]]


class CrmServiceTicket(models.Model):
    """Tickets about the same thing, and how they were solved.

    By the words they share, the rarer the better; model numbers and tags are words as
    well. The words of a ticket stand in one column with an index over them.
    """

    _inherit = "crm.service.ticket"

    similar_words = fields.Char(
        compute="_compute_similar_words",
        store=True,
        prefetch=False,
        groups=fields.NO_ACCESS,
        help="What the ticket is about, by words; see tools/words.",
    )
    similar_ticket_ids = fields.Many2many(
        "crm.service.ticket",
        string="Similar Tickets",
        compute="_compute_similar_ticket_ids",
        help="Tickets that share words, a model number or tags with this one; solved "
        "ones show how.",
    )
    solution_search = fields.Char(
        string="Solutions",
        store=False,
        search=lambda tickets, operator, value: with_words(
            tickets, operator, value, ("name", "resolution")
        ),
        help="Words of the subject, of what the customer wrote or of the solution.",
    )

    # the words as PostgreSQL looks for them
    _similar_words_idx = models.Index(
        "USING gin (string_to_array(similar_words, ' '))"
        " WITH (gin_pending_list_limit=512)"
    )

    @api.depends("name", "description", "resolution", "tag_ids")
    def _compute_similar_words(self):
        for ticket in self:
            ticket.similar_words = joined(
                [
                    _words_of_subject(ticket),
                    words_of_html(ticket.resolution),
                    words_of_html(ticket.description),
                ]
            )

    @api.depends("name", "description", "tag_ids", "ticket_type")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_similar_ticket_ids(self):
        for ticket in self:
            ticket.similar_ticket_ids = _similar_to(ticket)


def _similar_to(ticket, limit=SIMILAR):
    """The tickets that are about the same as this one, the most alike first; only
    those the user may read."""
    wanted = _wanted_words(ticket)
    if not wanted:
        return ticket.browse()
    query = ticket._search(Domain("id", "!=", ticket._origin.id or 0))
    has = words_sql(query.table)
    ways = [SQL("%s @> %s", has, pair) for pair in wanted.pairs]
    if wanted.rare:
        ways.append(SQL("%s && %s", has, wanted.rare))
    query.add_where(SQL("(%s)", SQL(" OR ").join(ways)))
    shared = SQL(
        "(SELECT SUM(weight) FROM unnest(%s, %s::float[]) AS asked (word, weight)"
        " WHERE word = ANY (%s))",
        [*wanted.weights],
        [*wanted.weights.values()],
        has,
    )
    same_type = SQL(
        "CASE WHEN %s = %s THEN %s ELSE 0 END",
        SQL.identifier(query.table, "ticket_type"),
        ticket.ticket_type or "",
        SAME_TYPE,
    )
    alike = SQL("(%s + %s)", shared, same_type)
    query.add_where(SQL("%s >= %s", alike, ALIKE))
    query.order = SQL(
        "%s * CASE WHEN %s IS NOT NULL THEN %s ELSE 1 END DESC, %s DESC",
        alike,
        SQL.identifier(query.table, "resolution"),
        SOLVED,
        SQL.identifier(query.table, "id"),
    )
    query.limit = limit
    return ticket.browse(query.get_result_ids())


def _wanted_words(ticket) -> Wanted | None:
    """What tells this ticket from others; ``None`` where nothing does."""
    subject = dict.fromkeys(_words_of_subject(ticket)[-OF_SUBJECT:], IN_SUBJECT)
    more = words_of_html(ticket.description)[:OF_DESCRIPTION]
    asked = {**dict.fromkeys(more, IN_DESCRIPTION), **subject}
    counts = counts_of(ticket, [*asked]) if asked else {}
    weights = {
        word: asked[word] * rareness * (AS_CODE if is_code(word) else 1)
        for word, (rareness, _is_rare) in counts.items()
    }
    own = sum(weights.get(word, 0) for word in subject)
    if own <= 0:
        return None
    ordered = sorted(weights, key=lambda word: -weights[word])
    of_subject = [word for word in ordered if word in subject]
    wanted = Wanted(
        {word: weights[word] / own for word in ordered},
        [word for word in ordered if counts[word][1]][:ASKED],
        [[*pair] for pair in combinations(of_subject[:PAIRED], 2)],
    )
    return wanted if wanted.rare or wanted.pairs else None


def _words_of_subject(ticket):
    """The words of the subject, and the tags."""
    # sudo: which tags, as numbers
    tags = [f"#{tag}" for tag in ticket.sudo().tag_ids._origin.ids]
    return [*words_of(ticket.name or ""), *tags]


def counts_of(tickets, asked: list[str]) -> dict[str, tuple[float, bool]]:
    """How rare each of some words is, by the index, and whether it is rare.

    :param tickets: a model whose words stand in ``similar_words``
    """
    tickets.flush_model(["similar_words"])
    rows = tickets.env.execute_query(
        SQL(
            """
            SELECT word, ln((known.total + 1) / (counted.number + 0.5)),
                   counted.number < %(common)s
              FROM unnest(%(asked)s) AS word,
                   (SELECT GREATEST(
                               (SELECT reltuples FROM pg_class
                                 WHERE oid = %(name)s::regclass),
                               (SELECT COUNT(*) FROM (
                                   SELECT 1 FROM %(table)s LIMIT %(common)s
                               ) AS few)) AS total) AS known,
                   LATERAL (SELECT COUNT(*) AS number FROM (
                       SELECT 1 FROM %(table)s
                        WHERE %(has)s && ARRAY[word] LIMIT %(common)s
                   ) AS few) AS counted
            """,
            asked=asked,
            common=COMMON,
            name=tickets._table,
            table=SQL.identifier(tickets._table),
            has=words_sql(tickets._table),
        )
    )
    return {word: (float(weight), is_rare) for word, weight, is_rare in rows}


def with_words(records, operator, value, texts):
    """Records that have all the words that were typed, wherever they stand.

    :param records: a model whose words stand in ``similar_words``
    :param texts: fields in which a text without words is looked for
    """
    if operator != "ilike" or not isinstance(value, str):
        return NotImplemented
    asked = words_of(value)
    if not asked:
        # a single sign, or nothing but words that name nothing
        text = literal(value.strip())
        by_text = Domain.OR(Domain(name, "ilike", text) for name in texts)
        return by_text if text else Domain.TRUE
    records.flush_model(["similar_words"])
    return Domain.custom(
        to_sql=lambda _model, alias, _query: SQL("%s @> %s", words_sql(alias), asked)
    )


def words_sql(alias: str) -> SQL:
    """The words of a record, as they are indexed."""
    return SQL("string_to_array(%s, ' ')", SQL.identifier(alias, "similar_words"))


def words_of_html(document) -> list[str]:
    """Return the words that are shown."""
    return words_of(mail_html.text_of(str(document))) if document else []


def words_of(text: str) -> list[str]:
    """Return the words of a text as they are compared."""
    return words(fold(text[:READ]))
