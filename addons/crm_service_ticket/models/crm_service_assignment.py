from odoo import fields, models

from ..tools.assignment import BUSIER, FULL, NO_SKILL

OUTCOMES = [("assigned", "Assigned"), ("waiting", "Nobody free")]


class CrmServiceAssignment(models.Model):
    """Why a ticket went to whom it went."""

    _name = "crm.service.assignment"
    _link_gate = True
    _description = "Ticket Assignment"
    _order = "id desc"
    _rec_name = "ticket_id"

    ticket_id = fields.Many2one(
        "crm.service.ticket", required=True, index=True, ondelete="cascade"
    )
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    user_id = fields.Many2one("res.users", "Given To", index="btree_not_null")
    method = fields.Char(required=True)
    outcome = fields.Selection(OUTCOMES, required=True)
    candidates = fields.Json(help="How everybody of the team stood; see fair_share.")
    explanation = fields.Text(compute="_compute_explanation")
    team_id = fields.Many2one("crm.service.team", index=True)

    def _compute_explanation(self):
        """One line a person: got it, or how near, or why not considered."""
        users = self.env["res.users"].sudo()  # names of colleagues
        keys = {row["key"] for log in self for row in log.candidates or []}
        names = {user.id: user.name for user in users.browse(keys).exists()}
        words = self._skip_words()
        for log in self:
            log.explanation = "\n".join(
                log._explain(row, names, words) for row in log.candidates or []
            )

    def _explain(self, row: dict, names: dict[int, str], words: dict[str, str]) -> str:
        name = names.get(row["key"], "?")
        if row["skipped"]:
            return f"{name}: {words.get(row['skipped'], row['skipped'])}"
        text = self.env._(
            "%(name)s: %(total)s tickets so far, owed %(credit).2f",
            name=name,
            total=row["total"],
            credit=row["credit"],
        )
        return f"→ {text}" if row["key"] == self.user_id.id else text

    def _skip_words(self) -> dict[str, str]:
        """Why somebody was not considered, in words."""
        return {
            "archived": self.env._("account switched off"),
            "paused": self.env._("paused"),
            "leave": self.env._("on leave"),
            "holiday": self.env._("holiday"),
            "company": self.env._("not in the ticket's company"),
            "level": self.env._("not of this level"),
            "capped": self.env._("has had the day's tickets"),
            "no_weight": self.env._("has no weight"),
            FULL: self.env._("has as many open tickets as allowed"),
            NO_SKILL: self.env._("others have more of the skills needed"),
            BUSIER: self.env._("has more to do than others"),
        }
