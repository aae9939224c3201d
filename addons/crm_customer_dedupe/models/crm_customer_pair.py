from odoo import api, fields, models
from odoo.tools import SQL

STATES = [
    ("open", "To Review"),
    ("different", "Not the Same"),
    ("merged", "Merged"),
]


class CrmCustomerPair(models.Model):
    """Two customers that may be one, and what a person says of it.

    Grain: one row a pair, the smaller id first. The system finds pairs and forgets
    them when they are alike no longer; what a person decided stays. Of a merged pair
    only the survivor is left, beside the name of the other.
    """

    _name = "crm.customer.pair"
    _description = "Possible Double"
    _order = "later_date nulls first, score desc, id"
    _link_gate = True
    _system_records = True
    _rec_names_search = ("one_id", "other_id", "merged_name")

    one_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, ondelete="cascade"
    )
    other_id = fields.Many2one(
        "res.partner", "Possibly the Same", readonly=True, ondelete="cascade"
    )
    score = fields.Integer("Likeness", readonly=True, aggregator=None)
    reasons = fields.Char(readonly=True)
    reason_words = fields.Char("Why", compute="_compute_reason_words")
    is_sure = fields.Boolean("Surely the Same", readonly=True)
    state = fields.Selection(STATES, required=True, readonly=True, default="open")
    later_date = fields.Datetime("Put Off", readonly=True)
    decided_date = fields.Datetime("Decided On", readonly=True)
    decided_by_id = fields.Many2one(
        "res.users", readonly=True, index="btree_not_null", ondelete="set null"
    )
    decision_reason = fields.Char("Why Not", readonly=True)
    merged_name = fields.Char("Merged Away", readonly=True)

    _pair_uniq = models.UniqueIndex("(one_id, other_id) WHERE other_id IS NOT NULL")
    _other_idx = models.Index("(other_id) WHERE other_id IS NOT NULL")
    _one_idx = models.Index("(one_id)")
    _open_idx = models.Index("(score) WHERE state = 'open'")
    _in_order = models.Constraint(
        "CHECK (one_id < other_id OR (other_id IS NULL AND state = 'merged'))",
        "A pair names the older customer first.",
    )

    @api.model
    def _system_fields_advice(self):
        return self.env._("Decide on the screen that shows both side by side.")

    @api.depends("one_id", "other_id", "merged_name")
    def _compute_display_name(self):
        for pair in self:
            other = pair.other_id.display_name or pair.merged_name or ""
            pair.display_name = f"{pair.one_id.display_name} ~ {other}"

    @api.depends("reasons")
    @api.depends_context("lang")
    def _compute_reason_words(self):
        words = self._reason_labels()
        for pair in self:
            said = (words[key] for key in pair._reason_keys())
            pair.reason_words = " · ".join(said)

    def _reason_keys(self) -> list[str]:
        return [key for key in (self.reasons or "").split(",") if key]

    @api.model
    def _reason_labels(self) -> dict[str, str]:
        """Return a word for each reason of ``tools/likeness.py``."""
        return {
            "credit_code": self.env._("Same credit code or ID number"),
            "code": self.env._("Same number in a list"),
            "former_name": self.env._("Former name"),
            "name": self.env._("Same name"),
            "similar_name": self.env._("Similar name"),
            "phone": self.env._("Same phone"),
            "email": self.env._("Same e-mail"),
            "domain": self.env._("Same e-mail domain"),
            "city": self.env._("Same city"),
        }

    # ------------------------------------------------------------
    # WHAT PEOPLE SAID
    # ------------------------------------------------------------

    @api.model
    def _told_apart(self, ids) -> dict[int, set[int]]:
        """Return who is, by what people said, not the same as these."""
        found: dict[int, set[int]] = {id_: set() for id_ in ids}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT one_id, other_id FROM crm_customer_pair
                 WHERE state = 'different'
                   AND (one_id = ANY(%(ids)s) OR other_id = ANY(%(ids)s))
                """,
                ids=list(found),
                to_flush=self._fields["state"],
            )
        )
        for one, other in rows:
            found.setdefault(one, set()).add(other)
            found.setdefault(other, set()).add(one)
        return found
