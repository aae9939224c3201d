from collections import defaultdict
from contextlib import contextmanager

from odoo import SUPERUSER_ID, api, models, tools
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..statements import tag_applying, tag_asking, tag_deciding
from ..tools import tag_plan

CHANGES = "crm_tag_changes"  # key in the cursor's cache


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

    What is asked, when, and who is told stands here; the statements are built in
    ``statements``. Two ways lead to the same outcome. ``_run_rules`` computes and
    applies all of a batch of rules in one statement, for any number of records.
    ``_evaluate`` asks the rules a change concerns about the records changed, and
    decides by ``tools.tag_plan.plan``, which also is the definition of what is right.
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
        # what waits to be written is no rule's doing, and must not go with its failure
        self.env.flush_all()
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
        exclusive = program.groups_of(rules[0].model)
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
            groups |= {
                tag: exclusive[tag]
                for word in says
                for tag in word.puts
                if tag in exclusive
            }
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
        """
        rows = self.env.execute_query(tag_asking.current(spec, rules, ids))
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
        env = self._rule_env()
        asked = [
            (position, self._rule_query(rule, env))
            for position, rule in enumerate(rules)
        ]
        return tag_asking.matched(spec, asked, ids)

    # ------------------------------------------------------------
    # APPLYING
    # ------------------------------------------------------------

    @api.model
    def _write_rows(self, spec, rows):
        """Apply rows (record, tag, action, rule) in one statement."""
        self.env.cr.execute(tag_applying.change(spec, rows, self.env.cr.now()))
        self._tags_moved(spec, {row[0] for row in rows})

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
        statement = tag_applying.run(
            tag_deciding.Family(spec, rules, program.groups_of(spec.model)),
            self._matched_sql(spec, rules),
            run.id,
            self.env.cr.now() if apply else None,
        )
        with self._planned_for_sets():
            rows = self.env.execute_query(statement)
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
        spec = self.env[rule.model]._tagging_spec()
        self.env.flush_all()
        try:
            with self.env.cr.savepoint(flush=False):
                query = self._matched_sql(spec, [rule])
                if query:
                    self.env.execute_query(SQL("SELECT count(*) FROM (%s) AS m", query))
        except Exception as error:  # noqa: BLE001 - whatever a condition raises
            self._stop_rule(rule, error)
            return False
        return True

    @api.model
    def _stop_rule(self, rule, error):
        """Switch a rule to error; the others go on.

        :raises Exception: ``error``, when it is nobody's fault
        """
        if self.env["crm.job"]._is_nobodys_fault(error):
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
