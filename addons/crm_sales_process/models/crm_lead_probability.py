from odoo import api, fields, models

from odoo.addons.crm_suite_base.tools.changes import follows
from odoo.addons.crm_suite_base.tools.token import Token

# asks Odoo's learned probabilities of a lead although its team uses others
LEARNED = Token("crm_sales_process_learned")
# key in the cursor's data: what was learned of leads in this transaction
REMEMBERED = "crm_lead_learned_probability"


class CrmLead(models.Model):
    _inherit = "crm.lead"

    probability_mode = fields.Selection(
        selection=lambda self: (
            self.env["crm.team"]._fields["probability_mode"].selection
        ),
        compute="_compute_probability_mode",
        string="Probability From",
    )
    fixed_probability = fields.Float(
        compute="_compute_fixed_probability",
        help="What the stage stands for, whatever the deal looks like.",
    )
    learned_probability = fields.Float(
        compute="_compute_learned_probability",
        help="What Odoo has learned from won and lost deals that looked like this "
        "one. 0 while there is too little to learn from.",
    )

    @api.depends("team_id.probability_mode")
    def _compute_probability_mode(self):
        teamless = self.env["crm.team"]._default_probability_mode()
        for lead in self:
            # sudo: a rep may not read a team of another company a lead is left in
            lead.probability_mode = lead.team_id.sudo().probability_mode or teamless

    @api.depends("stage_id.default_probability", "stage_id.is_won")
    def _compute_fixed_probability(self):
        for lead in self:
            lead.fixed_probability = lead.stage_id._fixed_probability()

    @api.depends(lambda self: ["stage_id", "team_id", *self._pls_get_safe_fields()])
    def _compute_learned_probability(self):
        learned = self._learned_probabilities()
        for lead in self:
            lead.learned_probability = learned.get(lead.id, 0.0)

    def _learned_probabilities(self) -> dict:
        """Return Odoo's learned probability (percent) by lead id, in a constant
        number of queries; leads it cannot judge are left out."""
        learned, _tooltip = LEARNED.on(self)._pls_get_naive_bayes_probabilities()
        return learned

    def _pls_get_naive_bayes_probabilities(self, batch_mode=False, is_tooltip=False):
        """Put the stage's probability in the place of the learned one where the team
        wants it so. Always returns a pair; Odoo's own returns a bare ``{}`` when it
        has nothing to say."""
        answer = super()._pls_get_naive_bayes_probabilities(batch_mode, is_tooltip)
        probabilities, tooltip = answer if isinstance(answer, tuple) else (answer, {})
        if not LEARNED.is_on(self.env):
            self._remember_learned(probabilities)
            probabilities.update(self._imposed_probabilities(batch_mode))
        if is_tooltip:
            # the tooltip's probability is written to the lead by its caller
            tooltip.setdefault("scores", [])
            tooltip["probability"] = probabilities.get(
                self.id, self.automated_probability
            )
        return probabilities, tooltip

    def _remember_learned(self, probabilities: dict) -> None:
        """Keep what was learned for the stage history, which is written at the end of
        the transaction: Odoo computes it anew with everything it depends on."""
        # kept with the cursor, so that a rollback forgets it
        remembered = self.env.cr.precommit.data.setdefault(REMEMBERED, {})
        remembered.update({lead: probabilities.get(lead) for lead in self.ids})

    def _remembered_learned(self) -> dict:
        """Return the learned probability by lead id, and forget it; what Odoo has
        just judged is not judged a second time."""
        self._recompute_recordset(["automated_probability"])
        remembered = self.env.cr.precommit.data.get(REMEMBERED, {})
        found = {id_: remembered.pop(id_) for id_ in self.ids if id_ in remembered}
        unknown = self.filtered(lambda lead: lead.id not in found)
        return {**found, **(unknown._learned_probabilities() if unknown else {})}

    def _imposed_probabilities(self, batch_mode: bool) -> dict:
        """Probabilities by lead id for leads whose team does not use learned ones.

        ``batch_mode``: as Odoo's nightly job asks, for open leads only.
        """
        leads = self.filtered(
            lambda lead: lead.stage_id and lead.probability_mode != "learned"
        )
        if batch_mode:
            leads = leads.filtered(
                lambda lead: lead.active and lead.won_status == "pending"
            )
        return {lead.id: lead.fixed_probability for lead in leads}

    def _compute_probabilities(self):
        """Where the team leaves the probability to the person, a deal keeps its own
        from stage to stage; only a new one starts with the stage's."""
        kept = {
            lead: lead.probability
            for lead in self
            if lead.probability_mode == "own"
            and 0 < lead.probability < 100
            and not lead.stage_id.is_won
        }
        result = super()._compute_probabilities()
        for lead, probability in kept.items():
            lead.probability = probability
        return result

    def _lost_that_return(self, vals):
        """Return the lost deals of those that a write takes back into work."""
        if not vals.get("active") or "probability" in vals or "stage_id" in vals:
            return self.browse()
        return self.filtered(lambda lead: lead.won_status == "lost")

    @follows(60, "active", before="_lost_that_return")
    def _restore_probability(self, change):
        """A lost deal that comes back, by any way, has the probability of its team's
        way again; Odoo leaves 0 when it was edited while it was lost."""
        lost = change.found
        if lost:
            lost._compute_probabilities()
        for lead in lost.filtered(lambda lead: not lead.probability):
            lead.probability = lead.automated_probability

    def _realign_probabilities(self):
        """Compute the probabilities of open leads anew, as a set. A value that a
        person entered stays."""
        leads = self.filtered(lambda lead: lead.active and lead.won_status == "pending")
        leads._compute_probabilities()
