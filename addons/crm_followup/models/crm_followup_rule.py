from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.crm_suite_base.tools.conditions import Leaf

MODELS = [("res.partner", "Customers"), ("crm.lead", "Leads and opportunities")]
TRIGGERS = [
    ("cycle", "Every … days since the last contact"),
    ("event", "… days after a date"),
]


class CrmFollowupRule(models.Model):
    """Which customers or leads are to be contacted when, by whom, and who hears of it
    when they are not."""

    _name = "crm.followup.rule"
    _description = "Follow-up Rule"
    _inherit = "crm.rule.mixin"
    _order = "sequence, id"
    # the date a rule counts from is asked for as well
    _condition_fields = ("domain", "model_name", "trigger", "date_field_id")
    _rule_writers = "crm_customer_center.group_crm_admin"

    name = fields.Char(translate=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", help="Empty: customers and leads of all companies."
    )
    # which
    model_name = fields.Selection(
        MODELS, string="Applies To", required=True, default="res.partner"
    )
    domain = fields.Char("Which Ones", required=True)
    # when
    trigger = fields.Selection(TRIGGERS, required=True, default="cycle")
    days = fields.Integer(required=True, default=14)
    date_field_id = fields.Many2one(
        "ir.model.fields",
        "Date",
        domain="[('model', '=', model_name), ('store', '=', True),"
        " ('ttype', 'in', ('date', 'datetime'))]",
        ondelete="cascade",
    )
    is_yearly = fields.Boolean(
        "Every Year", help="For anniversaries: the day and month count, not the year."
    )
    # what
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        required=True,
        default=lambda self: self.env.ref(
            "mail.mail_activity_data_call", raise_if_not_found=False
        ),
        ondelete="restrict",
    )
    summary = fields.Char("Words on the Activity", translate=True)
    remind_days = fields.Integer(
        "Announce",
        default=1,
        help="So many days before it is due the activity appears and its owner is "
        "reminded; on the day once more.",
    )
    level_ids = fields.One2many("crm.followup.rule.level", "rule_id", "Ladder")
    open_count = fields.Integer("Planned", compute="_compute_open_count")

    _days_check = models.Constraint(
        "CHECK (days >= 0 AND (trigger <> 'cycle' OR days > 0))",
        "A rule needs at least one day between contacts; after a date, 0 is the day "
        "itself.",
    )
    _remind_check = models.Constraint(
        "CHECK (remind_days >= 0)", "The number of days before cannot be negative."
    )

    # ------------------------------------------------------------
    # CHECKS
    # ------------------------------------------------------------

    def _verify_condition(self):
        """The date as well: when somebody is to be called would tell it."""
        domain = super()._verify_condition()
        # sudo: business administrators may not read fields' records
        name = self.date_field_id.sudo().name
        if self.trigger == "event" and name:
            self._check_path(self._author_env(), Leaf(name, "!=", False))
        return domain

    @api.constrains("trigger", "date_field_id", "model_name")
    def _check_date_field(self):
        for rule in self.filtered(lambda r: r.trigger == "event"):
            # sudo: business administrators may not read fields' records
            field = rule.date_field_id.sudo()
            is_date = field.ttype in ("date", "datetime") and field.store
            if not is_date or field.model != rule.model_name:
                raise ValidationError(
                    self.env._(
                        "Choose the date rule “%(rule)s” counts from: a stored date of "
                        "the customers or leads it applies to.",
                        rule=rule.name,
                    )
                )

    @api.onchange("model_name")
    def _onchange_model_name(self):
        self.domain = "[]"
        self.date_field_id = False

    @api.ondelete(at_uninstall=False)
    def _withdraw_what_is_planned(self):
        """A rule that is deleted leaves no activities behind that nobody asks for."""
        # sudo: the tasks and activities are other people's, the rule's all the same
        tasks = self.env["crm.followup.task"].sudo()
        tasks.search([("rule_id", "in", self.ids), ("state", "=", "open")])._withdraw()

    # ------------------------------------------------------------
    # WHAT IT MATCHES
    # ------------------------------------------------------------

    def _rule_model(self):
        return self.model_name

    def _rule_base_domain(self):
        """Customers and leads of the rule's company, archived ones never among
        them."""
        base = super()._rule_base_domain()
        if self.model_name == "res.partner":
            base.append(("lifecycle_state", "!=", False))
        return base

    def _compute_open_count(self):
        counts = dict(
            self.env["crm.followup.task"]._read_group(
                [("rule_id", "in", self.ids), ("state", "=", "open")],
                ["rule_id"],
                ["__count"],
            )
        )
        for rule in self:
            rule.open_count = counts.get(rule, 0)

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_open_tasks(self):
        """What the rule has planned."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_followup.action_followup_task"
        )
        return {**action, "domain": [("rule_id", "=", self.id)]}

    def action_run_now(self):
        """Plan now what the night would plan.

        :raises AccessError: for who may not change rules
        """
        self.check_access("write")
        # sudo: activities for other people; checked above
        planned = sum(rule._run_whole() for rule in self.sudo()._in_use())
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if planned else "info",
                "message": self.env._("%(count)s follow-ups planned.", count=planned)
                if planned
                else self.env._("Nothing is due: all is planned or was done in time."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
