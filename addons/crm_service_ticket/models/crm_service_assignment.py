from odoo import api, fields, models

from ..tools.assignment import BUSIER, FULL, NO_SKILL

OUTCOMES = [("assigned", "Assigned"), ("waiting", "Nobody free")]


class CrmServiceAssignment(models.Model):
    """Why a ticket went to whom it went."""

    _name = "crm.service.assignment"
    _link_gate = True
    _description = "Ticket Assignment"
    _inherit = "crm.work.log.mixin"
    _rec_name = "ticket_id"

    ticket_id = fields.Many2one(
        "crm.service.ticket", required=True, index=True, ondelete="cascade"
    )
    method = fields.Char(required=True)
    outcome = fields.Selection(OUTCOMES, required=True)
    explanation = fields.Text(compute="_compute_explanation")
    team_id = fields.Many2one("crm.service.team", index=True)

    @api.depends_context("lang")
    def _compute_explanation(self):
        for log in self:
            lines = [log._explain_outcome(), *log._explain_others()]
            log.explanation = "\n".join(filter(None, lines))

    def _explain_outcome(self) -> str:
        if self.outcome == "waiting":
            return self.env._("Nobody is free; the ticket waits.")
        chosen = [c for c in self.candidates or [] if c["user"] == self.user_id.id]
        if not chosen:
            return self.user_id.name or ""
        return self.env._(
            "%(person)s, whose turn it was: ticket %(number)s of %(total)s so far, "
            "target %(share)s %%.",
            person=chosen[0]["name"],
            number=chosen[0]["total"] + 1,
            total=sum(c["total"] for c in self.candidates) + 1,
            share=round(chosen[0]["share"] * 100),
        )

    def _skip_words(self) -> dict[str, str]:
        return {
            **super()._skip_words(),
            "level": self.env._("not of this level"),
            FULL: self.env._("has as many open tickets as allowed"),
            NO_SKILL: self.env._("others have more of the skills needed"),
            BUSIER: self.env._("has more to do than others"),
        }
