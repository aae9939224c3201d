from urllib.parse import quote

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.crm_service_ticket.models.crm_service_ticket_portal import LARGEST_ID


class CrmServiceArticle(models.Model):
    """What people outside read: published, for everybody, of their company. The pages
    ask here, and nowhere else."""

    _inherit = "crm.service.article"

    is_on_page = fields.Boolean(compute="_compute_is_on_page")

    @api.depends("state", "visibility")
    def _compute_is_on_page(self):
        for article in self:
            article.is_on_page = (article.state, article.visibility) == (
                "published",
                "public",
            )

    @api.model
    def _public_domain(self, company):
        return Domain(
            [
                ("state", "=", "published"),
                ("visibility", "=", "public"),
                ("company_id", "=", company.id),
            ]
        )

    @api.model
    def _public_article(self, number, company):
        """The article, as superuser, if everybody may read it; else empty: one that is
        hidden is like one that is not there."""
        if not 0 < number <= LARGEST_ID:
            return self.browse()
        # sudo: the condition is the right
        articles = self.sudo()
        return articles.search(self._public_domain(company) & Domain("id", "=", number))

    @api.model
    def _public_found(self, text, company, limit):
        """What may answer a question, as superuser, the closest first."""
        # sudo: the condition is the right
        articles = self.sudo()
        return articles._alike(text, self._public_domain(company), limit)

    def _help_path(self):
        """The address of its page on our site."""
        self.ensure_one()
        return f"/help/{quote(self.env['ir.http']._slug(self))}"

    def _as_answer(self):
        """What an answer says of it, plain: where it is to be read, or, where strangers
        do not come, what it says."""
        self.ensure_one()
        if not self.is_on_page:
            return self._shown_text()
        return f"{self.name}\n{self.get_base_url()}{self._help_path()}"

    def action_open_page(self):
        """Open it as everybody sees it."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "url": self._help_path(), "target": "new"}
