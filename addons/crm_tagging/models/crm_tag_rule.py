from odoo import api, fields, models

ON_CHANGE = ("both", "change")
NIGHTLY = ("both", "nightly")


class CrmTagRule(models.Model):
    """A condition on customers or leads that puts tags on and takes tags off.

    What a rule put on, it takes off when the record no longer matches. What a person,
    an import or a lead put on, no rule takes off. The first rule in order has the
    say about a tag and about an exclusive group. How rules are checked stands in
    ``crm_tag_rule_check``, how they are compiled in ``crm_tag_rule_compile``, how
    they are run in ``crm.tag.engine`` and ``crm.tag.run``.
    """

    _name = "crm.tag.rule"
    _description = "Tag Rule"
    _inherit = ("mail.thread", "mail.activity.mixin")
    _order = "sequence, id"

    name = fields.Char(required=True, tracking=True)
    sequence = fields.Integer(
        default=10,
        help="Where two rules disagree about a tag, the first in order has the say.",
    )
    active = fields.Boolean(default=True)
    model = fields.Selection(
        [("res.partner", "Customers"), ("crm.lead", "Leads and Opportunities")],
        string="Applies to",
        required=True,
        default="res.partner",
    )
    domain = fields.Char(
        "Condition",
        required=True,
        default="[]",
        tracking=True,
        help="Whom the rule is about. Dates may be relative: “today -30d”.",
    )
    add_tag_ids = fields.Many2many(
        "res.partner.category",
        "crm_tag_rule_add_rel",
        "rule_id",
        "tag_id",
        string="Puts On",
        help="Put on the records that match. Taken off again, where the rule had put "
        "them on, from records that no longer match.",
    )
    remove_tag_ids = fields.Many2many(
        "res.partner.category",
        "crm_tag_rule_remove_rel",
        "rule_id",
        "tag_id",
        string="Takes Off",
        help="Taken off the records that match, where another rule had put them on. "
        "A tag that a person, an import or a lead put on is never taken off by a rule.",
    )
    schedule = fields.Selection(
        [
            ("both", "On change and every night"),
            ("change", "On change only"),
            ("nightly", "Every night only"),
        ],
        required=True,
        default="both",
        help="On change: as soon as a record that the condition asks about is saved. "
        "Every night: all records, as dates come closer and pass.",
    )
    state = fields.Selection(
        [("draft", "Draft"), ("ok", "In Use"), ("error", "Stopped")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
        help="A draft does nothing: rehearse it first. A rule that fails is stopped.",
    )
    error = fields.Text("What Went Wrong", readonly=True, copy=False)
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        help="Is told when the rule fails.",
    )
    company_id = fields.Many2one(
        "res.company",
        help="The rule is about this company's records and those of no company. "
        "Empty: about all companies.",
    )

    # figures
    last_run_date = fields.Datetime("Last Run", readonly=True, copy=False)
    last_added = fields.Integer("Put On", readonly=True, copy=False)
    last_removed = fields.Integer("Taken Off", readonly=True, copy=False)
    fight_note = fields.Text(
        "Overruled",
        readonly=True,
        copy=False,
        help="Where other rules had the say in the last run.",
    )
    rival_note = fields.Text(
        "Disagrees With",
        compute="_compute_rival_note",
        help="Other rules that speak about the same tags or the same exclusive group.",
    )
    run_ids = fields.Many2many(
        "crm.tag.run", "crm_tag_run_rule_rel", "rule_id", "run_id", readonly=True
    )

    @api.depends("add_tag_ids", "remove_tag_ids", "model", "sequence", "state")
    def _compute_rival_note(self):
        others = self.search([("state", "=", "ok")])
        for rule in self:
            notes = [rule._rivalry(other) for other in others - rule._origin]
            rule.rival_note = "\n".join(filter(None, notes)) or False

    def _rivalry(self, other):
        """Return a sentence on what the rule and another one disagree about."""
        if other.model != self.model:
            return ""
        mine, theirs = self.add_tag_ids._origin, other.add_tag_ids
        about = (mine & other.remove_tag_ids) | (theirs & self.remove_tag_ids._origin)
        groups = mine.tag_group_id & theirs.tag_group_id
        for group in groups.filtered("exclusive"):
            pair = (mine | theirs).filtered(lambda tag, g=group: tag.tag_group_id == g)
            about |= pair if len(pair) > 1 else pair.browse()
        if not about:
            return ""
        first = min(self, other, key=lambda rule: (rule.sequence, rule._origin.id or 0))
        return self.env._(
            "“%(other)s” also decides about %(tags)s. Where both match, “%(first)s” "
            "has "
            "the say.",
            other=other.name,
            tags=", ".join(about.mapped("display_name")),
            first=first.name or self.env._("this rule"),
        )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules._check_author()
        self.env.registry.clear_cache()
        return rules

    def write(self, vals):
        result = super().write(vals)
        if "domain" in vals or "model" in vals:
            self._check_author()
        if vals.keys() & self._compiled_fields():
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    def _compiled_fields(self):
        """Return the names of the fields the compiled program depends on."""
        return {
            "active",
            "add_tag_ids",
            "company_id",
            "domain",
            "model",
            "remove_tag_ids",
            "schedule",
            "sequence",
            "state",
        }

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_rehearse(self):
        """Show who would gain and lose which tags, and change nothing."""
        run = self.env["crm.tag.run"]._rehearse(self)
        return run._action_open(self.env._("Rehearsal"))

    def action_run(self):
        """Put the rules in use and run them now over all records."""
        self.action_start()
        run = self.env["crm.tag.run"]._run_now(self)
        return run._action_open(self.env._("Run"))

    def action_start(self):
        """Put drafts and stopped rules in use."""
        self.check_access("write")
        self._check_condition()
        self.filtered(lambda rule: rule.state != "ok").write(
            {"state": "ok", "error": False}
        )

    def action_stop(self):
        """Take rules out of use; the tags they put on stay."""
        self.check_access("write")
        self.write({"state": "draft"})

    def action_runs(self):
        """Open the rule's runs."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_tagging.action_tag_run"
        )
        return action | {"domain": [("rule_ids", "in", self.ids)], "context": {}}

    def action_records(self):
        """Open the records the rule matches, as far as the user may see them."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": self.model,
            "view_mode": "list,form",
            "domain": self.domain,
        }

    # ------------------------------------------------------------
    # FAILURE
    # ------------------------------------------------------------

    def _set_error(self, error):
        """Stop a rule that failed, and tell the responsible person once.

        :param error: the exception
        """
        self.ensure_one()
        if self.state == "error":
            return
        self.write({"state": "error", "error": str(error).strip() or repr(error)})
        self.activity_schedule(
            "mail.mail_activity_data_warning",
            user_id=(self.user_id or self.env.ref("base.user_admin")).id,
            summary=self.env._("The tag rule “%s” was stopped", self.name),
            note=self.error,
        )
