from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, Query

from odoo.addons.crm_suite_base.tools.changes import follows
from odoo.addons.crm_suite_base.tools.likes import literal

from ..tools import search_query
from ..tools.search_distance import distance, is_usual
from ..tools.search_keys import fold, squeezed
from ..tools.search_query import Node

# so many matches tell, as a rule, how many of them the user may see
GLANCE = 100
# of fewer matches a list looks at each match and sorts them
BROAD = 5_000
# of more it looks at each partner in its order, if it is to find as many by fewer
PAGE = 100
# of more than this the best are not sought among all, but kind by kind, ...
MANY = 2_000
# ... among so many that the user may see, out of at most so many matches
WINDOW = 200
SAMPLE = 1_000
# so many own ones, out of which the best come first
OWN = 50
# so many slips are looked at to find the nearest names
GUESSED = 200
# so many that sound so are looked at for those that are usually read so
HEARD = 40
# of fewer that sound so, slips are thought of too
FEW = 3

CONTACTS = Domain("parent_id", "!=", False)
# those that meet a condition, in the query of ``_condition``
FOUND = SQL("SELECT partner_id FROM found")


class ResPartner(models.Model):
    """Finding a customer as people type it, wherever a customer is looked up.

    The best matches come first where a list is short (pickers, the box); a list view
    keeps the order of its columns. Record rules are part of every query.
    """

    _inherit = "res.partner"

    former_names = fields.Text(
        copy=False,
        help="Names this customer had before, one a line: it is found by them too.",
    )
    customer_search = fields.Char(
        string="Customer or Contact",
        store=False,
        search="_search_customer_search",
        help="Name, former name, pinyin, code, phone or e-mail of a customer or of "
        "somebody who works there.",
    )

    # ------------------------------------------------------------
    # KEYS FOLLOW
    # ------------------------------------------------------------

    def _write_multi(self, vals_list):
        result = super()._write_multi(vals_list)
        keys = self.env["crm.partner.key"]
        names = keys._key_columns()
        changed = [
            partner.id
            for partner, vals in zip(self, vals_list, strict=True)
            if not names.isdisjoint(vals)
        ]
        if changed:
            keys._refresh(changed)
        return result

    @follows(10, "name", before="_former_names_after")
    def _former_names_stay(self, change):
        for text, ids in change.found.items():
            self.browse(ids).write({"former_names": text})

    def _former_names_after(self, vals: dict) -> dict[str, list[int]]:
        """Return former names and whose they are once ``vals`` is written."""
        new = vals.get("name")
        if not isinstance(new, str) or "former_names" in vals:
            return {}
        found: dict[str, list[int]] = {}
        # sudo: whether the user may write is checked by the write itself
        for partner in self.sudo():
            if partner.name and _plain(partner.name) != _plain(new):
                text = with_former(partner.former_names, [partner.name], new)
                found.setdefault(text, []).append(partner.id)
        return found

    # ------------------------------------------------------------
    # SEARCH
    # ------------------------------------------------------------

    @api.model
    def _search_display_name(self, operator, value):
        """Find by what people type; by the whole code in any other comparison."""
        if operator == "ilike" and isinstance(value, str) and value.strip():
            node, broad = self._meant(value)
            words = self._by(node, broad=broad)
            if self.env["crm.partner.key"]._are_complete():
                return words
            plain = super()._search_display_name("ilike", literal(value))
            return words | Domain(plain)
        domain = super()._search_display_name(operator, value)
        if operator in ("like", "=", "in") and value:
            codes = [value] if isinstance(value, str) else list(value)
            codes = [code.strip().upper() for code in codes if isinstance(code, str)]
            domain = Domain(domain) | Domain("customer_code", "in", codes)
        return domain

    @api.model
    def _search_customer_search(self, operator, value):
        """A customer is found by its contacts as well, those the user may see."""
        if operator != "ilike" or not isinstance(value, str):
            return NotImplemented
        return customers_meant(self, value).domain

    @api.model
    def _meant(self, text: str) -> tuple[Node, bool]:
        """Return the condition on keys that ``text`` is, and whether very many meet
        it; if it is met by none that the user may see, that of the text with a slip
        in it."""
        meant = search_query.meant(text)
        if meant == search_query.NOTHING:
            return meant, False
        keys = self.env["crm.partner.key"]
        for node in (meant, *search_query.guesses(text)):
            some = keys._some(node, GLANCE)
            if not some:
                continue
            seen = self._search(Domain("id", "in", some), active_test=False)
            share = len(seen.get_result_ids()) / len(set(some))
            broad = len(some) == GLANCE and _is_broad(self, node, share)
            if share or _sees(self, self._by(node, broad=broad)):
                return node, broad
        return meant, False

    @api.model
    def _by(self, node: Node, *, broad: bool = False, sample: int | None = None):
        """:param broad: see ``_broad_condition``; ``sample``: see ``_condition``"""
        if node == search_query.NOTHING:
            return Domain.FALSE
        keys = self.env["crm.partner.key"]
        return Domain.custom(
            to_sql=lambda _model, alias, _query: (
                keys._broad_condition(alias, node)
                if broad
                else keys._condition(alias, node, sample)
            ),
            predicate=lambda partner: search_query.holds(node, keys._keys_of(partner)),
        )

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """The best matches first: what is typed whole, its beginning, what has it
        within, what sounds so; own customers before others."""
        if (
            operator != "ilike"
            or not limit
            or not (name or "").strip()
            or not self.env["crm.partner.key"]._are_complete()
        ):
            return super().name_search(name, domain, operator, limit)
        found = self._find(name, Domain(domain or Domain.TRUE), limit)
        # sudo: names of what was found by the user's own rights, as Odoo does it
        return [(partner.id, partner.display_name) for partner in found.sudo()]

    @api.model
    def _find(self, text: str, domain: Domain, limit: int):
        """Return at most ``limit`` partners meant by ``text``, the best first."""
        stages = search_query.stages(text)
        by_sound = any(stage.rank >= search_query.SOUND for stage in stages)
        asked = max(limit, HEARD) if by_sound else limit
        rows, count = self._best_of(stages, domain, asked, MANY + 1)
        if count > MANY:
            rows = self._by_kinds(stages, domain, limit)
        rows = _usual_first(rows, text)[:limit]
        found = [row[0] for row in rows]
        is_written_so = any(row[1] < search_query.SOUND for row in rows)
        if len(found) < min(limit, FEW) and not is_written_so:
            found += self._nearest(text, domain, found, limit - len(found))
        return self.browse(found)

    @api.model
    def _by_kinds(self, stages, domain: Domain, limit: int) -> list[tuple]:
        """The best of very many matches, one kind after the other.

        "All of Shanghai" is not sorted for eight lines: of each kind the best are
        sought among some, and among the own ones.
        """
        rows: list[tuple] = []
        for stage in stages:
            wanted = limit - len(rows)
            if wanted <= 0:
                break
            rest = domain & Domain("id", "not in", [row[0] for row in rows])
            rows += self._some(stage, rest, wanted)[:wanted]
        return rows

    @api.model
    def _some(self, stage, domain: Domain, wanted: int) -> list[tuple]:
        """Some matches of a kind, in order, those of the user among them."""
        rows, count = self._best_of([stage], domain, WINDOW, SAMPLE + 1)
        if count <= SAMPLE:
            return rows
        if len(rows) < wanted:
            # one who may see few of them may see none of these
            every = domain & self._by(stage.node, broad=True)
            rows = self._window(every, stage.rank, wanted)
        keys = self.env["crm.partner.key"]
        own = Domain.custom(
            to_sql=lambda _model, alias, _query: keys._own_condition(
                alias, stage.node, OWN
            )
        )
        mine = self._window(domain & own, stage.rank, wanted)
        return sorted({*mine, *rows}, key=lambda row: row[1:])

    @api.model
    def _best_of(
        self, stages, domain: Domain, limit: int, sample: int
    ) -> tuple[list[tuple], int]:
        """The best of the first ``sample`` matches in one statement, and how many these
        are, whoever may see them; who is found in two ways counts twice."""
        query = self._search(domain, limit=limit)
        if not stages or query.is_empty():
            return [], 0
        id_ = SQL.identifier(query.table, "id")
        # the ids as an array: the partners are looked up, whatever is expected
        query.add_where(SQL("%s = ANY(ARRAY(SELECT partner_id FROM found))", id_))
        query.add_join(
            "JOIN",
            "ranked",
            SQL("(SELECT partner_id, min(rank) AS rank FROM found GROUP BY 1)"),
            SQL("%s = ranked.partner_id", id_),
        )
        found = self.env["crm.partner.key"]._ranked(stages, sample)
        rows = self.env.execute_query(
            SQL(
                "WITH found(partner_id, rank) AS MATERIALIZED (%s),"
                " best AS (%s)"
                " SELECT best.*, counted.count FROM (SELECT count(*) FROM found)"
                " AS counted LEFT JOIN best ON TRUE",
                found,
                _in_order(self, query, SQL.identifier("ranked", "rank")),
            )
        )
        return [row[:-1] for row in rows if row[0]], rows[0][-1]

    @api.model
    def _window(self, domain: Domain, rank: int, limit: int) -> list[tuple]:
        """The best partners of one rank."""
        query = self._search(domain, limit=limit)
        if query.is_empty():
            return []
        return self.env.execute_query(_in_order(self, query, SQL("%s", rank)))

    @api.model
    def _nearest(self, text: str, domain: Domain, but: list[int], limit: int):
        """Ids of those whose names are nearest to a text with a slip in it."""
        ids: list[int] = []
        for node in search_query.guesses(text):
            if len(ids) < limit:
                rest = domain & Domain("id", "not in", [*but, *ids])
                stage = search_query.Stage(search_query.GUESS, node)
                ids += [row[0] for row in self._some(stage, rest, GUESSED)]
        # sudo: names of what was found by the user's own rights, only compared
        partners = self.browse(ids).sudo()
        rank = {
            partner.id: distance(
                text, partner.name or "", person=not partner.is_company
            )
            for partner in partners
        }
        # in the order found where two are as near: own ones first
        return sorted(ids, key=rank.__getitem__)[:limit]


def _usual_first(rows: list[tuple], text: str) -> list[tuple]:
    """Of what sounds so, what is usually read so before what is rarely: 强 is jiang in
    few names. A former name that sounds so comes after the names of today."""
    letters = squeezed(fold(text))
    if len(rows) < FEW or not (letters.isascii() and letters.isalpha()):
        return rows

    def place(row: tuple) -> tuple[int, bool]:
        if row[1] < search_query.SOUND:
            return row[1], False
        # of a contact the name after that of its company
        return row[1], not is_usual(letters, row[-1].rpartition(", ")[2])

    return sorted(rows, key=place)


def _is_broad(partners, node: Node, share: float) -> bool:
    """Whether a page of a list is found sooner among all partners in their order
    than by sorting the matches.

    :param share: which part of the matches the user may see
    """
    matches, every = partners.env["crm.partner.key"]._how_many(node)
    return matches > BROAD and matches * matches * share > PAGE * every


def _in_order(partners, query: Query, rank: SQL) -> SQL:
    """The best first: by rank, own ones, customers, companies, short names.

    :return: statement for id, rank and what else decides about the order
    """
    table = query.table
    order = [
        SQL("%s AS rank", rank),
        SQL(
            "%s IS DISTINCT FROM %s AS of_others",
            SQL.identifier(table, "customer_owner_id"),
            partners.env.uid,
        ),
        SQL("%s IS NOT TRUE AS is_none", SQL.identifier(table, "is_customer")),
        SQL("%s IS NOT NULL AS is_of_one", SQL.identifier(table, "parent_id")),
        SQL("length(%s) AS length", SQL.identifier(table, "complete_name")),
        SQL("coalesce(%s, '') AS name", SQL.identifier(table, "complete_name")),
    ]
    # places, as some of them are constants
    query.order = SQL("2, 3, 4, 5, 6, 7, 1")
    return query.select(SQL.identifier(table, "id"), *order)


class Words(NamedTuple):
    """What words mean for a list of customers: the condition, the one on keys, and
    whether very many meet it."""

    domain: Domain
    node: Node = search_query.NOTHING
    broad: bool = False


def customers_meant(partners, text: str) -> Words:
    """Return what ``text`` is as a condition for a customer or its contacts."""
    if not text.strip():
        return Words(Domain.TRUE)
    keys = partners.env["crm.partner.key"]
    if not keys._are_complete():
        words = Domain(partners._search_display_name("ilike", text))
        return Words(words | _has_contact(partners, words))
    node, broad = partners._meant(text)
    if node == search_query.NOTHING:
        return Words(Domain.FALSE)
    if broad:
        words = partners._by(node, broad=True)
        return Words(words | _has_such_contact(partners, node), node, True)
    return Words(customers_by(partners, node), node)


def customers_by(partners, node: Node) -> Domain:
    """Return that a customer, or a contact of it, meets a condition on keys: those who
    meet it are looked up."""
    keys = partners.env["crm.partner.key"]
    words = partners._by(node)
    companies = _companies_of_contacts(partners._search(CONTACTS), FOUND)
    return Domain.custom(
        to_sql=lambda _model, alias, _query: keys._condition(
            alias, node, beside=companies
        ),
        predicate=lambda partner: bool(
            (partner | partner.child_ids).filtered_domain(words)
        ),
    )


def _has_such_contact(partners, node: Node) -> Domain:
    """As ``_has_contact``, of each partner that is looked at."""
    keys = partners.env["crm.partner.key"]

    def to_sql(_model, alias, _query) -> SQL:
        # has a name of its own inside: the partner looked at is of this table too
        seen = partners._search(CONTACTS & partners._by(node, broad=True))
        seen.add_where(SQL("%s = met.id", SQL.identifier(seen.table, "id")))
        return SQL(
            "(SELECT TRUE FROM res_partner met WHERE met.commercial_partner_id = %s"
            " AND met.parent_id IS NOT NULL AND %s LIMIT 1)",
            SQL.identifier(alias, "id"),
            seen.subselect(SQL("TRUE")),
        )

    return Domain.custom(
        to_sql=to_sql,
        predicate=lambda partner: any(
            search_query.holds(node, keys._keys_of(child))
            for child in partner.child_ids
        ),
    )


def _has_contact(partners, words: Domain) -> Domain:
    # by their ids also where there are many: not each contact is looked at
    contacts = partners._search(words & CONTACTS)
    companies = _companies_of_contacts(contacts)
    return Domain.custom(
        to_sql=lambda _model, alias, _query: SQL(
            "%s IN %s", SQL.identifier(alias, "id"), companies
        ),
        predicate=lambda partner: bool(partner.child_ids.filtered_domain(words)),
    )


def _sees(partners, domain: Domain) -> bool:
    found = partners._search(domain, limit=1, active_test=False)
    return bool(found.get_result_ids())


def _companies_of_contacts(contacts: Query, where: SQL | None = None) -> SQL:
    """Return a query for the companies of the contacts that the user may see."""
    if where:
        contacts.add_where(
            SQL("%s = ANY(ARRAY(%s))", SQL.identifier(contacts.table, "id"), where)
        )
    return contacts.subselect(SQL.identifier(contacts.table, "commercial_partner_id"))


def _plain(name: str) -> str:
    return squeezed(fold(name))


def with_former(known: str | None, names: list[str], present: str) -> str:
    """Add names to a text of former ones; each once, the present one is none."""
    lines = [*names, *(known or "").split("\n")]
    unique = {_plain(line): " ".join(line.split()) for line in reversed(lines)}
    unique.pop(_plain(present), None)
    unique.pop("", None)
    return "\n".join(reversed(list(unique.values())[-10:]))
