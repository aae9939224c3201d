from odoo import fields, models
from odoo.exceptions import UserError


class CrmServiceArticleReturn(models.TransientModel):
    """Give an article back to its writer, and say why."""

    _name = "crm.service.article.return"
    _description = "Return a Help Article"

    article_ids = fields.Many2many(
        "crm.service.article",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    reason = fields.Text(
        required=True, help="The writer is told; it stands in the conversation."
    )

    def action_return(self):
        """Make drafts of them again."""
        self.ensure_one()
        if not (reason := (self.reason or "").strip()):
            raise UserError(self.env._("Say what is missing or wrong."))
        self.article_ids._return(reason)
