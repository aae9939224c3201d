import json

from odoo import api, fields, models
from odoo.tools import SQL

from .crm_lead_assignment_rule import ASSIGNED, NEXT, NO_RULE, TEAM, WAITING


class CrmLeadAssignmentLog(models.Model):
    """Why a lead went where it went: one row a decision, never changed."""

    _name = "crm.lead.assignment.log"
    _link_gate = True
    _description = "Lead Assignment Log"
    _inherit = "crm.work.log.mixin"
    _rec_name = "lead_id"

    lead_id = fields.Many2one(
        "crm.lead", required=True, readonly=True, index=True, ondelete="cascade"
    )
    date = fields.Datetime(index=True)
    origin = fields.Selection(
        [
            ("create", "Entered by Hand or RPC"),
            ("import", "Import"),
            ("mail", "E-mail"),
            ("website", "Website"),
            ("batch", "By hand for several"),
            ("cron", "Had been waiting"),
        ],
        "How It Came",
        readonly=True,
        required=True,
    )
    outcome = fields.Selection(
        [
            (ASSIGNED, "Given to a person"),
            (TEAM, "Given to a team"),
            (WAITING, "Waits"),
            (NO_RULE, "No rule applies"),
        ],
        readonly=True,
        required=True,
    )
    rule_id = fields.Many2one(
        "crm.lead.assignment.rule", readonly=True, index=True, ondelete="set null"
    )
    rule_name = fields.Char("Rule Then", readonly=True)
    user_id = fields.Many2one(string="Salesperson", index=True)
    team_id = fields.Many2one(
        "crm.team", "Sales Team", readonly=True, ondelete="set null"
    )
    decided_by_id = fields.Many2one("res.users", "Caused By", readonly=True)
    passed = fields.Json(
        readonly=True, help="Rules that passed the lead on, with their candidates."
    )
    explanation = fields.Text("Reason", compute="_compute_explanation")

    @api.depends_context("lang")
    def _compute_explanation(self):
        for log in self:
            parts = [log._explain_passed(rule) for rule in log.passed or []]
            if log.outcome:
                parts.append(getattr(log, f"_explain_{log.outcome}")())
            log.explanation = "\n".join(filter(None, parts))

    # ------------------------------------------------------------
    # WRITING
    # ------------------------------------------------------------

    @api.model
    def _insert(self, vals_list):
        """Insert rows in one statement: nothing is computed from them, and creating
        thousands one by one takes longer than choosing.

        :param vals_list: what ``_prepare_vals`` returned, all with the same keys
        """
        if not vals_list:
            return
        rows = json.dumps(
            [{k: v or None for k, v in vals.items()} for vals in vals_list]
        )
        columns = SQL(", ").join(map(SQL.identifier, vals_list[0]))
        types = SQL(", ").join(
            SQL("%s %s", SQL.identifier(name), SQL(self._fields[name].column_type[1]))
            for name in vals_list[0]
        )
        self.env.cr.execute(
            SQL(
                "INSERT INTO crm_lead_assignment_log "
                "(%s, date, create_uid, write_uid, create_date, write_date) "
                "SELECT %s, %s, %s, %s, %s, %s "
                "FROM jsonb_to_recordset(%s::jsonb) AS log(%s)",
                columns,
                columns,
                *(fields.Datetime.now(), self.env.uid, self.env.uid),
                *(self.env.cr.now(), self.env.cr.now()),
                rows,
                types,
            )
        )
        self.env["crm.lead"].invalidate_model(
            ["assignment_log_ids", "assignment_explanation"]
        )

    @api.model
    def _prepare_vals(self, decision, passed, origin):
        """Return the values of the row for a decision of ``crm.lead.assigner``."""
        return {
            "lead_id": decision.lead.id,
            "origin": origin,
            "outcome": decision.outcome,
            "rule_id": decision.rule.id,
            "rule_name": decision.rule.name,
            "user_id": decision.user.id,
            "team_id": decision.lead.team_id.id,
            "decided_by_id": self.env.uid,
            "candidates": self._candidate_list(decision.candidates),
            "passed": [
                {"rule": d.rule.name, "candidates": self._candidate_list(d.candidates)}
                for d in passed
                if d.outcome == NEXT
            ],
        }

    @api.model
    def _waiting_leads(self, lead_ids) -> set[int]:
        """Return those of the leads whose last row says that they wait."""
        last = self._read_group([("lead_id", "in", lead_ids)], ["lead_id"], ["id:max"])
        rows = self.browse(row_id for _lead, row_id in last)
        return set(rows.filtered(lambda row: row.outcome == WAITING).lead_id.ids)

    # ------------------------------------------------------------
    # IN WORDS
    # ------------------------------------------------------------

    def _explain_assigned(self) -> str:
        candidates = self.candidates or []
        chosen = next((c for c in candidates if c["user"] == self.user_id.id), None)
        lines = [self._explain_chosen(chosen, candidates), *self._explain_others()]
        return "\n".join(filter(None, lines))

    def _explain_chosen(self, chosen, candidates) -> str:
        if not chosen or len(candidates) < 2:
            return self.env._(
                "Rule “%(rule)s”: %(person)s.",
                rule=self.rule_name,
                person=self.user_id.name,
            )
        return self.env._(
            "Rule “%(rule)s”: %(person)s, whose turn it was: lead %(number)s of "
            "%(total)s so far, target %(share)s %%.",
            rule=self.rule_name,
            person=chosen["name"],
            number=chosen["total"] + 1,
            total=sum(c["total"] for c in candidates) + 1,
            share=round(chosen["share"] * 100),
        )

    def _explain_team(self) -> str:
        return self.env._(
            "Rule “%(rule)s”: sales team %(team)s.",
            rule=self.rule_name,
            team=self.team_id.name or "",
        )

    def _explain_waiting(self) -> str:
        waits = self.env._(
            "Rule “%s”: nobody is there; the lead waits.", self.rule_name
        )
        return "\n".join(
            filter(None, [waits, self._explain_skipped(self.candidates or [])])
        )

    def _explain_no_rule(self) -> str:
        return self.env._("No rule applies to this lead.")

    def _explain_passed(self, rule) -> str:
        return self.env._(
            "Rule “%(rule)s” passed it on: %(people)s.",
            rule=rule["rule"],
            people=self._list_names(rule["candidates"], self._skipping),
        )
