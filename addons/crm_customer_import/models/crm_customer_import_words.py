from collections import defaultdict
from uuid import uuid4

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import words
from ..tools.fields import FIELDS, PROPERTY_PREFIX, label_of
from ..tools.proposals import Proposer
from .crm_customer_import_lookups import ID_PREFIX
from .crm_customer_import_writing import LOST_TRANSACTION

# A column with more different words is none of choices: those of the most rows are
# asked for, the others go into the notes.
MOST_WORDS = 300
# free words: created unless somebody decides otherwise or a near one is there
FREE_FIELDS = {"tags"}
NEAR_ENOUGH = 80
SHOWN_WORDS = 5


class CrmCustomerImport(models.Model):
    """Values in the company's own words: listed once, decided once, remembered."""

    _inherit = "crm.customer.import"

    word_ids = fields.One2many("crm.customer.import.word", "import_id", copy=False)
    word_count = fields.Integer(compute="_compute_word_counts", string="Words")
    undecided_count = fields.Integer(
        compute="_compute_word_counts", string="Words to Decide"
    )
    noted_count = fields.Integer(
        compute="_compute_word_counts",
        string="Values in the Notes",
        help="Values of imported rows that are in the notes because nobody decided.",
    )
    default_owner_count = fields.Integer(
        compute="_compute_word_counts",
        string="Rows Without Known Owner",
        help="Imported rows that name an owner nobody could be found for.",
    )
    # values of imported rows whose words were too many to be asked for
    beyond_count = fields.Integer(readonly=True, copy=False)
    words_result = fields.Char(compute="_compute_words_result")

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends(
        "word_ids.decision", "word_ids.used_count", "word_ids.field_name",
        "beyond_count",
    )  # fmt: skip
    def _compute_word_counts(self):
        for record in self:
            open_words = record.word_ids.filtered(lambda w: w.decision == "none")
            record.word_count = len(record.word_ids)
            record.undecided_count = len(open_words)
            noted = sum(open_words.mapped("used_count"))
            record.noted_count = noted + record.beyond_count
            record.default_owner_count = sum(
                word.used_count
                for word in record.word_ids
                if word.field_name == "owner" and word.decision != "choice"
            )

    @api.depends("noted_count", "default_owner_count", "default_user_id", "state")
    @api.depends_context("lang")
    def _compute_words_result(self):
        for record in self:
            sentences = []
            if record.noted_count:
                sentences.append(record._noted_sentence())
            if record.default_owner_count:
                sentences.append(record._owner_sentence())
            record.words_result = " ".join(sentences)

    def _noted_sentence(self) -> str:
        noted = self.word_ids.filtered(lambda w: w.decision == "none" and w.used_count)
        return self.env._(
            "%(count)s values are in the notes, because nobody decided on them: "
            "%(words)s.",
            count=self.noted_count,
            words=self._some_words(noted),
        )

    def _owner_sentence(self) -> str:
        unknown = self.word_ids.filtered(
            lambda w: w.field_name == "owner" and w.decision != "choice"
        )
        if not self.default_user_id:
            return self.env._(
                "%(count)s rows name an owner nobody could be found for; new customers "
                "among them have no owner: %(words)s.",
                count=self.default_owner_count,
                words=self._some_words(unknown),
            )
        return self.env._(
            "%(count)s rows name an owner nobody could be found for; new customers "
            "among them went to %(owner)s: %(words)s.",
            count=self.default_owner_count,
            owner=self.default_user_id.name,
            words=self._some_words(unknown),
        )

    def _some_words(self, found) -> str:
        """“软件 (12), 贸易 (3), …”, those of the most rows first."""
        found = found.filtered("used_count").sorted("used_count", reverse=True)
        texts = [f"{word.word} ({word.used_count})" for word in found[:SHOWN_WORDS]]
        return ", ".join([*texts, "…"] if len(found) > SHOWN_WORDS else texts)

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    @api.readonly
    def get_words(self) -> dict:
        """Return the words to decide on, for screens and clients.

        :return: counts, the words with proposal and decision, and by field its
            label, its choices (value, label) and whether new ones may be created
        """
        self.ensure_one()
        self.check_access("read")
        found = self.word_ids
        open_words = found.filtered(lambda word: word.decision == "none")
        return {
            "total": len(found),
            "decided": len(found) - len(open_words),
            "proposals": len(open_words.filtered("proposal")),
            "rest": sum(self._words_left_out().values()),
            "has_columns": self._has_choice_columns(),
            "default_owner": self.default_user_id.name or "",
            "editable": self.state == "preview",
            "fields": [self._field_info(name) for name in self._ordered_word_fields()],
            "words": [self._word_info(word) for word in found],
        }

    def _ordered_word_fields(self) -> list[str]:
        """Fields that have words, in the order of the columns."""
        names = set(self.word_ids.mapped("field_name"))
        columns = [column.target for column in self.column_ids]
        return sorted(names, key=lambda name: columns.index(name) if name in columns
                      else len(columns))  # fmt: skip

    def _has_choice_columns(self) -> bool:
        names = set(self._choice_fields())
        return any(column.target in names for column in self.column_ids)

    def _field_info(self, name: str) -> dict:
        return {
            "name": name,
            "label": label_of(name, self.env.lang or "en_US"),
            "choices": self._offered_choices(name),
            "may_create": self._may_create(name),
        }

    def _word_info(self, word) -> dict:
        return {
            "id": word.id,
            "field": word.field_name,
            "word": word.word,
            "rows": word.row_count,
            "decision": word.decision,
            "value": word.value or "",
            "label": word.value_label or word.new_name or "",
            "by": word.decided_by or "",
            "proposal": word.proposal or "",
            "proposal_label": word.proposal_label or "",
            "confidence": word.confidence,
            "failure": word.failure or "",
        }

    def action_accept_proposals(self):
        """Take the proposals of all words nobody decided on.

        :raises UserError: not in the preview
        """
        self.ensure_one()
        self.word_ids.filtered(lambda word: word.decision == "none").action_accept()
        return True

    def _check_deciding(self):
        """Words are decided on in the preview, by who may change the import."""
        self._begin(("preview",))

    def _follow_words(self, decided):
        """Plan anew where a decision changes what rows are compared with."""
        if words.SHAPING & set(decided.mapped("field_name")):
            self._plan_again()

    # ------------------------------------------------------------
    # CHOICES
    # ------------------------------------------------------------

    def _choice_values(self, name: str) -> set[str]:
        """Stored values that the importing person may give to a field."""
        return {value for _label, value in self._field_pairs(name)}

    def _offered_choices(self, name: str) -> list[dict]:
        """Choices of a field as value and label, in the reader's language."""
        allowed = self._choice_values(name)
        labels = self._choice_names(name)
        return [
            {"value": value, "label": label}
            for value, label in labels.items()
            if value in allowed
        ]

    # ------------------------------------------------------------
    # WORDS OF THE ROWS
    # ------------------------------------------------------------

    def _counted_words(self, condition: SQL) -> list[tuple[str, str, str, int]]:
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
                self.id,
                condition,
            )
        )

    def _sync_words(self):
        """Bring the words in line with the rows just planned: new ones get what is
        remembered or a proposal, those that are gone go, the others keep theirs."""
        counted = self._most_frequent(self._counted_words(SQL("TRUE")))
        known = {(word.field_name, word.key): word for word in self.word_ids}
        present = {(name, key) for name, key, _text, _rows in counted}
        for key, word in known.items():
            if key not in present:
                word.unlink()
        fresh = []
        for name, key, text, rows in counted:
            if word := known.get((name, key)):
                word.row_count = rows
            else:
                fresh.append({"import_id": self.id, "field_name": name, "key": key,
                              "word": text, "row_count": rows})  # fmt: skip
        self._decide_beforehand(fresh)
        self.env["crm.customer.import.word"].create(fresh)

    def _most_frequent(self, counted):
        by_field = defaultdict(list)
        for item in counted:
            by_field[item[0]].append(item)
        return [item for items in by_field.values() for item in items[:MOST_WORDS]]

    def _words_left_out(self) -> dict[str, int]:
        """Field -> words beyond those that are asked for."""
        by_field = defaultdict(int)
        for word in self.word_ids:
            by_field[word.field_name] += 1
        full = [name for name, count in by_field.items() if count >= MOST_WORDS]
        if not full:
            return {}
        counted = self._counted_words(SQL("word->>0 = ANY(%s)", full))
        found = defaultdict(int)
        for name, _key, _text, _rows in counted:
            found[name] += 1
        return {name: count - MOST_WORDS for name, count in found.items()}

    def _decide_beforehand(self, fresh: list[dict]):
        """Fill in what is remembered, what a rule decides, and the proposals."""
        keys = {(vals["field_name"], vals["key"]) for vals in fresh}
        memory = self.env["crm.customer.import.memory"]._recall(self.company_id, keys)
        for name in {name for name, _key in keys}:
            pairs = self._field_pairs(name)
            values = {value for _label, value in pairs}
            proposer = Proposer(name, pairs)
            may_create = self._may_create(name)
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

    def _shaping_decisions(self) -> dict[tuple[str, str], str]:
        """Decisions that planning has to know; see words.SHAPING. A word that is not
        listed yet has what the company remembers of it."""
        # sudo: as in _recall, people who import share what the words mean
        Memory = self.env["crm.customer.import.memory"].sudo()
        remembered = Memory.search(
            [
                ("company_id", "=", self.company_id.id),
                ("field_name", "in", list(words.SHAPING)),
                ("decision", "=", "choice"),
            ]
        )
        found = {(m.field_name, m.key): m.value for m in remembered}
        for word in self.word_ids.filtered(lambda w: w.field_name in words.SHAPING):
            found.pop((word.field_name, word.key), None)
            if word.decision == "choice":
                found[word.field_name, word.key] = word.value
        return found

    # ------------------------------------------------------------
    # SETTLING
    # ------------------------------------------------------------

    def _decided_words(self) -> dict[tuple[str, str], str]:
        """(field, key) -> stored value, '' to leave out; undecided ones are not in it.

        A choice to be created has no value before the import starts: it shows as its
        name and is noted if it could not be created.
        """
        found = {}
        for word in self.word_ids:
            if word.decision == "out":
                found[word.field_name, word.key] = ""
            elif word.value or (word.decision == "new" and self.state == "preview"):
                found[word.field_name, word.key] = word.value or word.new_name
        return found

    def _settle_words(self):
        """Make the decisions final: with the rights of the person who imports, create
        the choices that rows need, and drop what cannot be carried out any more."""
        self._count_used_words()
        for name, own in self.word_ids.grouped("field_name").items():
            values = self._choice_values(name)
            gone = own.filtered(
                lambda w: w.decision == "choice" and w.value not in values  # noqa: B023
            )
            gone.write({"decision": "none", "value": False, "decided_by": False})
            self._create_choices(
                name, own.filtered(lambda w: w.decision == "new" and w.used_count)
            )
        decided = self.word_ids.filtered(
            lambda w: w.decided_by == "person" and w.decision != "none"
        )
        self.env["crm.customer.import.memory"]._remember(
            self.company_id, decided, self.user_id
        )

    def _count_used_words(self):
        """Count the rows that are to be, or were, created or updated with a word."""
        condition = SQL("line.decision IN ('create', 'update')")
        counted = {row[:2]: row[3] for row in self._counted_words(condition)}
        for word in self.word_ids:
            word.used_count = counted.pop((word.field_name, word.key), 0)
        self.beyond_count = sum(counted.values())

    def _create_choices(self, name: str, own):
        """Create one choice for all words that want the same name."""
        if not own:
            return
        may_create = self._may_create(name)
        known = {words.word_key(x): value for x, value in self._field_pairs(name)}
        for key, same in own.grouped(lambda w: words.word_key(w.new_name)).items():
            if key in known:  # somebody created it meanwhile
                same.write({"value": known[key]})
            elif not may_create:
                same._not_created(self._no_right_sentence())
            else:
                self._create_choice(name, same)

    def _no_right_sentence(self) -> str:
        return self._importer_env()._("You may not create choices of this field.")

    def _create_choice(self, name: str, own):
        try:
            with self.env.cr.savepoint():
                value = self._created_value(name, own[0].new_name)
        except LOST_TRANSACTION:
            raise
        except (UserError, psycopg2.Error) as error:
            own._not_created(self._failure_sentence(error))
        else:
            own.write({"value": value})

    def _created_value(self, name: str, label: str) -> str:
        """Create a choice with the importing person's rights; returns its value."""
        if name.startswith(PROPERTY_PREFIX):
            return self._created_property_option(name, label)
        comodel = self.env["res.partner"]._fields[FIELDS[name].target].comodel_name
        option = self._importer_env()[comodel].create({"name": label})
        self._note_created(comodel, option.id)
        return f"{ID_PREFIX}{option.id}"

    def _created_property_option(self, name: str, label: str) -> str:
        definition = self._property_definition().with_env(self._importer_env())
        properties = definition.properties_definition
        title, key = name.removeprefix(PROPERTY_PREFIX), uuid4().hex[:16]
        changed = []
        for one in properties:
            if one.get("string") == title:
                kind = one["type"]
                option = [key, label] if kind == "selection" else [key, label, 1]
                one = {**one, kind: [*(one.get(kind) or []), option]}
            changed.append(one)
        definition.properties_definition = changed
        self._note_created(name, key)
        return key

    def _note_created(self, model: str, created):
        """Undo removes what nobody else uses; see _remove_options."""
        noted = dict(self.created_options or {})
        noted[model] = [*noted.get(model, ()), created]
        self.created_options = noted
