"""The statements of the engine do what the definition says, on random small worlds."""

from collections import Counter
from unittest.mock import patch

from hypothesis import example, given, settings

from odoo.tests import tagged

from . import tag_worlds
from .common import TaggingCommon

LONG_AGO = "2020-02-02 02:02:02"


class Placed(TaggingCommon):
    """A world of ``tag_worlds`` in the database, and back.

    Places are made once; each world is written over the one before by plain SQL, for
    nothing of a world must depend on how it came about.
    """

    model = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.companies = cls.env.company | cls.env["res.company"].create(
            {"name": "There"}
        )
        cls.local = cls.make_user("local", "sales_team.group_sale_manager")
        cls.groups = {
            number: cls.make_group(f"World {number}")
            for number in set(tag_worlds.GROUPS.values())
        }
        cls.spec = cls.env[cls.model]._tagging_spec()
        categories = {
            number: cls.make_tag(f"W{number}", cls.groups.get(group))
            for number in tag_worlds.TAGS
            for group in [tag_worlds.GROUPS.get(number)]
        }
        cls.tags = {n: cls.own_tag(tag).id for n, tag in categories.items()}
        cls.records = cls.env[cls.model].browse(
            cls.make_record(number).id for number in tag_worlds.RECORDS
        )
        cls.rules = cls.env["crm.tag.rule"].browse(
            cls.make_draft(
                f"W{number}", [("city", "=", "T")], add=categories[1], model=cls.model
            ).id
            for number in tag_worlds.RULES
        )
        cls.categories = {number: tag.id for number, tag in categories.items()}
        cls.lead = cls.make_lead("Source")
        cls.env.flush_all()

    @classmethod
    def own_tag(cls, category):
        same = cls.spec.tag_model == category._name
        return category if same else category.crm_tag_id

    @classmethod
    def make_record(cls, number):
        return cls.env[cls.model].create({"name": f"W{number}"})

    # ------------------------------------------------------------
    # PLACING
    # ------------------------------------------------------------

    def place(self, world):
        self.env.flush_all()
        for number, group in self.groups.items():
            self.sql(
                "UPDATE crm_tag_group SET exclusive = %s WHERE id = %s",
                number in world.groups.values(),
                group.id,
            )
        for number, record in enumerate(world.records):
            self._place_record(self.records[number].id, record)
        for sequence, rule in enumerate(world.rules):
            self._place_rule(sequence, rule)
        self.env.invalidate_all()
        self.env.registry.clear_cache()

    def sql(self, query, *values):
        self.env.cr.execute(query, values)

    def _company(self, number):
        return None if number is None else self.companies[number].id

    def _place_record(self, record_id, record):
        spec = self.spec
        self.sql(
            f"UPDATE {spec.table} SET active = %s, company_id = %s, city = %s "
            "WHERE id = %s",
            record.active,
            self._company(record.company),
            record.city,
            record_id,
        )
        self.sql(f"DELETE FROM {spec.reason_table} WHERE record_id = %s", record_id)
        self.sql(
            f"DELETE FROM {spec.relation} WHERE {spec.record_column} = %s", record_id
        )
        for tag, who in record.tags.items():
            self.sql(
                f"INSERT INTO {spec.relation} ({spec.record_column}, "
                f"{spec.tag_column}) VALUES (%s, %s)",
                record_id,
                self.tags[tag],
            )
            if who != "before":
                self._place_reason(record_id, self.tags[tag], who)

    def _place_reason(self, record_id, tag_id, who):
        is_rule = who not in tag_worlds.PEOPLE
        self.sql(
            f"INSERT INTO {self.spec.reason_table} "
            "(record_id, tag_id, kind, rule_id, user_id, lead_id, date) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s)",
            record_id,
            tag_id,
            "rule" if is_rule else who,
            self.rules[who].id if is_rule and who != tag_worlds.GONE else None,
            self.env.uid if who in ("person", "import") else None,
            self.lead.id if who == "lead" else None,
            LONG_AGO,
        )

    def _place_rule(self, sequence, rule):
        rule_id = self.rules[rule.number].id
        self.sql(
            "UPDATE crm_tag_rule SET sequence = %s, domain = %s, company_id = %s, "
            "state = %s, author_id = %s WHERE id = %s",
            sequence,
            repr(self._domain(rule)),
            self._company(rule.company),
            "ok" if rule.in_use else "draft",
            self.local.id if rule.local else self.env.uid,
            rule_id,
        )
        for table, tags in (
            ("crm_tag_rule_add_rel", rule.puts),
            ("crm_tag_rule_remove_rel", rule.takes),
        ):
            self.sql(f"DELETE FROM {table} WHERE rule_id = %s", rule_id)
            for tag in tags:
                self.sql(
                    f"INSERT INTO {table} (rule_id, tag_id) VALUES (%s, %s)",
                    rule_id,
                    self.categories[tag],
                )

    def _domain(self, rule):
        words = {
            "archived too": lambda _value: ("active", "in", [True, False]),
            "city": lambda value: ("city", "=", value),
            "company": lambda value: ("company_id", "=", self._company(value) or False),
            "company's name": lambda value: (
                "company_id.name",
                "=",
                self.companies[value].name,
            ),
            "tag": lambda value: (self.spec.field, "in", [self.tags[value]]),
            "no tag": lambda value: (self.spec.field, "not in", [self.tags[value]]),
        }
        leaves = [words[what](value) for what, value in rule.asks]
        return [("id", "in", self.records.ids), *leaves]

    # ------------------------------------------------------------
    # READING
    # ------------------------------------------------------------

    def used(self, world):
        numbers = [rule.number for rule in world.rules if rule.in_use]
        return self.rules.browse([self.rules[number].id for number in numbers])

    def rows_expected(self, before, expected, run):
        """Return all that is kept of the tags afterwards, as ``state_of``: what is not
        changed is as before, date included.

        :param before: the rows before
        :param expected: the outcome by the definition
        """
        untouched = {row[:2]: row for row in before}
        now = self.env.cr.now().replace(microsecond=0)
        changed = {row[:2] for row in expected.journal}
        rows = []
        for number, tags in enumerate(expected.records):
            for tag, who in tags.items():
                pair = self.records[number].id, self.tags[tag]
                if (number, tag) in changed:
                    rule = self._rule(who)
                    rows.append((*pair, "rule", rule, run, None, None, now))
                else:
                    rows.append(untouched[pair])
        return sorted(rows, key=lambda row: row[:2])

    def _rule(self, number):
        return None if number is None else self.rules[number].id

    def journal_expected(self, expected):
        return sorted(
            (
                (
                    self.records[number].id,
                    self.tags[tag],
                    action,
                    self._rule(rule),
                    self._rule(before),
                )
                for number, tag, action, rule, before in expected.journal
            ),
            key=str,
        )

    def journal_of(self, run):
        self.env.flush_all()
        self.sql(
            "SELECT record_id, tag_id, action, rule_id, old_rule_id "
            "FROM crm_tag_run_line WHERE run_id = %s AND model = %s",
            run.id,
            self.model,
        )
        return sorted(self.env.cr.fetchall(), key=str)

    def counts_expected(self, expected):
        """Return what the run is told: how many of each."""
        counts = Counter(
            (action, self._rule(rule), self.tags[tag], None)
            for _number, tag, action, rule, _before in expected.journal
        )
        for (rule, tag, winner), count in expected.beaten.items():
            key = "beaten", self._rule(rule), self.tags[tag], self._rule(winner)
            counts[key] += count
        return counts

    def run_counted(self, run):
        """Go through with a run; return what it was told, summed up."""
        engine, counts = self.env["crm.tag.engine"], Counter()
        asked = type(engine)._run_rules

        def listen(*args):
            rows = asked(*args)
            for *key, count in rows:
                counts[tuple(key)] += count
            return rows

        with patch.object(type(engine), "_run_rules", listen):
            while run.pending:
                run._process_batch()
        return counts


class StatementIsDefinition:
    """The property itself, for each model."""

    def check_run(self, world, apply=True):
        """Run or rehearse the rules of a world that is placed.

        :return: the outcome by the definition
        """
        expected = tag_worlds.night(world, apply)
        before = self.state_of(self.records)
        run = self.env["crm.tag.run"]._start(
            self.used(world), "manual" if apply else "rehearsal"
        )
        counts = self.run_counted(run)
        self.assertEqual(dict(counts), dict(self.counts_expected(expected)))
        self.assertEqual(self.journal_of(run), self.journal_expected(expected))
        after = self.rows_expected(before, expected, run.id) if apply else before
        self.assertEqual(self.state_of(self.records), after)
        return expected

    def check_two_runs(self, world):
        """A run does what the definition says; so does a second one, for which mostly
        nothing is left."""
        self.place(world)
        expected = self.check_run(world)
        records = [
            record._replace(tags=tags)
            for record, tags in zip(world.records, expected.records, strict=True)
        ]
        self.check_run(world._replace(records=tuple(records)))

    def check_rehearsal(self, world):
        """A rehearsal says what a run does, and does nothing."""
        self.place(world)
        self.check_run(world, apply=False)
        self.check_run(world)

    def check_change(self, world):
        """The same when all records are saved instead of a run."""
        self.place(world)
        before = self.state_of(self.records)
        with self.env["crm.tag.engine"]._collecting() as changes:
            changes.created(self.records)
        expected = tag_worlds.change(world)
        after = self.rows_expected(before, expected, None)
        self.assertEqual(self.state_of(self.records), after)


@tagged("post_install", "-at_install")
class TestWhoIsBeaten(TaggingCommon):
    """What a run tells the rules about an exclusive group that a person filled."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        level = cls.make_group("Test Level", exclusive=True)
        cls.vip, cls.key = cls.make_tag("VIP", level), cls.make_tag("Key", level)
        cls.partner = cls.make_partner(tags=cls.key, city="T-Shanghai")

    def make_pair(self, first, second):
        """Two rules that match, each with its tag, in this order."""
        return [
            self.make_draft(
                f"{sequence}", [("city", "=", "T-Shanghai")], add=tag, sequence=sequence
            )
            for sequence, tag in enumerate((first, second))
        ]

    def test_a_rule_that_wants_the_persons_own_tag_is_not_beaten(self):
        """It is there. Only the one that wants another has to give way. # T1 T3"""
        other, same = self.make_pair(self.vip, self.key)
        self.run_rules(other | same)
        self.assertIn("1 records carry another tag", other.fight_note)
        self.assertFalse(same.fight_note)
        self.assertEqual(self.partner.category_id, self.key)

    def test_a_persons_tag_wins_though_a_rule_wants_it_as_well(self):
        """To stop that rule would not help. # T1 T3"""
        same, other = self.make_pair(self.key, self.vip)
        self.run_rules(other | same)
        self.assertIn("1 records carry another tag", other.fight_note)
        self.assertFalse(same.fight_note)


@tagged("post_install", "-at_install")
class TestStatementsOnPartners(StatementIsDefinition, Placed):
    model = "res.partner"

    @settings(max_examples=60)
    @given(tag_worlds.worlds())
    @example(tag_worlds.CONTESTED)
    def test_a_run_does_what_the_definition_says(self, world):
        """Companies, archived, groups, levels, people's tags, takes, authors. # T3"""
        self.check_two_runs(world)

    @settings(max_examples=60)
    @given(tag_worlds.worlds())
    @example(tag_worlds.CONTESTED)
    def test_a_change_does_what_the_definition_says(self, world):
        """Both ways come to the same. # T3"""
        self.check_change(world)


@tagged("post_install", "-at_install")
class TestStatementsOnLeads(StatementIsDefinition, Placed):
    model = "crm.lead"

    @settings(max_examples=15)
    @given(tag_worlds.worlds())
    @example(tag_worlds.CONTESTED)
    def test_a_rehearsal_and_a_run_do_what_the_definition_says(self, world):
        """The tags of leads are twins of those the rules name. # T3 T4"""
        self.check_rehearsal(world)

    @settings(max_examples=15)
    @given(tag_worlds.worlds())
    @example(tag_worlds.CONTESTED)
    def test_a_change_does_what_the_definition_says(self, world):
        """Both ways come to the same. # T3 T4"""
        self.check_change(world)
