from odoo import api, fields, models

KINDS = [
    ("name", "Name"),
    ("phone", "Phone"),
    ("email", "E-mail"),
    ("code", "Credit Code"),
]
# what a person may say; then those that a screen says
PURPOSES = [
    ("work", "I want to win this customer"),
    ("called", "They got in touch with us"),
    ("list", "From a list or a trade fair"),
    ("other", "Another reason"),
]
SCREENS = [
    ("entry", "Entering a customer"),
    ("import", "Importing a list"),
]


class CrmConflictQuery(models.Model):
    """Who asked whose a customer is, by which key, why, and how much was told.

    Grain: one row a key that was paid for. Nothing is changed or deleted; see
    docs/adr/0058.
    """

    _name = "crm.conflict.query"
    _description = "Question Whose a Customer Is"
    _order = "id desc"
    _link_gate = True
    _system_records = True
    _rec_name = "asked"

    user_id = fields.Many2one(
        "res.users", "Asked By", readonly=True, index=True, ondelete="set null"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    day = fields.Date(required=True, readonly=True, help="By the company's clock.")
    kind = fields.Selection(KINDS, "Asked By Means Of", readonly=True)
    asked = fields.Char("Asked For", readonly=True, help="As it was typed.")
    purpose = fields.Selection(PURPOSES + SCREENS, "Why", required=True, readonly=True)
    is_over = fields.Boolean(
        "Not Told", readonly=True,
        help="The questions of the day were used up: nobody was named.",
    )  # fmt: skip
    answer_ids = fields.One2many("crm.conflict.answer", "query_id", readonly=True)
    found_count = fields.Integer(
        "Found", readonly=True, help="So many customers, of others, were told of."
    )

    @api.model
    def _system_fields_advice(self):
        return self.env._(
            "Ask on the page “Is This Ours?”; questions stay as they are."
        )
