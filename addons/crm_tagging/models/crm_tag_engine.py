import logging
from collections import defaultdict
from contextlib import contextmanager
from typing import NamedTuple

import psycopg2

from odoo import SUPERUSER_ID, api, models, tools
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_suite_base.models.crm_rule_mixin_ask import RuleInfo as Condition

from ..tools import tag_plan
from .crm_tagged_mixin import TagSpec

_logger = logging.getLogger(__name__)

CHANGES = "crm_tag_changes"  # key in the cursor's cache


class RuleInfo(NamedTuple):
    """A rule as the engine needs it; tags are ids of the model's own tag model."""

    id: int
    model: str
    condition: Condition
    puts: tuple[int, ...]
    takes: tuple[int, ...]
    asks_active: bool
    on_change: bool
    nightly: bool

    def says(self):
        return tag_plan.Says(self.id, self.puts, self.takes)


class Program(NamedTuple):
    """All rules in use, compiled once for the registry.

    ``levels``: batches of families of rules, in the order in which to ask them (see
    ``tag_plan.Order``); ``triggers``: for each model and field that is written the
    pairs (rule id, path): the rule concerns the records whose ``path`` leads to those
    written, "" for these themselves; ``exclusive``: the exclusive group of each pair
    (model, tag id) that rules put on.
    """

    rules: dict[int, RuleInfo]
    levels: tuple[tuple[tuple[int, ...], ...], ...]
    triggers: dict[str, dict[str, frozenset[tuple[int, str]]]]
    exclusive: dict[tuple[str, int], int]


class Changes:
    """What was written while the outermost create or write goes on."""

    def __init__(self, triggers):
        self.depth = 0
        self.triggers = triggers
        self.fired = defaultdict(set)  # (rule id, path) -> ids of records written

    def written(self, records, names):
        """Note that fields of records were written."""
        by_field = self.triggers.get(records._name)
        if by_field:
            for name in by_field.keys() & set(names):
                for trigger in by_field[name]:
                    self.fired[trigger].update(records._ids)

    def created(self, records):
        """Note new records: every rule about them is to be asked."""
        self.written(records, self.triggers.get(records._name, ()))


class CrmTagEngine(models.AbstractModel):
    """Asks rules in sets, and puts on and takes off what they say.

    Two ways lead to the same outcome. ``_run_rules`` computes and applies all of a
    batch of rules in one statement, for any number of records. ``_evaluate`` asks
    the rules a change concerns about the records changed, and decides by
    ``tools.tag_plan.plan``, which also is the definition of what is right.
    Rules see all records whatever the user may see, and change nothing but tags.
    """

    _name = "crm.tag.engine"
    _description = "Engine of Tag Rules"

    @api.model
    def _tagged_specs(self):
        """Return the :class:`TagSpec` of every model rules can be about."""
        kinds = self.env["crm.tag.rule"]._fields["model"].get_values(self.env)
        return [self.env[model]._tagging_spec() for model in kinds]

    # ------------------------------------------------------------
    # PROGRAM
    # ------------------------------------------------------------

    @api.model
    def _program(self):
        """Return the compiled :class:`Program` of the rules in use."""
        # sudo: rules run for everybody
        rules = self.env["crm.tag.rule"].sudo()
        return self._compiled_program(tuple(info.id for info in rules._rule_book()))

    @tools.ormcache("rule_ids")
    def _compiled_program(self, rule_ids):
        # sudo: rules run for everybody, and the program is remembered for all
        return self.env["crm.tag.rule"].sudo().browse(rule_ids)._compile()

    # ------------------------------------------------------------
    # ON CHANGE
    # ------------------------------------------------------------

    @api.model
    @contextmanager
    def _collecting(self):
        """Collect changes; when the outermost block ends, ask the rules about them."""
        cache = self.env.cr.cache
        changes = cache.get(CHANGES)
        if changes is None:
            changes = cache[CHANGES] = Changes(self._program().triggers)
        changes.depth += 1
        try:
            yield changes
        finally:
            changes.depth -= 1
            if not changes.depth:
                cache.pop(CHANGES, None)
        # not reached when the outermost block failed
        if not changes.depth and changes.fired:
            self._evaluate(changes.fired)

    @api.model
    def _evaluate(self, fired):
        """Ask the rules that changes concern, level by level.

        :param fired: ``{(rule id, path): ids of the records written}``
        """
        program = self._program()
        for level in program.levels:
            for model, (rules, ids) in self._concerned(program, level, fired).items():
                spec = self.env[model]._tagging_spec()
                changed = self._ask_about(spec, rules, sorted(ids), program)
                later = Changes(program.triggers)
                later.written(self.env[model].browse(changed), (spec.field,))
                for trigger, records in later.fired.items():
                    fired.setdefault(trigger, set()).update(records)

    @api.model
    def _concerned(self, program, level, fired):
        """Return ``{model: (rules, record ids)}``: the families of a level with a rule
        that was fired, and the records to ask them about."""
        result = {}
        for family in level:
            ids = set()
            for (rule_id, path), written in fired.items():
                if rule_id in family:
                    rule = program.rules[rule_id]
                    ids |= self._records_concerned(rule, path, written)
            if ids:
                rules = [program.rules[rule_id] for rule_id in family]
                found = result.setdefault(rules[0].model, ([], set()))
                found[0].extend(rules)
                found[1].update(ids)
        return result

    @api.model
    def _records_concerned(self, rule, path, written):
        if not path:
            return written
        domain = Domain(path, "in", list(written))
        return set(self._rule_env()[rule.model].search(domain)._ids)

    @api.model
    def _ask_about(self, spec, rules, ids, program):
        """Ask rules about some records, and apply what they say.

        :return: the ids of the records whose tags changed
        """
        if not ids:
            return []
        try:
            with self.env.cr.savepoint(flush=False):
                matched = self._matched(spec, rules, ids)
                current = self._current(spec, rules, ids)
        except Exception as error:
            if len(rules) == 1:
                self._stop_rule(rules[0], error)
                return []
            working = [rule for rule in rules if self._works(rule)]
            if len(working) == len(rules):
                raise
            return self._ask_about(spec, working, ids, program)
        rows = self._plan_rows(rules, ids, matched, current, program)
        if rows:
            self._write_rows(spec, rows)
        return sorted({row[0] for row in rows})

    @api.model
    def _plan_rows(self, rules, ids, matched, current, program):
        """Return rows (record, tag, action, rule) from what the database says."""
        running = {rule.id for rule in rules}
        always = {rule.id for rule in rules if rule.asks_active}
        rows = []
        for record in ids:
            hits = matched.get(record, ())
            tags = current.get(record, {})
            if not hits and not tags:
                continue
            by_rule = {t: rule for t, (by, rule, _g, _a) in tags.items() if by}
            locked = {t for t, (by, _rule, _g, _a) in tags.items() if not by}
            groups = {t: group for t, (_b, _r, group, _a) in tags.items() if group}
            says = [rules[position].says() for position in sorted(hits)]
            for word in says:
                for tag in word.puts:
                    group = program.exclusive.get((rules[0].model, tag))
                    if group:
                        groups[tag] = group
            archived = any(not active for _b, _r, _g, active in tags.values())
            result = tag_plan.plan(
                by_rule, says, locked, groups, always if archived else running
            )
            rows += [(record, t, "add", result.reasons[t]) for t in result.add]
            rows += [(record, t, "remove", None) for t in result.remove]
            rows += [
                (record, tag, "move", rule)
                for tag, rule in result.reasons.items()
                if tag in by_rule and by_rule[tag] != rule
            ]
        return rows

    @api.model
    def _matched(self, spec, rules, ids):
        """Return ``{record id: positions of the rules that match it}``, in one
        query."""
        result = defaultdict(list)
        query = self._matched_sql(spec, rules, ids)
        if query:
            for position, record in self.env.execute_query(query):
                result[record].append(position)
        return result

    @api.model
    def _current(self, spec, rules, ids):
        """Return ``{record: {tag: (by a rule, rule, exclusive group, active)}}``, all
        ids, of the tags that matter to the rules.

        ``OFFSET 0`` lets PostgreSQL look up the tags of one record after the other
        by their index; it would read the whole table for a hundred records.
        """
        tags = sorted({tag for rule in rules for tag in (*rule.puts, *rule.takes)})
        active = (
            SQL("t.active IS TRUE")
            if self.env[spec.model]._active_name == "active"
            else SQL("TRUE")
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT t.id, r.tag_id, COALESCE(x.kind = 'rule', FALSE), x.rule_id,
                       CASE WHEN g.exclusive THEN g.id END, %(active)s
                  FROM %(table)s t
            CROSS JOIN LATERAL (
                       SELECT %(tag_column)s AS tag_id FROM %(relation)s
                        WHERE %(record_column)s = t.id OFFSET 0) r
                  JOIN %(tag_table)s tag ON tag.id = r.tag_id
             LEFT JOIN crm_tag_group g ON g.id = tag.tag_group_id
     LEFT JOIN LATERAL (
                       SELECT kind, rule_id FROM %(reason_table)s
                        WHERE record_id = t.id AND tag_id = r.tag_id OFFSET 0) x
                    ON TRUE
                 WHERE t.id = ANY(%(ids)s)
                   AND (r.tag_id = ANY(%(tags)s) OR g.exclusive
                        OR x.rule_id = ANY(%(rules)s))
                """,
                active=active,
                ids=ids,
                tags=tags,
                rules=[rule.id for rule in rules],
                **spec.identifiers(),
            )
        )
        result = defaultdict(dict)
        for record, tag, by_rule, rule, group, is_active in rows:
            result[record][tag] = (by_rule, rule, group, is_active)
        return result

    # ------------------------------------------------------------
    # CONDITIONS
    # ------------------------------------------------------------

    @api.model
    def _rule_env(self):
        """Return the environment in which conditions mean the same for everybody: the
        superuser in the first company's time zone, English, archived records left out
        unless a condition asks for them."""
        # sudo: what a condition sees of other records is what its author may see, see
        # crm.rule.mixin
        return self.env(user=SUPERUSER_ID, context={"tz": self._zone()})

    @tools.ormcache()
    def _zone(self):
        # sudo: everybody's rules are asked in the first company's time zone
        return self.env.ref("base.main_company").sudo().partner_id.tz or "UTC"

    @api.model
    def _rule_query(self, rule, env=None):
        """Return the ``Query`` of the records a rule matches.

        :raises Exception: whatever Odoo says of a condition that does not work
        """
        env = env or self._rule_env()
        # a day is that of the first company, whose zone the environment says
        condition = rule.condition._replace(dated=False)
        return env[rule.model]._search(env["crm.tag.rule"]._info_domain(condition))

    @api.model
    def _matched_sql(self, spec, rules, ids=None):
        """Return the query of rows (position of the rule, record id), or ``None``.

        :param ids: the records to ask about, ``None`` for all
        """
        env, parts, simple = self._rule_env(), [], []
        for position, rule in enumerate(rules):
            query = self._rule_query(rule, env)
            if query.is_empty():
                continue
            table = SQL.identifier(spec.table)
            if ids is None:
                parts.append(
                    query.select(SQL("%s::int", position), SQL("%s.id", table))
                )
            elif len(query.from_clause.code.split()) == 1 and not query.limit:
                simple.append(SQL("(%s, (%s))", position, query.where_clause))
            else:
                query.add_where(SQL("%s.id = ANY(%s)", table, ids))
                parts.append(
                    query.select(SQL("%s::int", position), SQL("%s.id", table))
                )
        if simple:
            parts.append(
                SQL(
                    "SELECT hit.position, %(table)s.id FROM %(table)s CROSS JOIN "
                    "LATERAL (VALUES %(conditions)s) AS hit (position, matches) WHERE "
                    "%(table)s.id = ANY(%(ids)s) AND hit.matches",
                    table=SQL.identifier(spec.table),
                    conditions=SQL(", ").join(simple),
                    ids=ids,
                )
            )
        return SQL(" UNION ALL ").join(parts) if parts else None

    # ------------------------------------------------------------
    # SETS
    # ------------------------------------------------------------

    @api.model
    def _plan_ctes(self, spec, rules, program):
        """Return the common table expressions that end in ``plan`` and ``beaten``: what
        a batch of rules changes on all records.

        ``plan (record_id, tag_id, action, rule_id,
        old_rule_id, old_run_id, old_date)``,
        ``beaten (rule_id, tag_id, winner_id)``, one row for each record.
        """
        says = [
            SQL(
                "(%s::int, %s::int, %s::int, %s::int, %s::int, %s)",
                position,
                rule.id,
                tag,
                word,
                program.exclusive.get((rule.model, tag)) if puts else None,
                puts,
            )
            for position, rule in enumerate(rules)
            for word, (tag, puts) in enumerate(
                [(tag, True) for tag in rule.puts]
                + [(tag, False) for tag in rule.takes]
            )
        ]
        none = SQL("SELECT NULL::int, NULL::int WHERE FALSE")
        return SQL(
            self._PLAN,
            matched=self._matched_sql(spec, rules) or none,
            says=SQL(", ").join(says),
            puts=sorted({tag for rule in rules for tag in rule.puts}),
            verdict=self._verdict_sql(rules),
            wanted=self._wanted_sql(spec, rules, program),
            scope=self._scope_sql(spec, rules, program),
            removals=self._removals_sql(spec, rules, program),
            beaten=self._beaten_sql(rules, program),
            **spec.identifiers(),
        )

    _PLAN = """
        matched (position, record_id) AS MATERIALIZED (%(matched)s),
        says (position, rule_id, tag_id, word, group_id, puts) AS (VALUES %(says)s),
        verdict AS MATERIALIZED (%(verdict)s),
        wanted (record_id, tag_id, rule_id, group_id) AS MATERIALIZED (%(wanted)s),
        carried (record_id, tag_id) AS (
            SELECT %(record_column)s, %(tag_column)s
              FROM %(relation)s WHERE %(tag_column)s = ANY(%(puts)s)
        ),
        stale AS MATERIALIZED (
            SELECT x.record_id, x.tag_id, x.rule_id, x.run_id, x.date
              FROM %(reason_table)s x
             WHERE x.kind = 'rule' AND (%(scope)s)
               AND NOT EXISTS (
                       SELECT 1 FROM wanted w
                        WHERE w.record_id = x.record_id AND w.tag_id = x.tag_id)
        ),
        plan AS MATERIALIZED (
            SELECT w.record_id, w.tag_id, 'add' AS action, w.rule_id,
                   NULL::int AS old_rule_id, NULL::int AS old_run_id,
                   NULL::timestamp AS old_date
              FROM wanted w
             WHERE NOT EXISTS (
                       SELECT 1 FROM carried c
                        WHERE c.record_id = w.record_id AND c.tag_id = w.tag_id)
             UNION ALL
            SELECT w.record_id, w.tag_id, 'move', w.rule_id,
                   x.rule_id, x.run_id, x.date
              FROM wanted w
              JOIN carried c
                ON c.record_id = w.record_id AND c.tag_id = w.tag_id
              JOIN %(reason_table)s x
                ON x.record_id = w.record_id AND x.tag_id = w.tag_id
             WHERE x.tag_id = ANY(%(puts)s)
               AND x.kind = 'rule' AND x.rule_id IS DISTINCT FROM w.rule_id
             UNION ALL
            SELECT x.record_id, x.tag_id, 'remove', NULL, x.rule_id, x.run_id, x.date
              FROM stale x
             WHERE %(removals)s
        ),
        beaten (rule_id, tag_id, winner_id) AS (%(beaten)s)
    """

    @api.model
    def _verdict_sql(self, rules):
        """The first rule that says something about a tag decides about it."""
        words = [tag for rule in rules for tag in (*rule.puts, *rule.takes)]
        alone = len(words) == len(set(words))
        return SQL(
            "SELECT %s m.record_id, s.* FROM matched m "
            "JOIN says s ON s.position = m.position %s",
            SQL() if alone else SQL("DISTINCT ON (m.record_id, s.tag_id)"),
            SQL() if alone else SQL("ORDER BY m.record_id, s.tag_id, m.position"),
        )

    @api.model
    def _wanted_sql(self, spec, rules, program):
        """Of an exclusive group a tag that is no rule's wins, then the first rule's."""
        free = SQL(
            "SELECT record_id, tag_id, rule_id, group_id FROM verdict "
            "WHERE puts AND group_id IS NULL"
        )
        if not self._groups(rules, program):
            return free
        return SQL(
            """
            %(free)s
             UNION ALL
            SELECT * FROM (
                SELECT DISTINCT ON (record_id, group_id)
                       record_id, tag_id, rule_id, group_id
                  FROM verdict WHERE puts AND group_id IS NOT NULL
                 ORDER BY record_id, group_id, position, word) first
             WHERE NOT EXISTS (
                       SELECT 1
                         FROM %(relation)s r
                         JOIN %(tag_table)s tag ON tag.id = r.%(tag_column)s
                    LEFT JOIN %(reason_table)s x
                           ON x.record_id = r.%(record_column)s
                          AND x.tag_id = r.%(tag_column)s
                        WHERE r.%(record_column)s = first.record_id
                          AND tag.tag_group_id = first.group_id
                          AND tag.id != first.tag_id
                          AND COALESCE(x.kind, 'person') != 'rule')
            """,
            free=free,
            **spec.identifiers(),
        )

    @api.model
    def _groups(self, rules, program):
        groups = {
            program.exclusive.get((rule.model, t)) for rule in rules for t in rule.puts
        }
        return sorted(group for group in groups if group)

    @api.model
    def _scope_sql(self, spec, rules, program):
        """The reasons ``x`` of rules that may be in question at all."""
        tags = sorted({tag for rule in rules for tag in rule.takes})
        conditions = [
            SQL("x.rule_id = ANY(%s)", [rule.id for rule in rules]),
            SQL("x.tag_id = ANY(%s)", tags),
        ]
        if groups := self._groups(rules, program):
            conditions.append(
                SQL(
                    "x.tag_id IN (SELECT id FROM %s WHERE tag_group_id = ANY(%s))",
                    SQL.identifier(spec.tag_table),
                    groups,
                )
            )
        return SQL(" OR ").join(conditions)

    @api.model
    def _removals_sql(self, spec, rules, program):
        """The condition on a reason ``x`` of a rule to be taken off if not wanted: a
        rule that was asked put it on and does not match, or a rule that does match
        says no, or puts on another tag of the group."""
        scope = SQL("x.rule_id = ANY(%s)", [rule.id for rule in rules])
        if self.env[spec.model]._active_name == "active":
            # archived records rest, unless a rule asks for them
            scope = SQL(
                "%s AND (x.rule_id = ANY(%s) OR EXISTS (SELECT 1 FROM %s t "
                "WHERE t.id = x.record_id AND t.active IS TRUE))",
                scope,
                [rule.id for rule in rules if rule.asks_active],
                SQL.identifier(spec.table),
            )
        conditions = [SQL("(%s)", scope)]
        takes = sorted({tag for rule in rules for tag in rule.takes})
        if takes:
            conditions.append(
                SQL(
                    "(x.tag_id = ANY(%s) AND EXISTS (SELECT 1 FROM verdict v "
                    "WHERE v.record_id = x.record_id AND v.tag_id = x.tag_id "
                    "AND NOT v.puts))",
                    takes,
                )
            )
        if groups := self._groups(rules, program):
            conditions.append(
                SQL(
                    "EXISTS (SELECT 1 FROM wanted w JOIN %s tag ON tag.id = x.tag_id "
                    "WHERE tag.tag_group_id = ANY(%s) AND w.record_id = x.record_id "
                    "AND w.group_id = tag.tag_group_id)",
                    SQL.identifier(spec.tag_table),
                    groups,
                )
            )
        return SQL(" OR ").join(conditions)

    @api.model
    def _beaten_sql(self, rules, program):
        """Who does not get his way: another rule decides about the tag, or another
        tag of the exclusive group wins."""
        parts = [SQL("SELECT NULL::int, NULL::int, NULL::int WHERE FALSE")]
        words = [tag for rule in rules for tag in (*rule.puts, *rule.takes)]
        if len(words) != len(set(words)):
            parts.append(
                SQL(
                    "SELECT s.rule_id, s.tag_id, v.rule_id FROM matched m "
                    "JOIN says s ON s.position = m.position JOIN verdict v "
                    "ON v.record_id = m.record_id AND v.tag_id = s.tag_id "
                    "WHERE v.puts != s.puts"
                )
            )
        if self._groups(rules, program):
            parts.append(
                SQL(
                    "SELECT v.rule_id, v.tag_id, w.rule_id FROM verdict v LEFT JOIN "
                    "wanted w ON w.record_id = v.record_id AND w.group_id = v.group_id "
                    "WHERE v.puts AND v.group_id IS NOT NULL AND w.tag_id IS DISTINCT "
                    "FROM v.tag_id"
                )
            )
        return SQL(" UNION ALL ").join(parts)

    # ------------------------------------------------------------
    # APPLYING
    # ------------------------------------------------------------

    _APPLY = """
        put_on AS (
            INSERT INTO %(relation)s (%(record_column)s, %(tag_column)s)
            SELECT record_id, tag_id FROM plan WHERE action = 'add'
                ON CONFLICT DO NOTHING
        ),
        take_off AS (
            DELETE FROM %(relation)s r USING plan p
             WHERE p.action = 'remove'
               AND r.%(record_column)s = p.record_id AND r.%(tag_column)s = p.tag_id
        ),
        explain AS (
            INSERT INTO %(reason_table)s AS x
                   (record_id, tag_id, kind, rule_id, run_id, date)
            SELECT record_id, tag_id, 'rule', rule_id, %(run)s, %(now)s
              FROM plan WHERE action != 'remove'
                ON CONFLICT (tag_id, record_id) DO UPDATE
               SET kind = 'rule', rule_id = excluded.rule_id, run_id = excluded.run_id,
                   date = excluded.date, user_id = NULL, lead_id = NULL
        ),
        forget AS (
            DELETE FROM %(reason_table)s x USING plan p
             WHERE p.action = 'remove'
               AND x.record_id = p.record_id AND x.tag_id = p.tag_id
        )
    """

    _JOURNAL = """
        journal AS (
            INSERT INTO crm_tag_run_line
                   (run_id, model, record_id, tag_id, action, rule_id,
                    old_rule_id, old_run_id, old_date)
            SELECT %(run)s, %(model)s, record_id, tag_id, action,
                   COALESCE(rule_id, old_rule_id), old_rule_id, old_run_id, old_date
              FROM plan
        )
    """

    @api.model
    def _apply_sql(self, spec, run):
        return SQL(
            self._APPLY,
            run=run.id or None,
            now=self.env.cr.now().replace(microsecond=0),
            **spec.identifiers(),
        )

    @api.model
    def _write_rows(self, spec, rows):
        """Apply rows (record, tag, action, rule) in one statement."""
        records, tags, actions, rule_ids = zip(*rows, strict=True)
        self.env.cr.execute(
            SQL(
                "WITH plan AS (SELECT * FROM unnest(%s::int[], %s::int[], %s::text[], "
                "%s::int[]) AS row (record_id, tag_id, action, rule_id)), %s SELECT 1",
                list(records),
                list(tags),
                list(actions),
                list(rule_ids),
                self._apply_sql(spec, self.env["crm.tag.run"]),
            )
        )
        self._tags_moved(spec, set(records))

    @api.model
    def _tags_moved(self, spec, ids):
        """Tell the ORM that tags of records changed in the database: forget what is in
        memory, and recompute what depends on the tags."""
        records = self._rule_env()[spec.model].browse(ids)
        field = records._fields[spec.field]
        records.invalidate_recordset([field.name], flush=False)
        for inverse in self.env.registry.field_inverses[field]:
            self.env[inverse.model_name].invalidate_model([inverse.name], flush=False)
        self.env[spec.reason_model].invalidate_model(flush=False)
        records.modified([field.name])

    @api.model
    def _run_rules(self, run, rules, program, apply=True):
        """Ask a batch of rules of one model about all records, in one statement.

        :param run: the ``crm.tag.run`` that keeps the journal
        :param apply: False only writes the journal, for a rehearsal
        :return: rows (action or "beaten", rule id, tag id, winner's rule id, count)
        """
        spec = self.env[rules[0].model]._tagging_spec()
        self._flush_before_run(spec)
        steps = [self._plan_ctes(spec, rules, program)]
        if apply:
            steps.append(self._apply_sql(spec, run))
        steps.append(SQL(self._JOURNAL, run=run.id, model=spec.model))
        with self._planned_for_sets():
            rows = self._execute_steps(steps)
        run.invalidate_recordset(["line_ids"])
        if apply:
            moved = {i for row in rows if row[0] in ("add", "remove") for i in row[5]}
            if moved:
                self._tags_moved(spec, moved)
        return [row[:5] for row in rows]

    @api.model
    @contextmanager
    def _planned_for_sets(self):
        """Let PostgreSQL plan for many rows.

        Right after many tags were put on, statistics still speak of none, and nested
        loops over all records would take minutes; compiling a statement that runs
        once costs more than it saves.
        """
        settings = ("jit", "enable_nestloop")
        current = SQL(", ").join(SQL("current_setting(%s)", name) for name in settings)
        [before] = self.env.execute_query(SQL("SELECT %s", current))
        self._set_settings(dict.fromkeys(settings, "off"))
        yield
        self._set_settings(dict(zip(settings, before, strict=True)))

    @api.model
    def _set_settings(self, values):
        """Set parameters of the database for the rest of the transaction."""
        calls = [SQL("set_config(%s, %s, TRUE)", *item) for item in values.items()]
        self.env.cr.execute(SQL("SELECT %s", SQL(", ").join(calls)))

    @api.model
    def _execute_steps(self, steps):
        return self.env.execute_query(
            SQL(
                """
                WITH %s
                SELECT action, COALESCE(rule_id, old_rule_id), tag_id, NULL::int,
                       count(*), array_agg(record_id)
                  FROM plan GROUP BY 1, 2, 3
                 UNION ALL
                SELECT 'beaten', rule_id, tag_id, winner_id, count(*), NULL
                  FROM beaten GROUP BY 1, 2, 3, 4
                """,
                SQL(", ").join(steps),
            )
        )

    @api.model
    def _flush_before_run(self, spec):
        """Conditions flush their own fields; the joins need these."""
        self.env[spec.tag_model].flush_model(["tag_group_id"])
        self.env["crm.tag.group"].flush_model(["exclusive"])
        self.env["crm.tag.run"].flush_model()
        if "active" in self.env[spec.model]._fields:
            self.env[spec.model].flush_model(["active"])

    # ------------------------------------------------------------
    # RULES THAT FAIL
    # ------------------------------------------------------------

    @api.model
    def _works(self, rule):
        """Ask one rule alone; stop it when it fails."""
        spec: TagSpec = self.env[rule.model]._tagging_spec()
        try:
            with self.env.cr.savepoint(flush=False):
                query = self._matched_sql(spec, [rule])
                if query:
                    self.env.execute_query(SQL("SELECT count(*) FROM (%s) AS m", query))
        except psycopg2.extensions.TransactionRollbackError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a condition raises
            self._stop_rule(rule, error)
            return False
        return True

    @api.model
    def _stop_rule(self, rule, error):
        """Switch a rule to error; the others go on."""
        if isinstance(error, psycopg2.extensions.TransactionRollbackError):
            raise error
        # sudo: a rule fails while somebody else's change is saved
        self.env["crm.tag.rule"].sudo().browse(rule.id)._set_error(error)

    @api.model
    def _take_turn(self):
        """Let only one run go on at a time.

        :raises UserError: when another one is under way
        """
        self.env.cr.execute("SELECT pg_try_advisory_xact_lock(hashtext('crm_tag_run'))")
        if not self.env.cr.fetchone()[0]:
            raise UserError(
                self.env._("Rules are being run at this moment. Try again in a minute.")
            )
