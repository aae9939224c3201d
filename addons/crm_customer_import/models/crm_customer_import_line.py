from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.crm_suite_base.calls import shaped

from ..phases.choices import choice_names
from ..phases.custom_fields import CustomFields
from ..phases.reading import Reading
from ..tools import cleaning, planning, workbook
from ..tools.fields import FIELDS, label_of
from ..tools.words import Word, settle
from ..tools.wrong_cells import corrected_row
from .messages import problem_message, reason_message

# reasons whose row no person can send in: it would write what the database refuses
# or reach into customers the person may not see
FINAL_REASONS = {"not_visible", "not_writable", "code_taken"}
TITLE_FIELDS = ("company_name", "contact_name")


class CrmCustomerImportLine(models.Model):
    """A row of the list: what it held, what it becomes, what was done.

    Grain: one per filled row of the file. Written by the import only; a person
    changes ``decision`` and ``partner_id``, and corrects cells.
    """

    _name = "crm.customer.import.line"
    _link_gate = True
    _description = "Row of a Customer Import"
    _order = "import_id, row_number"
    _rec_name = "title"

    import_id = fields.Many2one(
        "crm.customer.import", required=True, ondelete="cascade"
    )
    row_number = fields.Integer(
        string="Row", required=True, aggregator=None, help="As in the spreadsheet."
    )
    title = fields.Char(string="Customer", readonly=True)

    # decision
    decision = fields.Selection(
        [
            ("create", "Create"),
            ("update", "Update"),
            ("skip", "Skip"),
            ("refuse", "Refuse"),
        ],
        required=True,
        default="refuse",
    )
    is_forced = fields.Boolean(readonly=True, help="A person decided for this row.")
    is_planned = fields.Boolean(readonly=True)
    reason_code = fields.Char(readonly=True)
    reason = fields.Char(compute="_compute_reason")
    # [field, code, value] each; problems refuse the row, warnings do not
    problems = fields.Json(readonly=True)
    warnings = fields.Json(readonly=True)
    # what the database or another module answered, in the importer's language
    failure = fields.Char(readonly=True)

    # content
    source_values = fields.Json(readonly=True, help="The cells as read.")
    cell_problems = fields.Json(readonly=True)
    values = fields.Json(readonly=True, help="The cleaned values by field.")
    # [field, text, key] of labels that are none of the choices, see tools/words.py
    words = fields.Json(readonly=True)
    keys = fields.Json(readonly=True)
    source_text = fields.Char(compute="_compute_texts", string="In the File")
    result_text = fields.Char(compute="_compute_texts", string="Becomes")

    # target
    same_as_row = fields.Integer(readonly=True, aggregator=None)
    contact_action = fields.Selection(
        [("create", "Create"), ("update", "Update")], readonly=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer to Update",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    contact_id = fields.Many2one(
        "res.partner", readonly=True, index="btree_not_null", ondelete="set null"
    )

    # journal
    state = fields.Selection(
        [
            ("pending", "Waiting"),
            ("done", "Done"),
            ("undone", "Undone"),
            ("kept", "Kept"),
        ],
        required=True,
        readonly=True,
        default="pending",
    )
    # ids of the partners this row created, the customer first
    created_ids = fields.Json(readonly=True)
    # partner id -> field -> value before and right after this row
    previous_values = fields.Json(readonly=True)
    written_values = fields.Json(readonly=True)
    undo_note = fields.Char(readonly=True, string="Why Kept")
    is_sampled = fields.Boolean(readonly=True)

    _import_row_uniq = models.UniqueIndex("(import_id, row_number)")
    _import_decision_idx = models.Index("(import_id, decision, state)")

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends(
        "reason_code", "problems", "warnings", "failure", "same_as_row", "words",
        "import_id.word_ids.decision", "import_id.word_ids.value",
    )  # fmt: skip
    @api.depends_context("lang")
    def _compute_reason(self):
        for record, lines in self.grouped("import_id").items():
            decided = record._decided_words() if any(lines.mapped("words")) else {}
            for line in lines:
                line.reason = line._reason_sentence(decided)

    def _noted_words(self, decided) -> list[tuple[str, str, str]]:
        """[field, code, value] of the words that go into the notes as it stands."""
        if self.decision not in ("create", "update"):
            return []
        noted = [w.text for w in self._words() if (w.field, w.key) not in decided]
        return [("", "words_noted", ", ".join(noted))] if noted else []

    def _reason_sentence(self, decided) -> str:
        """Why the row is decided so, in the reader's language."""
        if self.failure:
            return self.failure
        lang = self.env.lang or "en_US"
        sentences = []
        found = [*(self.problems or ()), *(self.warnings or ())]
        for name, code, value in [*found, *self._noted_words(decided)]:
            label = label_of(name, lang) if name else ""
            sentence = problem_message(self.env, code, value)
            sentences.append(f"{label}: {sentence}" if label else sentence)
        if not self.problems and self.reason_code:
            sentence = reason_message(self.env, self.reason_code, self.same_as_row)
            sentences.insert(0, sentence)
        return " ".join(sentences)

    @api.depends(
        "source_values", "values", "words",
        "import_id.word_ids.decision", "import_id.word_ids.value",
    )  # fmt: skip
    @api.depends_context("lang")
    def _compute_texts(self):
        custom = CustomFields(self.env)
        for record, lines in self.grouped("import_id").items():
            worded = any(lines.mapped("words"))
            decided = record._decided_words() if worded else {}
            lists = custom.list_fields() if worded else frozenset()
            shown = {
                line: settle(line.values or {}, line._words(), decided, lists).values
                for line in lines
            }
            used = {name for values in shown.values() for name in values}
            names = {name: choice_names(self.env, name) for name in used}
            for line, values in shown.items():
                line.source_text = " | ".join(filter(None, line.source_values or ()))
                line.result_text = line._result_sentence(values, names)

    def _result_sentence(self, values, names) -> str:
        lang = self.env.lang or "en_US"
        return " | ".join(
            f"{label_of(name, lang)}: {self._shown_value(value, names[name])}"
            for name, value in self._ordered_values(values)
        )

    def _ordered_values(self, values) -> list[tuple[str, object]]:
        """Cleaned values in the order of the fields; JSON storage has none."""
        place = {name: position for position, name in enumerate(FIELDS)}
        return sorted(values.items(), key=lambda item: place.get(item[0], len(place)))

    def _shown_value(self, value, names: dict[str, str]) -> str:
        items = value if isinstance(value, list) else [value]
        return ", ".join(names.get(item, item) for item in items)

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    def write(self, vals):
        """A person changes the decision, or the customer to update.

        :raises AccessError: any other field
        :raises UserError: a decision the row cannot have
        """
        if self.env.su:
            return super().write(vals)
        self._check_input(vals)
        if "partner_id" in vals:
            self._choose_customer(vals["partner_id"])
            if vals["partner_id"] or "decision" not in vals:
                return True
        # sudo: the mark that a person decided, on rows just checked
        lines = self.sudo()
        marks = {"decision": vals["decision"], "is_forced": True}
        if vals["decision"] in ("create", "skip"):
            marks["chosen_id"] = False
        # why a row can never be imported stays known, whatever is decided in between
        final = lines.filtered(lambda line: line.reason_code in FINAL_REASONS)
        super(CrmCustomerImportLine, final).write(marks)
        marks["reason_code"] = "by_person"
        super(CrmCustomerImportLine, lines - final).write(marks)
        if vals["decision"] in ("create", "update"):
            for record, own in lines.grouped("import_id").items():
                unnamed = own.filtered(lambda line: not line.chosen_id)
                Reading(record).plan_contacts(unnamed)
        return True

    def _check_input(self, vals):
        if not vals or vals.keys() - {"decision", "partner_id"}:
            raise AccessError(
                self.env._(
                    "Of a row only the decision and the customer to update can be "
                    "changed by hand."
                )
            )
        self.check_access("write")
        chosen = bool(vals.get("partner_id"))
        wanted = "update" if chosen else vals.get("decision")
        for line in self.filtered(lambda line: wanted not in (None, line.decision)):
            line._check_choice(wanted, chosen)

    def _check_choice(self, decision: str, chosen: bool = False):
        if self.import_id.state != "preview":
            raise UserError(self.env._("Decisions can be changed in the preview only."))
        if decision in ("create", "update") and not self._may_be_imported():
            raise UserError(
                self.env._(
                    "Row %(row)s cannot be imported: %(reason)s Correct it in the "
                    "list and import that again.",
                    row=self.row_number,
                    reason=self.reason,
                )
            )
        known = chosen or self.partner_id or self.same_as_row
        if decision == "update" and not known:
            raise UserError(
                self.env._(
                    "Row %(row)s matches no customer that could be updated.",
                    row=self.row_number,
                )
            )

    def _may_be_imported(self) -> bool:
        return not (self.problems or self.reason_code in FINAL_REASONS)

    @shaped
    def action_decide(self, decision: str):
        """Decide for all these rows at once; rows that cannot have the decision
        keep theirs.

        :param decision: create, update, skip or refuse
        :return: a notification with the number of rows changed
        """
        if decision not in dict(self._fields["decision"].selection):
            raise UserError(self.env._("There is no such decision."))
        able = self
        if decision in ("create", "update"):
            able = able.filtered(lambda line: line._may_be_imported())
        if decision == "update":
            able = able.filtered(lambda line: line.partner_id or line.same_as_row)
        able.write({"decision": decision})
        return self._notify_decided(len(able), len(self))

    def action_decide_create(self):
        """Create a customer for each of these rows."""
        return self.action_decide("create")

    def action_decide_update(self):
        """Update the matched customer of each of these rows."""
        return self.action_decide("update")

    def action_decide_skip(self):
        """Leave these rows out."""
        return self.action_decide("skip")

    def _notify_decided(self, changed: int, total: int):
        message = self.env._(
            "%(changed)s of %(total)s rows changed.", changed=changed, total=total
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "success" if changed == total else "warning",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_open_partner(self):
        """Open the customer of this row."""
        self.ensure_one()
        return self.partner_id.get_formview_action()

    # ------------------------------------------------------------
    # ENGINE
    # ------------------------------------------------------------

    def _source_row(self) -> workbook.Row:
        """The row as read from the file, with the cells a person put right."""
        problems = (workbook.CellProblem(*p) for p in self.cell_problems or ())
        cells = tuple(self.source_values or ())
        row = workbook.Row(self.row_number, cells, tuple(problems))
        return corrected_row(row, self._corrected_cells())

    @api.model
    def _plan_vals(
        self,
        clean: cleaning.CleanRow,
        keys: planning.RowKeys,
        plan: planning.PlannedRow,
    ) -> dict:
        """Values that store a decision."""
        return {
            "title": self._title_of(clean),
            "decision": plan.decision,
            "reason_code": plan.reason or False,
            "problems": [list(item) for item in clean.problems] or False,
            "warnings": [list(item) for item in clean.warnings] or False,
            "values": clean.values,
            "words": [list(word) for word in clean.words] or False,
            "keys": keys._asdict(),
            "same_as_row": plan.same_as_row or 0,
            "contact_action": plan.contact or False,
            "partner_id": plan.match_id or False,
            "contact_id": plan.contact_id or False,
            "is_planned": True,
        }

    @api.model
    def _title_of(self, clean: cleaning.CleanRow) -> str:
        """The name of the customer, or the words that make the row none."""
        texts = [clean.values[name] for name in TITLE_FIELDS if clean.values.get(name)]
        texts += [p.value for p in clean.problems if p.code in planning.NO_CUSTOMER]
        return texts[0] if texts else False

    def _words(self) -> list[Word]:
        return [Word(*word) for word in self.words or ()]

    def _row_keys(self) -> planning.RowKeys:
        return self._keys_from(self.keys or {})

    @api.model
    def _keys_from(self, stored: dict) -> planning.RowKeys:
        keys = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in stored.items()
        }
        return planning.RowKeys(**keys)

    def _as_planned(self) -> planning.PlannedRow:
        return planning.PlannedRow(
            number=self.row_number,
            decision=self.decision,
            reason=self.reason_code or "",
            match_id=self.partner_id.id or None,
            same_as_row=self.same_as_row or None,
            contact=self.contact_action or "",
            contact_id=self.contact_id.id or None,
        )
