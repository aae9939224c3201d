from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain

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

FORGOTTEN_AT_ONCE = 10_000


class CrmConflictQuery(models.Model):
    """Who asked whose a customer is, by which key, why, and how much was told.

    Grain: one row a key that was paid for. Nothing is changed, and nothing deleted but
    by the months a company keeps it; see docs/adr/0058.
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

    @api.autovacuum
    def _gc_old_questions(self):
        """Forget what is older than its company keeps; a person's questions of today
        are counted from what is never as old."""
        old = Domain.FALSE
        # sudo: rows that are too old, of every company
        queries = self.sudo()
        for company in queries.env["res.company"].search([]):
            if months := company.conflict_query_months:
                before = company._today() - relativedelta(months=months)
                own = Domain("company_id", "=", company.id)
                old |= own & Domain("day", "<", before)
        gone = queries.search(old, limit=FORGOTTEN_AT_ONCE)
        # with what was written to owners about them
        gone.answer_ids.unlink()
        gone.unlink()
        return len(gone), len(gone) == FORGOTTEN_AT_ONCE
