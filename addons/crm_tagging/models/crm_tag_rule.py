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
    _inherit = "crm.rule.mixin"
    _order = "sequence, id"
    _condition_fields = ("domain", "model")
    # it changes tags as soon as it is in use
    _rule_first_state = "draft"

    name = fields.Char(tracking=True)
    sequence = fields.Integer(
        default=10,
        help="Where two rules disagree about a tag, the first in order has the say.",
    )
    model = fields.Selection(
        [("res.partner", "Customers"), ("crm.lead", "Leads and Opportunities")],
        string="Applies to",
        required=True,
        default="res.partner",
    )
    domain = fields.Char(
        required=True,
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
    company_id = fields.Many2one(
        "res.company",
        help="The rule is about this company's records and those of no company. "
        "Empty: about all companies.",
    )

    # figures
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
            "has the say.",
            other=other.name,
            tags=", ".join(about.mapped("display_name")),
            first=first.name or self.env._("this rule"),
        )

    @api.model
    def _compiled_fields(self):
        return super()._compiled_fields() | {
            "add_tag_ids",
            "remove_tag_ids",
            "schedule",
        }

    def _rule_model(self):
        return self.model

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

    def action_runs(self):
        """Open the rule's runs."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_tagging.action_tag_run"
        )
        return action | {"domain": [("rule_ids", "in", self.ids)], "context": {}}
