from ..phases.choices import Choices
from ..phases.word_list import WordList
from ..tools.fields import label_of

SHOWN_WORDS = 5


class WordPanel:
    """What a person sees of the words of an import: to decide on them, and afterwards
    what became of those nobody decided on.

    :param record: the import, as the reader
    """

    def __init__(self, record):
        self.record = record
        self.env = record.env
        self.words = record.word_ids

    # ------------------------------------------------------------
    # BEFORE
    # ------------------------------------------------------------

    def to_decide(self) -> dict:
        """See ``get_words``."""
        open_words = self.words.filtered(lambda word: word.decision == "none")
        choices = Choices(self.record)
        return {
            "total": len(self.words),
            "decided": len(self.words) - len(open_words),
            "proposals": len(open_words.filtered("proposal")),
            "rest": sum(WordList(self.record).left_out().values()),
            "has_columns": self._has_choice_columns(choices),
            "default_owner": self.record.default_user_id.name or "",
            "editable": self.record.state == "preview",
            "fields": [self._field(name, choices) for name in self._field_names()],
            "words": [self._word(word) for word in self.words],
        }

    def _field_names(self) -> list[str]:
        """Fields that have words, in the order of the columns."""
        names = set(self.words.mapped("field_name"))
        columns = [column.target for column in self.record.column_ids]
        return sorted(names, key=lambda name: columns.index(name) if name in columns
                      else len(columns))  # fmt: skip

    def _has_choice_columns(self, choices) -> bool:
        names = set(choices.fields())
        return any(column.target in names for column in self.record.column_ids)

    def _field(self, name: str, choices) -> dict:
        return {
            "name": name,
            "label": label_of(name, self.env.lang or "en_US"),
            "choices": choices.offered(name),
            "may_create": choices.may_create(name),
        }

    def _word(self, word) -> dict:
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

    # ------------------------------------------------------------
    # AFTERWARDS
    # ------------------------------------------------------------

    def result(self) -> str:
        """Say which values are in the notes, and whose rows have no known owner."""
        sentences = []
        if self.record.noted_count:
            sentences.append(self._noted_sentence())
        if self.record.default_owner_count:
            sentences.append(self._owner_sentence())
        return " ".join(sentences)

    def _noted_sentence(self) -> str:
        noted = self.words.filtered(lambda w: w.decision == "none" and w.used_count)
        return self.env._(
            "%(count)s values are in the notes, because nobody decided on them: "
            "%(words)s.",
            count=self.record.noted_count,
            words=self._some(noted),
        )

    def _owner_sentence(self) -> str:
        unknown = self.words.filtered(
            lambda w: w.field_name == "owner" and w.decision != "choice"
        )
        if not self.record.default_user_id:
            return self.env._(
                "%(count)s rows name an owner nobody could be found for; new customers "
                "among them have no owner: %(words)s.",
                count=self.record.default_owner_count,
                words=self._some(unknown),
            )
        return self.env._(
            "%(count)s rows name an owner nobody could be found for; new customers "
            "among them went to %(owner)s: %(words)s.",
            count=self.record.default_owner_count,
            owner=self.record.default_user_id.name,
            words=self._some(unknown),
        )

    def _some(self, found) -> str:
        """“软件 (12), 贸易 (3), …”, those of the most rows first."""
        found = found.filtered("used_count").sorted("used_count", reverse=True)
        texts = [f"{word.word} ({word.used_count})" for word in found[:SHOWN_WORDS]]
        return ", ".join([*texts, "…"] if len(found) > SHOWN_WORDS else texts)
