from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import config

from .crm_service_mail_check import IN, OUT

# who looks after a team's mail
KEEPERS = "crm_customer_center.group_service_manager"
# where Odoo sends mail when nobody has said where
NOWHERE = ("", "localhost", "127.0.0.1", "::1")
# mail that came in within so many days proves that it does
PROVEN_DAYS = 30
# names of administrators that are said
NAMED = 3


class CrmServiceTeam(models.Model):
    """Whether a team's mail works: what is missing, who can add it, and a test."""

    _inherit = "crm.service.team"

    lacks_domain = fields.Boolean(compute="_compute_mail_gaps")
    lacks_way_out = fields.Boolean(compute="_compute_mail_gaps")
    lacks_way_in = fields.Boolean(compute="_compute_mail_gaps")
    may_choose_domain = fields.Boolean(compute="_compute_may_mail")
    may_add_servers = fields.Boolean(compute="_compute_may_mail")
    mail_keepers = fields.Char(
        compute="_compute_may_mail", help="Whom to ask: administrators, by name."
    )
    mail_check_ids = fields.One2many(
        "crm.service.mail.check", "team_id", "Mail Tests", readonly=True, groups=KEEPERS
    )

    # ------------------------------------------------------------
    # WHAT IS MISSING
    # ------------------------------------------------------------

    @api.depends("alias_domain_id", "alias_name")
    def _compute_mail_gaps(self):
        lacks_way_out = self._lacks_way_out()
        lacks_way_in = self._lacks_way_in()
        for team in self:
            team.lacks_domain = not team.alias_domain_id
            team.lacks_way_out = lacks_way_out
            team.lacks_way_in = bool(team.alias_email) and lacks_way_in

    @api.model
    def _lacks_way_out(self) -> bool:
        """Whether nobody has said by which server mail goes out."""
        # sudo: whether there is one, a yes or no
        servers = self.env["ir.mail_server"].sudo()
        if servers.search_count([("owner_user_id", "=", False)], limit=1):
            return False
        return (config.get("smtp_server") or "") in NOWHERE

    @api.model
    def _configured_server(self) -> str:
        """The server that mail goes to when none is set up in Odoo."""
        return f"{config.get('smtp_server')}:{config.get('smtp_port')}"

    @api.model
    def _lacks_way_in(self) -> bool:
        """Whether no mailbox is fetched and no mail was handed over either."""
        # sudo: whether there is one, a yes or no
        boxes = self.env["fetchmail.server"].sudo()
        if boxes.search_count([("state", "=", "done")], limit=1):
            return False
        since = fields.Datetime.now() - timedelta(days=PROVEN_DAYS)
        # sudo: as above
        mails = self.env["crm.service.mail"].sudo()
        return not mails.search_count([("date", ">", since)], limit=1)

    @api.depends_context("uid")
    def _compute_may_mail(self):
        domains = self.env["mail.alias.domain"]
        may_choose = domains.has_access("create") or bool(
            domains.search_count([], limit=1)
        )
        may_write = self.browse().has_access("write")
        names = self._names_of_administrators()
        for team in self:
            team.may_choose_domain = may_write and may_choose
            team.may_add_servers = self.env["ir.mail_server"].has_access("create")
            team.mail_keepers = names

    @api.model
    def _names_of_administrators(self) -> str:
        # sudo: names of colleagues
        users = self.env["res.users"].sudo()
        administrators = users.search(
            [
                ("all_group_ids", "in", self.env.ref("base.group_system").ids),
                ("share", "=", False),
            ],
            limit=NAMED,
        )
        return self.env._(", ").join(administrators.mapped("name"))

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_choose_domain(self):
        """Ask for the domain of the team's address."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("E-mail Address"),
            "res_model": "crm.service.domain.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_team_id": self.id},
        }

    def action_test_way_out(self):
        """Send the user a mail the way answers to customers go."""
        self._start_check(OUT)

    def action_test_way_in(self):
        """Send the team's own address a mail that is recognised when it comes in."""
        self._start_check(IN)

    def _start_check(self, way):
        self.ensure_one()
        self.check_access("write")
        self.env["crm.service.mail.check"]._start(self, way)

    def action_look_for_mail(self):
        """Have the mailboxes fetched now instead of in some minutes."""
        self.check_access("write")
        # sudo: only that the job runs sooner
        cron = self.env.ref("mail.ir_cron_mail_gateway_action").sudo()
        if cron.active:
            cron._trigger()
