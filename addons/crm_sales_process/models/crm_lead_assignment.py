import psycopg2

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.http import request
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from odoo.addons.crm_suite_base.models.crm_job import Step
from odoo.addons.crm_suite_base.tools.changes import follows
from odoo.addons.crm_suite_base.tools.token import Token

from .crm_lead_assignment_rule import ASSIGNED, TEAM, WAITING

# how a lead comes that the system takes in: "mail", "website"
ORIGIN = Token("lead_origin")
ENABLED_PARAMETER = "crm_sales_process.assignment_by_rules"
CRON_BATCH = 500


class CrmLead(models.Model):
    """Leads that come without owner find one by the rules, at once."""

    _inherit = "crm.lead"

    customer_region_id = fields.Many2one(
        "crm.customer.region",
        "Region",
        compute="_compute_customer_region_id",
        store=True,
        index="btree_not_null",
    )
    industry_id = fields.Many2one(
        "res.partner.industry",
        compute="_compute_industry_id",
        store=True,
        readonly=False,
        index="btree_not_null",
    )
    assignment_waiting = fields.Boolean(
        "Waits for Assignment",
        readonly=True,
        copy=False,
        help="A rule applies, but nobody of it was there.",
    )
    assignment_log_ids = fields.One2many(
        "crm.lead.assignment.log", "lead_id", readonly=True
    )
    assignment_explanation = fields.Text(
        "Why This Owner", compute="_compute_assignment_explanation"
    )

    _assignment_waiting_idx = models.Index(
        "(id) WHERE assignment_waiting IS TRUE AND user_id IS NULL"
    )

    @api.depends("state_id.customer_region_id", "country_id.customer_region_id")
    def _compute_customer_region_id(self):
        for lead in self:
            lead.customer_region_id = (
                lead.state_id.customer_region_id or lead.country_id.customer_region_id
            )

    @api.depends("partner_id")
    def _compute_industry_id(self):
        for lead in self:
            lead.industry_id = lead.partner_id.industry_id or lead.industry_id

    @api.depends("assignment_log_ids")
    @api.depends_context("lang")
    def _compute_assignment_explanation(self):
        for lead in self:
            lead.assignment_explanation = lead.assignment_log_ids[:1].explanation

    # ------------------------------------------------------------
    # HOW LEADS COME
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.context.get("import_file"):
            vals_list = self._prepare_imported(vals_list)
        return super().create(vals_list)

    @api.model
    def _prepare_imported(self, vals_list) -> list[dict]:
        """Complete the rows of a list: where no source is named, the list is the
        source; where no owner is, the rules decide, not who imports."""
        listed = self.env.ref("crm_sales_process.source_list", raise_if_not_found=False)
        source = {"source_id": listed.id} if listed else {}
        owner = {"user_id": False} if self._assigned_by_rules() else {}
        return [
            {**owner, **vals, **({} if vals.get("source_id") else source)}
            for vals in vals_list
        ]

    @follows(80, new=True)
    def _new_leads_find_owners(self, _change):
        unowned = self.filtered(lambda lead: not lead.user_id)
        if unowned and self._assigned_by_rules():
            unowned._assign_new()

    def _assign_new(self):
        """Assign what has just been created.

        Intake by the system (mail, website) wants the owner at once. For a person the
        lead changes hands when the call has ended: what one has just saved must
        still be readable for the answer.
        """
        origin = self._assignment_origin()
        if self.env.su and origin != "import":
            self._assign_or_wait(origin)
            return
        precommit = self.env.cr.precommit
        queue = precommit.data.setdefault("crm_lead_assignment", {})
        if not queue:
            precommit.add(self.env["crm.lead"]._assign_queued)
        queue.setdefault(origin, []).extend(self.ids)

    def _assign_queued(self):
        queue = self.env.cr.precommit.data.pop("crm_lead_assignment", {})
        for origin, ids in queue.items():
            # sudo: see the assigner. An import that is only tried leaves no records
            leads = self.sudo().browse(ids).exists()
            leads._assign_or_wait(origin)

    def _assign_or_wait(self, origin):
        """Assign; if another worker holds the pool, do so a moment later.

        A request starts anew by itself; a mail cannot, and must not be lost.
        """
        try:
            with self.env.cr.savepoint():
                self.env["crm.lead.assigner"]._assign(self, origin)
        except (psycopg2.OperationalError, ConcurrencyError) as error:
            retriable = PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
            if request or not isinstance(error, (ConcurrencyError, *retriable)):
                raise
            # sudo: a system field
            self.sudo().with_context(tracking_disable=True).assignment_waiting = True
            # sudo: starting the job is not the user's business
            self.env.ref(
                "crm_sales_process.cron_assign_waiting_leads"
            ).sudo()._trigger()

    def _assignment_origin(self) -> str:
        if self.env.context.get("import_file"):
            return "import"
        return ORIGIN.value(self.env, "create")

    @api.model
    def _assigned_by_rules(self) -> bool:
        """Return whether our rules, not Odoo's daily run, find owners: switched on,
        and there are some."""
        # sudo: one setting
        parameters = self.env["ir.config_parameter"].sudo()
        if parameters.get_param(ENABLED_PARAMETER) != "True":
            return False
        return self.env["crm.lead.assignment.rule"]._exist()

    def message_new(self, msg_dict, custom_values=None):
        """A mail says where it came from, unless the alias does."""
        values = {
            "source_id": self.env.ref("crm_sales_process.source_email").id,
            "medium_id": self.env.ref("utm.utm_medium_email").id,
            **(custom_values or {}),
        }
        leads = ORIGIN.on(self, "mail")
        return super(CrmLead, leads).message_new(msg_dict, values)

    @api.model
    def get_import_templates(self):
        """A workbook with the columns the rules ask for, source included."""
        # columns are recognised by their names in the user's language
        folder = "/crm_sales_process/static/xls"
        name = "leads.xlsx"
        if (self.env.lang or "").startswith("zh"):
            name = "leads.zh_CN.xlsx"
        label = self.env._("Template for leads with source and region")
        ours = {"label": label, "template": f"{folder}/{name}"}
        return [ours, *super().get_import_templates()]

    # ------------------------------------------------------------
    # WRITING
    # ------------------------------------------------------------

    def write(self, vals):
        if vals.get("user_id"):
            vals = {"assignment_waiting": False, **vals}
        return super().write(vals)

    def _prepare_customer_values(self, partner_name, is_company=False, parent_id=False):
        values = super()._prepare_customer_values(partner_name, is_company, parent_id)
        if not parent_id and self.industry_id:
            values.setdefault("industry_id", self.industry_id.id)
        return values

    def _merge_get_fields(self):
        return [*super()._merge_get_fields(), "industry_id"]

    def _merge_dependences(self, opportunities):
        """Why each of them went where it went stays to be read."""
        result = super()._merge_dependences(opportunities)
        # sudo: the merge moves what the user may not change too, as Odoo's does
        logs = self.env["crm.lead.assignment.log"].sudo()
        logs.search([("lead_id", "in", opportunities.ids)]).lead_id = self
        return result

    # ------------------------------------------------------------
    # BATCH
    # ------------------------------------------------------------

    def action_assign_by_rules(self):
        """Give those of the leads that have no owner to people, by the rules.

        :raise UserError: when all have an owner, or there are no rules
        """
        self.check_access("write")
        # sudo: only whether there are any
        if not self.env["crm.lead.assignment.rule"].sudo().search_count([], limit=1):
            raise UserError(
                self.env._(
                    "There are no assignment rules yet. An administrator makes them "
                    "under CRM / Configuration / Assignment Rules."
                )
            )
        decisions = self.env["crm.lead.assigner"]._assign(self, "batch")
        if not decisions:
            raise UserError(
                self.env._(
                    "All of these leads have an owner already, or are closed. Empty "
                    "the salesperson of those the rules should give away."
                )
            )
        return self._assignment_notice(decisions)

    def _assignment_notice(self, decisions):
        outcomes = [decision.outcome for decision in decisions]
        given = outcomes.count(ASSIGNED) + outcomes.count(TEAM)
        message = self.env._(
            "%(given)s given away, %(waiting)s wait because nobody is there, "
            "%(rest)s meet no rule.",
            given=given,
            waiting=outcomes.count(WAITING),
            rest=len(outcomes) - given - outcomes.count(WAITING),
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("Assigned by rules"),
                "message": message,
                "type": "success" if given else "warning",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _cron_assign_waiting(self):
        """Try again those that wait: caps begin anew, people come back."""
        if not self._assigned_by_rules():
            return
        self.env["crm.job"]._work_off(
            Step(
                "crm_sales_process.assign",
                self,
                self._waiting_domain(),
                lambda leads: leads._assign_or_wait("cron"),
                size=CRON_BATCH,
                person=lambda lead: lead.team_id.user_id,
                # what nobody can take goes on waiting, and lets the others by
                stays=True,
            )
        )

    @api.model
    def _waiting_domain(self):
        return [("assignment_waiting", "=", True), ("user_id", "=", False)]
