from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, groupby

from .crm_lead_assignment_rule import (
    ASSIGNED,
    NEXT,
    NO_RULE,
    TEAM,
    WAITING,
    Decision,
)

# how leads come that others may be giving away at the same moment
STORED = ("batch", "cron")


class CrmLeadAssigner(models.AbstractModel):
    """Gives leads without owner to people, by the rules.

    In sets: each rule is evaluated once for all leads that no rule before took, the
    choice is made in memory, and what is written is grouped by receiver. A person is
    told once, with the list; why each lead went where is a row of the log.
    """

    _name = "crm.lead.assigner"
    _description = "Assignment of Leads"

    @api.model
    def _assign(self, leads, origin):
        """Assign those of the leads that are open and have no owner.

        :param origin: how the leads came, see ``crm.lead.assignment.log``
        :return: list of ``Decision``, one for each of these leads
        """
        # sudo: who enters a lead need not see rules, colleagues, or the lead later
        leads = leads.sudo().filtered_domain(self._assignable_domain())
        if origin in STORED:
            # two runs at once: the other leaves these to us
            leads = leads.try_lock_for_update(allow_referencing=True)
        if not leads:
            return []
        decisions, passed = self._decide(leads)
        self._write_decisions(decisions)
        self._log_decisions(decisions, passed, origin)
        self._notify_receivers(decisions)
        return decisions

    @api.model
    def _assignable_domain(self):
        return (
            Domain("user_id", "=", False)
            & Domain("active", "=", True)
            & Domain("won_status", "=", "pending")
        )

    @api.model
    def _decide(self, leads):
        """Ask the rules in their order.

        :return: decisions, and {lead id: decisions of rules that passed it on}
        """
        decisions, passed, remaining = [], {}, leads
        # sudo: rules work for all, whoever makes a lead
        Rule = self.env["crm.lead.assignment.rule"].sudo()
        for info in Rule._rule_book():
            if not remaining:
                break
            matched = Rule._match_safely(info, remaining).sorted("id")
            if not matched:
                continue
            rule = Rule.browse(info.id)
            for decision in rule._decide(matched):
                if decision.outcome == NEXT:
                    passed.setdefault(decision.lead.id, []).append(decision)
                else:
                    decisions.append(decision)
            done = {decision.lead.id for decision in decisions}
            remaining = remaining.filtered(lambda lead, done=done: lead.id not in done)
        rule, user, team = (
            self.env[model]
            for model in ("crm.lead.assignment.rule", "res.users", "crm.team")
        )
        decisions += [Decision(lead, rule, NO_RULE, user, team) for lead in remaining]
        return decisions, passed

    # ------------------------------------------------------------
    # WRITING
    # ------------------------------------------------------------

    @api.model
    def _write_decisions(self, decisions):
        """Write in groups of leads that get the same values; nothing changed, nothing
        written. Messages and tracking are left out: the log has it all."""
        teams, groups = {}, defaultdict(list)
        for decision in decisions:
            values = self._prepare_lead_vals(decision, teams)
            if any(decision.lead[name].id != value for name, value in values.items()):
                groups[tuple(sorted(values.items()))].append(decision.lead.id)
        # sudo: the rules give leads to whom they say, whoever made them
        Lead = self.env["crm.lead"].sudo().with_context(tracking_disable=True)
        for key, lead_ids in groups.items():
            Lead.browse(lead_ids).write(dict(key))
        self._write_waiting(decisions)
        self.env["mail.followers"]._follow_pairs(
            "crm.lead",
            [
                (decision.lead.id, decision.user.partner_id.id)
                for decision in decisions
                if decision.outcome == ASSIGNED
            ],
        )
        # recomputed fields are not tracked either
        Lead.browse(decision.lead.id for decision in decisions)._track_discard()

    @api.model
    def _write_waiting(self, decisions):
        """Mark those that wait, and those that do so no longer."""
        for waits in (True, False):
            changed = [
                decision.lead.id
                for decision in decisions
                if (decision.outcome == WAITING) == waits
                and decision.lead.assignment_waiting != waits
            ]
            if changed:
                # sudo: a system field
                Lead = self.env["crm.lead"].sudo().with_context(tracking_disable=True)
                Lead.browse(changed).write({"assignment_waiting": waits})

    @api.model
    def _prepare_lead_vals(self, decision, teams):
        """Return what is written on the lead; ``teams`` remembers teams looked up."""
        if decision.outcome == TEAM:
            return {"team_id": decision.team.id}
        if decision.outcome != ASSIGNED:
            return {}
        team = decision.team or self._team_of(decision.user, decision.lead, teams)
        return {"user_id": decision.user.id, "team_id": team.id}

    @api.model
    def _team_of(self, user, lead, teams):
        """Return the lead's team if the user works there, else the user's own: what
        Odoo does for each lead anew, here once a user."""
        if lead.team_id and user in lead.team_id.member_ids | lead.team_id.user_id:
            return lead.team_id
        key = (user, lead.type)
        if key not in teams:
            use = "use_leads" if lead.type == "lead" else "use_opportunities"
            # sudo: the team of whom the lead is given to, whoever made it
            Team = self.env["crm.team"].sudo()
            teams[key] = Team._get_default_team_id(
                user_id=user.id, domain=[(use, "=", True)]
            )
        return teams[key]

    @api.model
    def _log_decisions(self, decisions, passed, origin):
        """One row a lead. A lead that goes on waiting has its row already."""
        # sudo: the log is written by the system only
        Log = self.env["crm.lead.assignment.log"].sudo()
        waiting = [d.lead.id for d in decisions if d.outcome == WAITING]
        known = Log._waiting_leads(waiting) if origin == "cron" and waiting else set()
        new = [d for d in decisions if d.lead.id not in known]
        Log._insert(
            [Log._prepare_vals(d, passed.get(d.lead.id, ()), origin) for d in new]
        )
        if origin in STORED:
            self._touch([d.lead.id for d in new if d.outcome != ASSIGNED])

    @api.model
    def _touch(self, lead_ids):
        """Write a row that stayed as it was: a run that began before this one ended
        cannot see its log, and must not say the same again."""
        self.env.cr.execute(
            SQL("UPDATE crm_lead SET type = type WHERE id = ANY(%s)", lead_ids)
        )

    # ------------------------------------------------------------
    # TELLING PEOPLE
    # ------------------------------------------------------------

    @api.model
    def _notify_receivers(self, decisions):
        """One message a receiver, in the receiver's language."""
        received = [
            (decision.user or decision.team.user_id, decision.lead)
            for decision in decisions
            if decision.outcome in (ASSIGNED, TEAM)
        ]
        for user, pairs in groupby(received, key=lambda pair: pair[0]):
            if user and user != self.env.user:
                # sudo: their names, for those who have just got them
                leads = self.env["crm.lead"].sudo().union(*(lead for _u, lead in pairs))
                self._notify_user(user, leads)

    @api.model
    def _notify_user(self, user, leads):
        translated = self.with_context(lang=user.lang)
        if len(leads) == 1:
            title = translated.env._("New lead for you: %s", leads.name)
        else:
            title = translated.env._("%s new leads for you", len(leads))
        user._tell_of_work(leads, title)
