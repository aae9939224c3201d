from odoo import api, fields, models
from odoo.tools import SQL

from .res_partner import LIFECYCLE_STATES

# what an order, a silence, a person … did
CAUSES = [
    ("created", "Entered"),
    ("was", "As it was"),
    ("person", "By a person"),
    ("release", "Left to the rules again"),
    ("business", "Won deal or order"),
    ("withdrawn", "Nothing bought stands any more"),
    ("silence", "Silence"),
    ("stay", "Days in the state"),
    ("condition", "Condition of a rule"),
    ("corrected", "What was known has changed"),
    ("merged", "Customers merged"),
    ("undone", "Run taken back"),
]


class CrmLifecycleMove(models.Model):
    """A change of a customer's lifecycle, with its reason and what decided it."""

    _name = "crm.lifecycle.move"
    _description = "Lifecycle Move"
    _inherit = "crm.customer.move.mixin"

    from_state = fields.Selection(LIFECYCLE_STATES, "From")
    to_state = fields.Selection(LIFECYCLE_STATES, "To", index=True)
    cause = fields.Selection(CAUSES, required=True)
    days = fields.Integer(help="Of the rule, as it was then.")
    rule_id = fields.Many2one(
        "crm.lifecycle.rule", index="btree_not_null", ondelete="set null"
    )
    evidence_model = fields.Char("Kind of Record That Decided")
    evidence_id = fields.Many2oneReference(
        "Record That Decided", model_field="evidence_model"
    )
    evidence_name = fields.Char(
        "Decided By",
        compute="_compute_evidence_name",
        help="Only its readers see which one it is.",
    )
    is_late = fields.Boolean(
        "Known Late",
        compute="_compute_is_late",
        help="We came to know of it more than a day afterwards.",
    )

    _partner_idx = models.Index("(partner_id, id)")
    _run_idx = models.Index("(run_id, id) WHERE run_id IS NOT NULL")

    @api.depends("effective_at", "known_at")
    def _compute_is_late(self):
        for move in self:
            move.is_late = (move.known_at - move.effective_at).days >= 1

    @api.depends_context("uid", "lang", "allowed_company_ids")
    @api.depends("evidence_model", "evidence_id")
    def _compute_evidence_name(self):
        """With the rights of who reads it."""
        self.evidence_name = False
        for model, moves in self.grouped("evidence_model").items():
            if not model or model not in self.env:
                continue
            # sudo(False): a history shows no names the user could not see elsewhere
            records = self.env[model].sudo(False).browse(moves.mapped("evidence_id"))
            readable = records.exists()._filtered_access("read")
            names = {record.id: record.display_name for record in readable}
            for move in moves:
                move.evidence_name = names.get(move.evidence_id)

    @api.depends("cause", "days", "note", "rule_id.name")
    def _compute_reason(self):
        return super()._compute_reason()

    def _reason_in_words(self):
        self.ensure_one()
        words = self._cause_in_words()
        if self.cause in ("person", "merged", "release") and self.note:
            return self.env._("%(what)s: %(why)s", what=words, why=self.note)
        # sudo: the name of a rule is no secret
        rule = self.sudo().rule_id
        if rule:
            return self.env._("%(what)s (rule “%(rule)s”)", what=words, rule=rule.name)
        return words

    def _cause_in_words(self) -> str:
        if self.cause == "silence":
            return self.env._("No order and no contact for %s days", self.days)
        if self.cause == "stay":
            return self.env._("%s days in this state", self.days)
        if self.cause == "person" and self.held:
            return self.env._("Set by hand, rules leave it alone")
        return dict(self._fields["cause"]._description_selection(self.env))[self.cause]

    def action_open_evidence(self):
        """Open the order, deal … that decided, by the rights of who asks."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.evidence_model,
            "res_id": self.evidence_id,
            "views": [(False, "form")],
        }

    # ------------------------------------------------------------
    # AS OF A DAY
    # ------------------------------------------------------------

    @api.model
    def _states_known_at(self, partners, moment) -> dict[int, str]:
        """Return the state that each of the customers had on our screens at a moment:
        the last line that was written by then. One query."""
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (partner_id) partner_id, to_state
                  FROM crm_lifecycle_move
                 WHERE partner_id = ANY(%s) AND origin_id = partner_id
                   AND known_at <= %s
                 ORDER BY partner_id, id DESC
                """,
                partners.ids,
                moment,
            )
        )
        return {partner: state for partner, state in rows if state}
