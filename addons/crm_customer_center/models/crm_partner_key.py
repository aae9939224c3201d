from collections import defaultdict
from collections.abc import Collection

from odoo import api, fields, models
from odoo.tools import SQL, split_every
from odoo.tools.sql import column_exists

from odoo.addons.crm_suite_base.models.crm_job import Step

from ..tools.search_keys import VERSION, Card, keys_of
from ..tools.search_query import Node, to_tsquery, tsqueries

#: columns of a partner that make its keys, beside those that Odoo compares
KEY_COLUMNS = frozenset(
    (
        "name",
        "phone",
        "phone_sanitized",
        "second_phone",
        "customer_code",
        "former_names",
        "is_company",
    )
)
# set when every partner has keys of the present kind
BUILT = "crm_customer_center.search_keys"
BATCH = 2000


class CrmPartnerKey(models.Model):
    """The keys under which a partner is found. Grain: one row a partner.

    Derived, and written in the transaction that writes what they follow from. Nobody
    reads the table but the searches of partners, which ask the record rules too.
    See docs/adr/0035-search-by-keys.md.
    """

    _name = "crm.partner.key"
    _description = "Search Keys of a Partner"
    _log_access = False
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", required=True, readonly=True, ondelete="cascade"
    )
    version = fields.Integer(required=True, readonly=True)

    _partner_uniq = models.UniqueIndex("(partner_id)")

    def _auto_init(self):
        result = super()._auto_init()
        if not column_exists(self.env.cr, self._table, "keys"):
            # the ORM knows no such type, and would make the index before the column;
            # small: a search reads what is not merged yet from one end to the other
            self.env.cr.execute(
                """
                ALTER TABLE crm_partner_key ADD COLUMN keys tsvector NOT NULL;
                CREATE INDEX crm_partner_key_keys_idx ON crm_partner_key
                 USING gin (keys) WITH (gin_pending_list_limit=512)
                """
            )
        return result

    # ------------------------------------------------------------
    # WRITE
    # ------------------------------------------------------------

    @api.model
    def _key_columns(self) -> frozenset[str]:
        """Columns of partners that make their keys."""
        return KEY_COLUMNS.union(self._number_columns(), ("complete_name", "email"))

    @api.model
    def _number_columns(self) -> list[str]:
        """Numbers that Odoo, or a module, compares with what is typed."""
        partners = self.env["res.partner"]
        return [
            name
            for name in partners._rec_names_search
            if name not in ("complete_name", "email")
            and (field := partners._fields.get(name))
            and field.store
            and field.type == "char"
        ] + ["wechat"]

    @api.model
    def _refresh(self, partner_ids: Collection[int]):
        """Write the keys of these partners, whose columns are in the database.

        What has not changed is not written.
        """
        for ids in split_every(BATCH, partner_ids, list):
            keys = defaultdict(frozenset)
            for card in self._cards(ids):
                keys[card[0]] |= keys_of(_card(card))
            self._upsert([(id_, _tsvector(known)) for id_, known in keys.items()])

    @api.model
    def _known_as(self, ids: list[int]) -> SQL:
        """Hook: query for (who is found, partner by whose values)."""
        return SQL("SELECT asked.id, asked.id FROM unnest(%s) AS asked (id)", ids)

    @api.model
    def _cards(self, ids: list[int]) -> list[tuple]:
        numbers = SQL(", ").join(map(SQL.identifier, self._number_columns()))
        return self.env.execute_query(
            SQL(
                "SELECT known.found_id, is_company, name, complete_name, former_names,"
                " phone, phone_sanitized, second_phone, email, customer_code, %s"
                " FROM (%s) AS known (found_id, by_id)"
                " JOIN res_partner ON res_partner.id = known.by_id",
                numbers,
                self._known_as(ids),
            )
        )

    @api.model
    def _upsert(self, rows: list[tuple[int, str]]):
        if not rows:
            return
        ids, keys = zip(*rows, strict=True)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_partner_key AS known (partner_id, version, keys)
                SELECT id, %(version)s, keys::tsvector
                  FROM unnest(%(ids)s, %(keys)s) AS made(id, keys)
                 ORDER BY id
                ON CONFLICT (partner_id) DO UPDATE
                   SET version = EXCLUDED.version, keys = EXCLUDED.keys
                 WHERE (known.version, known.keys)
                       IS DISTINCT FROM (EXCLUDED.version, EXCLUDED.keys)
                """,
                version=VERSION,
                ids=list(ids),
                keys=list(keys),
            )
        )

    # ------------------------------------------------------------
    # ASK
    # ------------------------------------------------------------

    @api.model
    def _are_complete(self) -> bool:
        """Whether every partner can be found by its keys."""
        # sudo: one parameter, cached, that says nothing about anybody
        parameters = self.env["ir.config_parameter"].sudo()
        return parameters.get_param(BUILT) == str(VERSION)

    @api.model
    def _matches(self, node: Node, limit: int | None = None) -> SQL:
        """Query for the partners whose keys meet the condition.

        PostgreSQL cannot guess how many keys begin with some letters, and reads all
        rows when it guesses wrong; asked part by part it always takes the index.
        """
        return self._matches_of(tsqueries(node), limit)

    @api.model
    def _matches_of(self, parts: list[str], limit: int | None) -> SQL:
        return SQL(
            "SELECT k.partner_id FROM unnest(%s::tsquery[]) AS asked(part)"
            " JOIN crm_partner_key k ON k.keys @@ asked.part%s%s",
            parts,
            SQL(" LIMIT %s", limit) if limit else SQL(),
            self._flushed(),
        )

    @api.model
    def _each_match(self, node: Node) -> SQL:
        """The matches, each once, as they come: who needs a part of them does not wait
        for the rest. For a condition of few alternatives."""
        return self._matches_of([to_tsquery(node)], None)

    @api.model
    def _ranked(self, stages, limit: int) -> SQL:
        """Query for (partner, rank) of those whose keys meet one of the stages, the
        best first; who meets several comes several times."""
        return SQL(
            "SELECT k.partner_id, asked.rank"
            " FROM unnest(%s::tsquery[], %s::int[]) AS asked(part, rank)"
            " JOIN crm_partner_key k ON k.keys @@ asked.part LIMIT %s%s",
            [to_tsquery(stage.node) for stage in stages],
            [stage.rank for stage in stages],
            limit,
            self._flushed(),
        )

    @api.model
    def _flushed(self) -> SQL:
        """What waits to be written makes its keys first."""
        columns = self.env["res.partner"]._fields
        return SQL("").join(
            SQL("", to_flush=columns[name]) for name in sorted(self._key_columns())
        )

    @api.model
    def _some(self, node: Node, limit: int) -> list[int]:
        """Some of those who meet the condition, whoever may see them: to be asked for
        by the user's rights."""
        return [id_ for (id_,) in self.env.execute_query(self._matches(node, limit))]

    @api.model
    def _how_many(self, node: Node) -> tuple[int, int]:
        """How many keys meet the condition and about how many there are, whoever may
        see whose they are: never shown, it decides how to search.

        PostgreSQL tells how many the index has found, without looking at one of them,
        which would cost as much as the search. Beforehand it can only guess, and of
        keys that begin with some letters it guesses wrong.
        """
        ((plan,),) = self.env.execute_query(
            SQL(
                "EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) %s",
                self._matches_of([to_tsquery(node)], 1),
            )
        )
        ((every,),) = self.env.execute_query(
            SQL(
                "SELECT reltuples::bigint FROM pg_class"
                " WHERE oid = 'crm_partner_key'::regclass"
            )
        )
        return found_by_index(plan[0]["Plan"]), max(every, 1)

    @api.model
    def _condition(
        self,
        alias: str,
        node: Node,
        sample: int | None = None,
        beside: SQL | None = None,
    ) -> SQL:
        """That a partner is one of the matches: looked up by id, for a limited number.

        The ids stay in PostgreSQL. ``sample``: not more of them than this; ``beside``:
        a query for further ids, which finds the matches as ``found``. Not "or": that
        would compare every partner.
        """
        ids = self._matches(node, sample)
        if beside is not None:
            ids = SQL(
                "WITH found AS MATERIALIZED (%s) SELECT partner_id FROM found UNION %s",
                ids,
                beside,
            )
        return SQL("%s = ANY(ARRAY(%s))", SQL.identifier(alias, "id"), ids)

    @api.model
    def _broad_condition(self, alias: str, node: Node) -> SQL:
        """The same where so many match that each partner is rather looked at in the
        order in which it is shown.

        A value, not "exists": for that PostgreSQL would fetch all matches at first.
        """
        return SQL(
            "(SELECT k.keys @@ %s::tsquery FROM crm_partner_key k"
            " WHERE k.partner_id = %s)",
            to_tsquery(node),
            SQL.identifier(alias, "id"),
        )

    @api.model
    def _own_condition(self, alias: str, node: Node, limit: int) -> SQL:
        """That a partner is one of some matches that the user looks after."""
        return SQL(
            "%s = ANY(ARRAY(SELECT own.id FROM res_partner own"
            " JOIN crm_partner_key k ON k.partner_id = own.id"
            " WHERE own.customer_owner_id = %s AND k.keys @@ %s::tsquery LIMIT %s))",
            SQL.identifier(alias, "id"),
            self.env.uid,
            to_tsquery(node),
            limit,
        )

    @api.model
    def _keys_of(self, partner) -> frozenset[str]:
        """Return the keys of a partner that may not be saved yet."""
        return keys_of(
            Card(
                name=partner.name or "",
                full_name=partner.complete_name or "",
                former=_lines(partner.former_names),
                codes=_unique(
                    partner.customer_code,
                    *(partner[name] for name in self._number_columns()),
                ),
                phones=_unique(
                    partner.phone, partner.phone_sanitized, partner.second_phone
                ),
                emails=_unique(partner.email),
                person=not partner.is_company,
            )
        )

    @api.model
    def _shared_numbers(
        self, partner_ids: Collection[int]
    ) -> dict[int, frozenset[str]]:
        """Hook: keys like ``phone:…`` and ``email:…`` by which these companies are not
        recognised, since others are known to have the same."""
        return {}

    @api.model
    def _known_by(self, domain, names: list[str]) -> list[tuple]:
        """Hook: return (who is found, partner by whose values) for a condition on
        partners: each by its own, unless a module knows of others.

        :param domain: asked by the rights of the caller
        :param names: fields that will be read
        """
        found = self.env["res.partner"].search_fetch(domain, names)
        return [(one, one) for one in found]

    @api.model
    def _owners_told(self, titles: dict[int, str]) -> dict[int, str]:
        """Hook: of customers that whoever calls does not see, and that a list of his
        names by whole keys: who looks after them, as far as he is told.

        :param titles: by id of the customer, what the list calls it
        :return: names of owners by id of the customer; nobody, unless a module says so
        """
        return {}

    # ------------------------------------------------------------
    # BUILD
    # ------------------------------------------------------------

    @api.model
    def _cron_build(self):
        """Write the keys of partners that have none, or those of an older version."""
        done = self.env["crm.job"]._work_off(self._build_step())
        self._note_if_complete()
        return done

    @api.model
    def _build_step(self):
        partners = self.env["res.partner"].with_context(active_test=False)
        return Step(
            key="crm_customer_center.search_keys",
            # sudo: all partners, whose keys are compared and never shown
            model=partners.sudo(),
            domain=fields.Domain.custom(to_sql=_lacks_keys),
            work=lambda some: self._refresh(some.ids),
            size=BATCH,
        )

    @api.model
    def _note_if_complete(self):
        if not self._lacking(1):
            # sudo: the system's own note
            self.env["ir.config_parameter"].sudo().set_param(BUILT, VERSION)

    @api.model
    def _lacking(self, limit: int) -> list[int]:
        """Ids of some partners without keys of the present version."""
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM res_partner WHERE %s ORDER BY id LIMIT %s",
                _lacks_keys(None, "res_partner", None),
                limit,
            )
        )
        return [id_ for (id_,) in rows]

    @api.model
    def _build_now_or_later(self, most: int = 20_000):
        """Build the keys at once where there are few partners; of many a job does it,
        and until it has they are found as in Odoo."""
        self.env.flush_all()
        ids = self._lacking(most + 1)
        if len(ids) <= most:
            self._refresh(ids)
            self._note_if_complete()
        else:
            job = self.env.ref("crm_customer_center.ir_cron_search_keys")
            job._trigger()


def found_by_index(plan: dict) -> int:
    """Return how many rows an index has found, of a plan that was carried out; 0 where
    none was asked."""
    if plan["Node Type"] == "Bitmap Index Scan":
        return int(plan["Actual Rows"])
    return sum(map(found_by_index, plan.get("Plans", ())))


def _lacks_keys(_model, alias: str, _query) -> SQL:
    return SQL(
        "NOT EXISTS (SELECT FROM crm_partner_key k WHERE k.partner_id = %s"
        " AND k.version = %s)",
        SQL.identifier(alias, "id"),
        VERSION,
    )


def _card(row: tuple) -> Card:
    """Of a row of ``_cards``."""
    _id, is_company, name, full, former, phone, sanitized, second, *rest = row
    email, *codes = rest
    return Card(
        name=name or "",
        full_name=full or "",
        former=_lines(former),
        codes=_unique(*codes),
        phones=_unique(phone, sanitized, second),
        emails=_unique(email),
        person=not is_company,
    )


def _lines(text: str | None) -> tuple[str, ...]:
    return _unique(*(text or "").split("\n"))


def _unique(*values: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _tsvector(keys: frozenset[str]) -> str:
    text = "\n".join(keys)
    if "'" in text or "\\" in text:
        text = text.replace("\\", "\\\\").replace("'", "''")
    return "'" + text.replace("\n", "' '") + "'" if text else ""
