from odoo import models

from odoo.addons.crm_suite_base.tools.token import Token

# the milestone and its activity are being closed together
CLOSING = Token("milestone_done")


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        """Whoever marks the reminder as done has done the milestone."""
        milestones = self.env["crm.lead.milestone"]
        if not CLOSING.is_on(self.env):
            # sudo: follows from the activity one may mark as done
            milestones = milestones.sudo().search(
                [("activity_id", "in", self.ids), ("done", "=", False)]
            )
        result = super()._action_done(feedback, attachment_ids)
        if milestones:
            CLOSING.on(milestones).action_done()
            if feedback:
                milestones.filtered(lambda m: not m.note).write({"note": feedback})
        return result
