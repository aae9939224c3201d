from odoo import fields, models


class CrmFollowupCommentWizard(models.TransientModel):
    """What a manager has to say to one or more follow-ups."""

    _name = "crm.followup.comment.wizard"
    _description = "Comment on Follow-ups"

    followup_ids = fields.Many2many("crm.followup", required=True, string="Follow-ups")
    content = fields.Text("Comment", required=True)

    def action_send(self):
        """Add the comment and tell those who wrote the follow-ups."""
        self.ensure_one()
        self.followup_ids._comment(self.content)
        return {"type": "ir.actions.act_window_close"}
