from odoo import api, fields, models


class CrmServiceAnswerWizard(models.TransientModel):
    """An article is put into the answer: its address, or what it says."""

    _inherit = "crm.service.answer.wizard"

    article_id = fields.Many2one(
        "crm.service.article", "Help Article", domain=[("state", "=", "published")]
    )

    @api.depends("article_id")
    def _compute_body(self):
        """What the canned answer and the article say, one below the other."""
        result = super()._compute_body()
        for wizard in self:
            if article := wizard.article_id:
                article.check_access("read")
                said = wizard.canned_id.substitution or self.env._(
                    "Hello, this should help:"
                )
                wizard.body = f"{said}\n\n{article._as_answer()}"
        return result
