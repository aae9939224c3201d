from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.crm_suite_base.calls import shaped

from ..phases.choices import Choices, choice_names
from ..tools.fields import label_of

DECISIONS = [
    ("none", "To decide"),
    ("choice", "Use a choice"),
    ("new", "Create a choice"),
    ("out", "Leave out"),
]


class CrmCustomerImportWord(models.Model):
    """A label of the list that is none of the choices, and what is decided on it.

    Grain: one per import, field and folded label. A decision counts for every row
    that holds the word; rows are settled when they are written, so deciding costs
    the same for one row and for 100 000. Undecided words go into the notes.
    """

    _name = "crm.customer.import.word"
    _link_gate = True
    _description = "Word of a Customer Import"
    _order = "import_id, field_name, row_count desc, id"
    _rec_name = "word"

    import_id = fields.Many2one(
        "crm.customer.import", required=True, ondelete="cascade"
    )
    field_name = fields.Char(required=True, help="Technical name of the import field.")
    field_label = fields.Char(compute="_compute_field_label", string="Field")
    word = fields.Char(required=True, string="In the List")
    # folded: width, case, blanks and traditional characters do not count
    key = fields.Char(required=True)
    row_count = fields.Integer(string="Rows")
    used_count = fields.Integer(
        string="Rows Imported", help="Rows created or updated that hold the word."
    )

    # proposal; values are stored forms: id:12 or the key of a selection
    proposal = fields.Char(string="Value Proposed")
    proposal_label = fields.Char(compute="_compute_labels", string="Proposal")
    confidence = fields.Integer(help="0 to 100.")

    # decision
    decision = fields.Selection(DECISIONS, required=True, default="none")
    value = fields.Char(string="Value of the Choice")
    value_label = fields.Char(compute="_compute_labels", string="Choice")
    new_name = fields.Char(string="Name of the New Choice")
    decided_by = fields.Selection(
        [("person", "A person"), ("memory", "An earlier list"), ("rule", "A rule")]
    )
    failure = fields.Char(help="Why a new choice could not be created.")

    _import_word_uniq = models.UniqueIndex("(import_id, field_name, key)")

    @api.depends("field_name")
    @api.depends_context("lang")
    def _compute_field_label(self):
        for word in self:
            word.field_label = label_of(word.field_name, self.env.lang or "en_US")

    @api.depends("field_name", "value", "proposal")
    @api.depends_context("lang")
    def _compute_labels(self):
        names = {x: choice_names(self.env, x) for x in self.mapped("field_name")}
        for word in self:
            labels = names[word.field_name]
            word.value_label = labels.get(word.value, "")
            word.proposal_label = labels.get(word.proposal, "")

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    @shaped
    def action_decide(self, decision: str, value: str = "", name: str = ""):
        """Decide on these words for all rows of their import.

        :param decision: choice, new, out, or none to take a decision back
        :param value: of decision choice: ``id:12`` or the key of a selection, one of
            those that ``get_words`` of the import offers
        :param name: of decision new: name of the choice to create, the word if empty
        :raises UserError: not in the preview, no such choice, or not allowed
        """
        for record, own in self.grouped("import_id").items():
            record._check_deciding()
            own._decide(decision, value, name)
            record._follow_words(own)
        return True

    def action_accept(self):
        """Take the proposal of each of these words that has one."""
        proposed = self.filtered("proposal")
        for record, own in proposed.grouped("import_id").items():
            record._check_deciding()
            for value, same in own.grouped("proposal").items():
                same._decide("choice", value)
            # once: a long list is planned anew in the background
            record._follow_words(own)
        return True

    def _decide(self, decision: str, value: str = "", name: str = ""):
        """Write a decision; see ``action_decide``.

        :raises UserError: no such choice, or not allowed
        """
        self._check_decision(decision, value)
        # sudo: words are written by the model only; the right was checked before
        for word in self.sudo():
            word.write(word._decision_vals(decision, value, name))

    def _check_decision(self, decision: str, value: str):
        if decision not in dict(DECISIONS):
            raise UserError(self.env._("There is no such decision."))
        for name, own in self.grouped("field_name").items():
            choices = Choices(own.import_id)
            if decision == "choice" and value not in choices.values(name):
                raise UserError(
                    self.env._(
                        "“%(word)s”: this choice does not exist or is not yours to "
                        "give. Choose another one.",
                        word=own[0].word,
                    )
                )
            if decision == "new" and not choices.may_create(name):
                raise UserError(
                    self.env._(
                        "You may not create choices of “%(field)s”. Choose one, leave "
                        "the word out, or ask your administrator.",
                        field=own[0].field_label,
                    )
                )

    def _decision_vals(self, decision: str, value: str, name: str) -> dict:
        return {
            "decision": decision,
            "value": value if decision == "choice" else False,
            "new_name": (name or "").strip() or self.word
            if decision == "new"
            else False,
            "decided_by": False if decision == "none" else "person",
            "failure": False,
        }

    def _not_created(self, sentence: str):
        """A choice that could not be created leaves its words undecided."""
        self.write(
            {
                "decision": "none",
                "value": False,
                "decided_by": False,
                "failure": sentence,
            }
        )
