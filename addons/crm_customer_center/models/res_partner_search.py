from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import search_query
from ..tools.search_keys import fold, squeezed
from ..tools.search_query import Node, any_of
from .crm_global_search import escaped

# of more matches than this the best ones are sought among so many
WINDOW = 400
# so many slips are looked at to find the nearest names
GUESSED = 200
# of fewer that sound so, slips are thought of too
FEW = 3


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

    def write(self, vals):
        renamed = self._former_names_after(vals)
        result = super().write(vals)
        for text, ids in renamed.items():
            self.browse(ids).write({"former_names": text})
        return result

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
            words = self._search_words(value)
            if self.env["crm.partner.key"]._are_complete():
                return words
            plain = super()._search_display_name("ilike", escaped(value))
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
        if not value.strip():
            return Domain.TRUE
        words = Domain(self._search_display_name("ilike", value))
        contacts = self._search(words & Domain("parent_id", "!=", False))
        return words | Domain.custom(
            to_sql=lambda _model, alias, _query: SQL(
                "%s IN %s",
                SQL.identifier(alias, "id"),
                contacts.subselect(
                    SQL.identifier(contacts.table, "commercial_partner_id")
                ),
            )
        )

    @api.model
    def _search_words(self, text: str) -> Domain:
        """All partners that are meant by ``text``; if there is none that the user may
        see, those that are meant if it has a slip in it."""
        meant = any_of(stage.node for stage in search_query.stages(text))
        if meant == search_query.NOTHING:
            return Domain.FALSE
        for node in (meant, *search_query.guesses(text)):
            if self._search(
                self._by(node), limit=1, active_test=False
            ).get_result_ids():
                return self._by(node)
        return self._by(meant)

    @api.model
    def _by(self, node: Node) -> Domain:
        keys = self.env["crm.partner.key"]
        return Domain.custom(
            to_sql=lambda _model, alias, _query: keys._condition(alias, node)
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
        """Return at most ``limit`` partners that are meant by ``text`` in order."""
        found: list[int] = []
        is_written_so = False
        for stage in search_query.stages(text):
            if len(found) < limit:
                found += self._best(stage.node, domain, found, limit - len(found))
            is_written_so |= bool(found) and stage.rank < search_query.SOUND
        if len(found) < min(limit, FEW) and not is_written_so:
            found += self._nearest(text, domain, found, limit - len(found))
        return self.browse(found)

    @api.model
    def _best(self, node: Node, domain: Domain, but: list[int], limit: int):
        """Ids of matches of one kind: own, customers, companies and short names first.

        Of many matches they are sought among the first that PostgreSQL has, so that
        "all of Shanghai" is not sorted for eight lines; own ones are then asked for
        apart.
        """
        domain &= self._by(node)
        if but:
            domain &= Domain("id", "not in", but)
        rows = self._window(domain)
        if len(rows) == WINDOW:
            own = self._window(domain & Domain("customer_owner_id", "=", self.env.uid))
            rows = list(dict.fromkeys((*own, *rows)))
        rows.sort(key=lambda row: row[1:])
        return [row[0] for row in rows[:limit]]

    @api.model
    def _window(self, domain: Domain) -> list[tuple]:
        query = self._search(domain, limit=WINDOW)
        if query.is_empty():
            return []
        table = query.table
        return self.env.execute_query(
            query.select(
                SQL.identifier(table, "id"),
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
            )
        )

    @api.model
    def _nearest(self, text: str, domain: Domain, but: list[int], limit: int):
        """Ids of those whose names are nearest to a text with a slip in it."""
        ids: list[int] = []
        for node in search_query.guesses(text):
            if len(ids) < limit:
                known = [*but, *ids]
                ids += self._best(node, domain, known, GUESSED)
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


def _plain(name: str) -> str:
    return squeezed(fold(name))


def with_former(known: str | None, names: list[str], present: str) -> str:
    """Add names to a text of former ones; each once, the present one is none."""
    lines = [*names, *(known or "").split("\n")]
    unique = {_plain(line): " ".join(line.split()) for line in reversed(lines)}
    unique.pop(_plain(present), None)
    unique.pop("", None)
    return "\n".join(reversed(list(unique.values())[-10:]))
