from odoo import api, fields, models

from ..phases.choices import Choices
from ..phases.word_list import WordList
from ..tools import words
from ..tools.fields import label_of

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
            "rest": sum(WordList(self).left_out().values()),
            "has_columns": self._has_choice_columns(),
            "default_owner": self.default_user_id.name or "",
            "editable": self.state == "preview",
            "fields": self._word_fields_info(),
            "words": [self._word_info(word) for word in found],
        }

    def _ordered_word_fields(self) -> list[str]:
        """Fields that have words, in the order of the columns."""
        names = set(self.word_ids.mapped("field_name"))
        columns = [column.target for column in self.column_ids]
        return sorted(names, key=lambda name: columns.index(name) if name in columns
                      else len(columns))  # fmt: skip

    def _has_choice_columns(self) -> bool:
        names = set(Choices(self).fields())
        return any(column.target in names for column in self.column_ids)

    def _word_fields_info(self) -> list[dict]:
        choices = Choices(self)
        return [
            {
                "name": name,
                "label": label_of(name, self.env.lang or "en_US"),
                "choices": choices.offered(name),
                "may_create": choices.may_create(name),
            }
            for name in self._ordered_word_fields()
        ]

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
