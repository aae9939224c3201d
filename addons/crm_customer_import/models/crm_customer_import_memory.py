from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import SQL

from ..phases.choices import Choices, choice_names
from ..tools.fields import label_of
from .crm_customer_import_word import DECISIONS

# what a person may correct
INPUT_FIELDS = {"decision", "value"}


class CrmCustomerImportMemory(models.Model):
    """What a company decided on a word of its lists, for its next lists.

    Grain: one per company, field and folded label. A choice that is gone since is
    passed over, so that an old memory never breaks a new list.
    """

    _name = "crm.customer.import.memory"
    _description = "Remembered Word of Lists"
    _order = "field_name, word, id"
    _rec_name = "word"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True, ondelete="cascade"
    )
    field_name = fields.Char(required=True, readonly=True)
    field_label = fields.Char(compute="_compute_labels", string="Field")
    word = fields.Char(required=True, readonly=True, string="In the List")
    key = fields.Char(required=True, readonly=True)
    decision = fields.Selection(
        [item for item in DECISIONS if item[0] != "none"], required=True
    )
    value = fields.Char(string="Choice Stored")
    value_label = fields.Char(compute="_compute_labels", string="Choice")
    new_name = fields.Char(readonly=True)
    is_gone = fields.Boolean(
        compute="_compute_labels",
        string="Choice Gone",
        help="The choice was removed or archived; the word is asked for again.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Decided by",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    date = fields.Datetime(string="Decided on", readonly=True)

    _word_uniq = models.UniqueIndex("(company_id, field_name, key)")

    @api.depends("field_name", "value", "decision", "new_name")
    @api.depends_context("lang")
    def _compute_labels(self):
        names = {x: choice_names(self.env, x) for x in self.mapped("field_name")}
        for memory in self:
            memory.field_label = label_of(memory.field_name, self.env.lang or "en_US")
            label = names[memory.field_name].get(memory.value, "")
            memory.is_gone = memory.decision == "choice" and not label
            is_new = memory.decision == "new"
            memory.value_label = label or (is_new and memory.new_name) or ""

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    def write(self, vals):
        """A person corrects the decision.

        :raises AccessError: any other field
        :raises ValidationError: a choice that the person may not give
        """
        if self.env.su:
            return super().write(vals)
        if vals.keys() - INPUT_FIELDS:
            raise AccessError(
                self.env._("Of a remembered word only the decision can be changed.")
            )
        result = super().write(vals)
        self._check_choices()
        # sudo: who decided last, on rows just checked
        self.sudo().write({"user_id": self.env.uid, "date": fields.Datetime.now()})
        return result

    def _check_choices(self):
        for memory in self.filtered(lambda memory: memory.decision == "choice"):
            if memory.value not in memory._choices().values(memory.field_name):
                raise ValidationError(
                    self.env._(
                        "“%(word)s”: this choice does not exist or is not yours to "
                        "give. Choose another one.",
                        word=memory.word,
                    )
                )

    def _choices(self) -> Choices:
        """What the reader could name in an import of the company."""
        Import = self.env["crm.customer.import"]
        return Choices(
            Import.new({"user_id": self.env.uid, "company_id": self.company_id.id})
        )

    @api.readonly
    def get_choices(self) -> list[dict]:
        """Return the choices of this word's field as value and label."""
        self.ensure_one()
        self.check_access("read")
        return self._choices().offered(self.field_name)

    # ------------------------------------------------------------
    # ENGINE
    # ------------------------------------------------------------

    @api.model
    def _recall(self, company, keys: set[tuple[str, str]]) -> dict:
        """Return (field, key) -> memory, of the words that are remembered."""
        # sudo: people who import share what the words of the company's lists mean
        known = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("field_name", "in", list({name for name, _key in keys})),
                ("key", "in", list({key for _name, key in keys})),
            ]
        )
        found = {(memory.field_name, memory.key): memory for memory in known}
        return {key: memory for key, memory in found.items() if key in keys}

    @api.model
    def _remember(self, company, words, user) -> None:
        """Keep what a person decided on these words of an import. One statement, so
        that two imports with the same words do not get in each other's way."""
        if not words:
            return
        rows = [
            SQL(
                "(%s, %s, %s, %s, %s, %s, %s, %s, now() AT TIME ZONE 'UTC', %s, %s,"
                " now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC')",
                company.id, word.field_name, word.word, word.key, word.decision,
                word.value or None, word.new_name or None, user.id, user.id, user.id,
            )
            for word in sorted(words, key=lambda word: (word.field_name, word.key))
        ]  # fmt: skip
        self.env.execute_query(
            SQL(
                """INSERT INTO crm_customer_import_memory (
                       company_id, field_name, word, key, decision, value, new_name,
                       user_id, date, create_uid, write_uid, create_date, write_date)
                   VALUES %s
              ON CONFLICT (company_id, field_name, key) DO UPDATE SET
                       decision = EXCLUDED.decision, value = EXCLUDED.value,
                       new_name = EXCLUDED.new_name, user_id = EXCLUDED.user_id,
                       date = EXCLUDED.date, write_uid = EXCLUDED.write_uid,
                       write_date = EXCLUDED.write_date
                RETURNING id""",
                SQL(", ").join(rows),
            )
        )
        self.invalidate_model()
