from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, Query

from odoo.addons.crm_suite_base.tools.changes import follows
from odoo.addons.crm_suite_base.tools.likes import literal

from ..tools import search_query
from ..tools.search_keys import fold, squeezed
from ..tools.search_query import Node, any_of

# of more matches than this a list looks at each partner instead of each match
BROAD = 60_000
# of more than this the best are not sought among all, but kind by kind, ...
MANY = 2_000
# ... among so many that the user may see, out of at most so many matches
WINDOW = 200
SAMPLE = 1_000
# so many slips are looked at to find the nearest names
GUESSED = 200
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
        return customers_meant(self, value)[0]

    @api.model
    def _meant(self, text: str) -> tuple[Node, bool]:
        """Return the condition on keys that ``text`` is, and whether very many meet
        it; if it is met by none that the user may see, that of the text with a slip
        in it."""
        meant = any_of(stage.node for stage in search_query.stages(text))
        if meant == search_query.NOTHING:
            return meant, False
        keys = self.env["crm.partner.key"]
        for node in (meant, *search_query.guesses(text)):
            count, some = keys._glance(node, BROAD + 1)
            every = self._by(node, broad=count > BROAD)
            if count and (_sees(self, Domain("id", "in", some)) or _sees(self, every)):
                return node, count > BROAD
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
        meant = any_of(stage.node for stage in stages)
        count = stages and self.env["crm.partner.key"]._count(meant, MANY + 1)
        if not count:
            rows = []
        elif count <= MANY:
            rows = self._window(domain & self._by(meant), stages, limit)
        else:
            rows = self._by_kinds(stages, domain, limit)
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
        sample = domain & self._by(stage.node, sample=SAMPLE)
        rows = self._window(sample, [stage], WINDOW)
        keys = self.env["crm.partner.key"]
        if len(rows) < WINDOW and keys._count(stage.node, SAMPLE + 1) <= SAMPLE:
            return rows
        if len(rows) < wanted:
            # one who may see few of them may see none of these
            every = domain & self._by(stage.node, broad=True)
            rows = self._window(every, [stage], wanted)
        own = Domain.custom(
            to_sql=lambda _model, alias, _query: keys._own_condition(
                alias, stage.node, WINDOW
            )
        )
        mine = self._window(domain & own, [stage], wanted)
        return sorted({*mine, *rows}, key=lambda row: row[1:])

    @api.model
    def _window(self, domain: Domain, stages, limit: int) -> list[tuple]:
        """The best partners: by rank, own ones, customers, companies, short names.

        :return: id, rank and what else decides about the order
        """
        query = self._search(domain, limit=limit)
        if query.is_empty():
            return []
        table = query.table
        keys = query.join(table, "id", "crm_partner_key", "partner_id", "keys")
        order = [
            self.env["crm.partner.key"]._rank(keys, stages),
            SQL(
                "%s IS DISTINCT FROM %s",
                SQL.identifier(table, "customer_owner_id"),
                self.env.uid,
            ),
            SQL("%s IS NOT TRUE", SQL.identifier(table, "is_customer")),
            SQL("%s IS NOT NULL", SQL.identifier(table, "parent_id")),
            SQL("length(%s)", SQL.identifier(table, "complete_name")),
            SQL("coalesce(%s, '')", SQL.identifier(table, "complete_name")),
            SQL.identifier(table, "id"),
        ]
        query.order = SQL(", ").join(order)
        return self.env.execute_query(query.select(SQL.identifier(table, "id"), *order))

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
            partner.id: search_query.distance(
                text, partner.name or "", person=not partner.is_company
            )
            for partner in partners
        }
        # in the order found where two are as near: own ones first
        return sorted(ids, key=rank.__getitem__)[:limit]


def customers_meant(partners, text: str) -> tuple[Domain, bool]:
    """Return the condition that ``text`` is for a customer or its contacts, and
    whether very many meet it."""
    if not text.strip():
        return Domain.TRUE, False
    keys = partners.env["crm.partner.key"]
    if not keys._are_complete():
        words = Domain(partners._search_display_name("ilike", text))
        return words | _has_contact(partners, words), False
    node, broad = partners._meant(text)
    words = partners._by(node, broad=broad)
    if node == search_query.NOTHING:
        return words, False
    if broad:
        return words | _has_such_contact(partners, node), True
    companies = _companies_of_contacts(partners._search(CONTACTS), FOUND)
    domain = Domain.custom(
        to_sql=lambda _model, alias, _query: keys._condition(
            alias, node, beside=companies
        ),
        predicate=lambda partner: bool(
            (partner | partner.child_ids).filtered_domain(words)
        ),
    )
    return domain, False


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
