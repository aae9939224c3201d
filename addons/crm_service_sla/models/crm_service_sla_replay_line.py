from odoo import api, fields, models
from odoo.tools import SQL

from .crm_service_sla_clock import unnest
from .crm_service_sla_result import CLOCK_NAMES

OUTCOMES = [("met", "Met"), ("late", "Breached"), ("none", "No promise")]
COLUMNS = {
    "replay_id": "int",
    "ticket_id": "int",
    "policy_id": "int",
    "clock": "varchar",
    "cycle": "int",
    "before": "varchar",
    "after": "varchar",
    "change": "varchar",
    "used_before": "int",
    "used_after": "int",
    "target_before": "int",
    "target_after": "int",
    "team_id": "int",
    "user_id": "int",
    "type_id": "int",
    "company_id": "int",
}


class CrmServiceSlaReplayLine(models.Model):
    """A promise as it went, and as it would have gone."""

    _name = "crm.service.sla.replay.line"
    _description = "SLA Replay Line"
    _order = "change desc, ticket_id, clock"
    _rec_name = "ticket_id"
    _log_access = False

    replay_id = fields.Many2one(
        "crm.service.sla.replay",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    ticket_id = fields.Many2one(
        "crm.service.ticket",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    policy_id = fields.Many2one(
        "crm.service.sla.policy",
        "Policy Tried",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    clock = fields.Selection(CLOCK_NAMES, "Target", readonly=True)
    cycle = fields.Integer("Round", readonly=True, aggregator=None)
    before = fields.Selection(OUTCOMES, "Was", readonly=True)
    after = fields.Selection(OUTCOMES, "Would Be", readonly=True)
    change = fields.Selection(
        [
            ("worse", "Worse"),
            ("same", "Same"),
            ("new", "New promise"),
            ("gone", "No promise any more"),
            ("better", "Better"),
        ],
        readonly=True,
    )
    used_before = fields.Integer("Used (s)", readonly=True, aggregator="avg")
    used_after = fields.Integer("Would Use (s)", readonly=True, aggregator="avg")
    target_before = fields.Integer("Target (s)", readonly=True, aggregator="avg")
    target_after = fields.Integer("New Target (s)", readonly=True, aggregator="avg")
    told_before = fields.Char(
        "Used of Target",
        compute="_compute_told",
        help="A promise is kept before its deadline. What comes in the night after a "
        "deadline at closing time has used no more working time, and is late.",
    )
    told_after = fields.Char(
        "Would Use of Target",
        compute="_compute_told",
        help="Closed hours are not counted as used: see “Used of Target”.",
    )
    team_id = fields.Many2one(
        "crm.service.team", readonly=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users", "Person", readonly=True, index=True, ondelete="cascade"
    )
    type_id = fields.Many2one(
        "crm.service.ticket.type",
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", readonly=True, index=True, ondelete="cascade"
    )

    @api.depends(
        *("used_before", "target_before", "before"),
        *("used_after", "target_after", "after"),
    )
    @api.depends_context("lang")
    def _compute_told(self):
        for line in self:
            line.told_before = line._told(
                line.used_before, line.target_before, line.before
            )
            line.told_after = line._told(line.used_after, line.target_after, line.after)

    def _told(self, used: int, target: int, outcome: str) -> str:
        if not target:
            return ""
        policy = self.env["crm.service.sla.policy"]
        told = f"{policy._duration(used)} / {policy._duration(target)}"
        note = policy._late_note(used, target, outcome == "late")
        if not note:
            return told
        return self.env._("%(told)s, %(note)s", told=told, note=note)

    @api.model
    def _append(self, rows: list[tuple]):
        """Write lines, in one statement.

        :param rows: values in the order of ``COLUMNS``
        """
        if not rows:
            return
        self.env.cr.execute(
            SQL(
                "INSERT INTO crm_service_sla_replay_line (%s) SELECT * FROM %s",
                SQL(", ").join(map(SQL.identifier, COLUMNS)),
                unnest(COLUMNS.values(), rows),
            )
        )
        self.invalidate_model()
        self.env["crm.service.sla.replay"].invalidate_model(
            ["line_ids", "difference_ids", "summary"]
        )
