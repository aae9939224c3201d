from collections import defaultdict

import psycopg2

from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import words
from ..tools.fields import FIELDS, PROPERTY_PREFIX
from ..tools.proposals import Proposer
from .choices import ID_PREFIX, Choices
from .custom_fields import CustomFields
from .failures import LOST_TRANSACTION, failure_sentence

# A column with more different words is none of choices: those of the most rows are
# asked for, the others go into the notes.
MOST_WORDS = 300
# free words: created unless somebody decides otherwise or a near one is there
FREE_FIELDS = {"tags"}
NEAR_ENOUGH = 80


class WordList:
    """The company's own words in a list: each listed once, decided beforehand where
    something is known of it, and carried out when the import begins.

    :param record: the import, as the system; as the reader to be asked only
    """

    def __init__(self, record):
        self.record = record
        self.env = record.env
        self.choices = Choices(record)

    # ------------------------------------------------------------
    # WORDS OF THE ROWS
    # ------------------------------------------------------------

    def sync(self):
        """Bring the words in line with the rows just planned: new ones get what is
        remembered or a proposal, those that are gone go, the others keep theirs."""
        counted = self._most_frequent(self._counted(SQL("TRUE")))
        known = {(word.field_name, word.key): word for word in self.record.word_ids}
        present = {(name, key) for name, key, _text, _rows in counted}
        for key, word in known.items():
            if key not in present:
                word.unlink()
        fresh = []
        for name, key, text, rows in counted:
            if word := known.get((name, key)):
                word.row_count = rows
            else:
                fresh.append({"import_id": self.record.id, "field_name": name,
                              "key": key, "word": text, "row_count": rows})  # fmt: skip
        self._decide_beforehand(fresh)
        self.env["crm.customer.import.word"].create(fresh)

    def count_used(self):
        """Count the rows that are to be, or were, created or updated with a word."""
        condition = SQL("line.decision IN ('create', 'update')")
        counted = {row[:2]: row[3] for row in self._counted(condition)}
        for word in self.record.word_ids:
            word.used_count = counted.pop((word.field_name, word.key), 0)
        self.record.beyond_count = sum(counted.values())

    def left_out(self) -> dict[str, int]:
        """Field -> words beyond those that are asked for."""
        by_field = defaultdict(int)
        for word in self.record.word_ids:
            by_field[word.field_name] += 1
        full = [name for name, count in by_field.items() if count >= MOST_WORDS]
        if not full:
            return {}
        counted = self._counted(SQL("word->>0 = ANY(%s)", full))
        found = defaultdict(int)
        for name, _key, _text, _rows in counted:
            found[name] += 1
        return {name: count - MOST_WORDS for name, count in found.items()}

    def _counted(self, condition: SQL) -> list[tuple[str, str, str, int]]:
        """(field, key, most frequent writing, rows) of the words of the rows that
        meet a condition. One statement for any number of rows."""
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """SELECT word->>0, word->>2,
                          mode() WITHIN GROUP (ORDER BY word->>1), count(*)
                     FROM crm_customer_import_line line,
                          jsonb_array_elements(line.words) word
                    WHERE line.import_id = %s AND jsonb_typeof(line.words) = 'array'
                      AND %s
                 GROUP BY 1, 2
                 ORDER BY 4 DESC, 1, 2""",
                self.record.id,
                condition,
            )
        )

    def _most_frequent(self, counted):
        by_field = defaultdict(list)
        for item in counted:
            by_field[item[0]].append(item)
        return [item for items in by_field.values() for item in items[:MOST_WORDS]]

    # ------------------------------------------------------------
    # BEFOREHAND
    # ------------------------------------------------------------

    def _decide_beforehand(self, fresh: list[dict]):
        """Fill in what is remembered, what a rule decides, and the proposals."""
        keys = {(vals["field_name"], vals["key"]) for vals in fresh}
        Memory = self.env["crm.customer.import.memory"]
        memory = Memory._recall(self.record.company_id, keys)
        for name in {name for name, _key in keys}:
            pairs = self.choices.pairs(name)
            values = {value for _label, value in pairs}
            proposer = Proposer(name, pairs)
            may_create = self.choices.may_create(name)
            for vals in fresh:
                if vals["field_name"] == name:
                    known = memory.get((name, vals["key"]))
                    vals |= self._proposal_vals(proposer, vals["word"])
                    vals |= self._beforehand_vals(vals, known, values, may_create)

    def _proposal_vals(self, proposer: Proposer, word: str) -> dict:
        proposal = proposer.propose(word)
        return {"proposal": proposal.value, "confidence": proposal.confidence}

    def _beforehand_vals(self, vals, memory, values, may_create) -> dict:
        """A memory counts as long as it can be carried out by this person."""
        if memory and memory.decision == "out":
            return {"decision": "out", "decided_by": "memory"}
        if memory and memory.value in values:
            return {"decision": "choice", "value": memory.value, "decided_by": "memory"}
        if memory and memory.decision == "new" and may_create:
            return {"decision": "new", "new_name": memory.new_name or vals["word"],
                    "decided_by": "memory"}  # fmt: skip
        is_free = vals["field_name"] in FREE_FIELDS
        if is_free and may_create and vals["confidence"] < NEAR_ENOUGH:
            return {"decision": "new", "new_name": vals["word"], "decided_by": "rule"}
        return {}

    def shaping(self) -> dict[tuple[str, str], str]:
        """Decisions that planning has to know; see words.SHAPING. A word that is not
        listed yet has what the company remembers of it."""
        # sudo: as in _recall, people who import share what the words mean
        Memory = self.env["crm.customer.import.memory"].sudo()
        remembered = Memory.search(
            [
                ("company_id", "=", self.record.company_id.id),
                ("field_name", "in", list(words.SHAPING)),
                ("decision", "=", "choice"),
            ]
        )
        found = {(m.field_name, m.key): m.value for m in remembered}
        shaping = self.record.word_ids.filtered(lambda w: w.field_name in words.SHAPING)
        for word in shaping:
            found.pop((word.field_name, word.key), None)
            if word.decision == "choice":
                found[word.field_name, word.key] = word.value
        return found

    # ------------------------------------------------------------
    # SETTLING
    # ------------------------------------------------------------

    def settle(self):
        """Make the decisions final: with the rights of the person who imports, create
        the choices that rows need, and drop what cannot be carried out any more."""
        self.count_used()
        for name, own in self.record.word_ids.grouped("field_name").items():
            values = self.choices.values(name)
            gone = own.filtered(
                lambda w: w.decision == "choice" and w.value not in values  # noqa: B023
            )
            gone.write({"decision": "none", "value": False, "decided_by": False})
            self._create_choices(
                name, own.filtered(lambda w: w.decision == "new" and w.used_count)
            )
        decided = self.record.word_ids.filtered(
            lambda w: w.decided_by == "person" and w.decision != "none"
        )
        self.env["crm.customer.import.memory"]._remember(
            self.record.company_id, decided, self.record.user_id
        )

    def _create_choices(self, name: str, own):
        """Create one choice for all words that want the same name."""
        if not own:
            return
        may_create = self.choices.may_create(name)
        known = {words.word_key(x): value for x, value in self.choices.pairs(name)}
        for key, same in own.grouped(lambda w: words.word_key(w.new_name)).items():
            if key in known:  # somebody created it meanwhile
                same.write({"value": known[key]})
            elif not may_create:
                same._not_created(self._no_right_sentence())
            else:
                self._create_choice(name, same)

    def _no_right_sentence(self) -> str:
        return self.choices.person._("You may not create choices of this field.")

    def _create_choice(self, name: str, own):
        try:
            with self.env.cr.savepoint():
                value = self._created_value(name, own[0].new_name)
        except LOST_TRANSACTION:
            raise
        except (UserError, psycopg2.Error) as error:
            own._not_created(failure_sentence(self.choices.person, error))
        else:
            own.write({"value": value})

    def _created_value(self, name: str, label: str) -> str:
        """Create a choice with the importing person's rights; returns its value."""
        person = self.choices.person
        if name.startswith(PROPERTY_PREFIX):
            title = name.removeprefix(PROPERTY_PREFIX)
            key = CustomFields(person).add_option(title, label)
            self._note_created(name, key)
            return key
        comodel = person["res.partner"]._fields[FIELDS[name].target].comodel_name
        option = person[comodel].create({"name": label})
        self._note_created(comodel, option.id)
        return f"{ID_PREFIX}{option.id}"

    def _note_created(self, model: str, created):
        """Undo removes what nobody else uses; see Undoing."""
        noted = dict(self.record.created_options or {})
        noted[model] = [*noted.get(model, ()), created]
        self.record.created_options = noted
