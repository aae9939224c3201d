from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmServiceDomainWizard(models.TransientModel):
    """Complete the address of a team: choose the domain, or add one."""

    _name = "crm.service.domain.wizard"
    _description = "E-mail Address of a Service Team"

    team_id = fields.Many2one("crm.service.team", required=True)
    alias_name = fields.Char("Address", compute="_compute_address", store=True,
                             readonly=False, precompute=True)  # fmt: skip
    domain_id = fields.Many2one(
        "mail.alias.domain",
        compute="_compute_address",
        store=True,
        readonly=False,
        precompute=True,
    )
    new_domain = fields.Char(
        help="The part behind the @. Mail to this domain has to reach Odoo: by a "
        "mailbox that is fetched, or by your mail server."
    )
    may_add = fields.Boolean(compute="_compute_may_add")

    @api.depends("team_id")
    def _compute_address(self):
        domains = self.env["mail.alias.domain"].search([], limit=2)
        for wizard in self:
            team = wizard.team_id
            only = domains if len(domains) == 1 else domains.browse()
            wizard.alias_name = team.alias_name
            wizard.domain_id = team.alias_domain_id or only

    @api.depends_context("uid")
    def _compute_may_add(self):
        self.may_add = self.env["mail.alias.domain"].has_access("create")

    def action_apply(self):
        """Give the team its address; with the rights of who does it."""
        self.ensure_one()
        domain = self._domain()
        if not domain or not (self.alias_name or "").strip():
            raise UserError(
                self.env._(
                    "An address needs both: what stands before and behind the @."
                )
            )
        self.team_id.write(
            {"alias_name": self.alias_name.strip(), "alias_domain_id": domain.id}
        )

    def _domain(self):
        """The domain that was chosen, or the new one."""
        name = (self.new_domain or "").strip().lower().removeprefix("@")
        if not name:
            return self.domain_id
        domains = self.env["mail.alias.domain"]
        return domains.search([("name", "=", name)], limit=1) or domains.create(
            {"name": name}
        )
