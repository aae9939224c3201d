from odoo import api, fields, models

from ..tools import words
from .word_panel import WordPanel


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
            record.words_result = WordPanel(record).result()

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
        return WordPanel(self).to_decide()

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
