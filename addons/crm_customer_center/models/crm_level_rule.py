from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.crm_suite_base.models.crm_rule_mixin_view import SHOWN
from odoo.addons.crm_suite_base.tools.token import Token

from ..tools import levels

# what a rehearsal has found, for all that is asked of it
PLANNED = Token("crm_level_planned")


class LevelInfo(NamedTuple):
    """A rule in use as the rule book keeps it: its condition and what it asks."""

    info: object
    rule: levels.Rule
    company: int


class CrmLevelRule(models.Model):
    """Which customers have earned a level, by what they bought in twelve months.

    The first rule in order whose numbers and condition are met gives the level; whom no
    rule fits keeps a level that a person gave. Reckoned anew every night in sets. A
    level that somebody locked stays.
    """

    _name = "crm.level.rule"
    _description = "Level Rule"
    _inherit = "crm.rule.mixin"
    _order = "sequence, id"
    _rule_target = "res.partner"
    _rule_writers = "crm_customer_center.group_crm_admin"
    # started from where one sees whom it would move
    _rule_first_state = "draft"

    name = fields.Char(translate=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", help="Empty: customers of all companies."
    )
    level_id = fields.Many2one(
        "crm.customer.level", required=True, index=True, ondelete="cascade"
    )
    domain = fields.Char("Only Those")
    min_sales = fields.Monetary(
        "Sales From",
        help="Of the last twelve months, without tax, less refunds; each amount at the "
        "rate of its day. 0: sales do not matter.",
    )
    min_orders = fields.Integer(
        "Orders From", help="In the last twelve months. 0: they do not matter."
    )
    min_open = fields.Monetary(
        "Open Deals From", help="What open deals are expected to bring. 0: not asked."
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")

    _numbers_check = models.Constraint(
        "CHECK (min_sales >= 0 AND min_orders >= 0 AND min_open >= 0)",
        "What is asked for cannot be less than nothing.",
    )

    @api.depends("company_id")
    def _compute_currency_id(self):
        for rule in self:
            rule.currency_id = rule._level_company().currency_id

    def _level_company(self):
        """In whose currency the amounts are: the rule's company, or the first one."""
        self.ensure_one()
        # sudo: the currency of a company is no secret
        return self.sudo().company_id or self.env["res.company"].sudo()._first_company()

    @api.model
    def _compiled_fields(self):
        return super()._compiled_fields() | {
            "level_id",
            "min_sales",
            "min_orders",
            "min_open",
        }

    def _book_entry(self):
        return LevelInfo(self._rule_info(), self._as_rule(), self._level_company().id)

    def _as_rule(self) -> levels.Rule:
        self.ensure_one()
        return levels.Rule(
            self.id, self.level_id.id, self.min_sales, self.min_orders, self.min_open
        )

    # ------------------------------------------------------------
    # WHO WOULD MOVE
    # ------------------------------------------------------------

    def _among(self):
        return Domain("lifecycle_state", "!=", False)

    def _rehearsed_moves(self) -> dict:
        """What this rule would change beside those in use: rows of the plan by the id
        of the customer."""
        self.ensure_one()
        planned = PLANNED.value(self.env)
        if planned is None:
            # sudo: only who may change the rule rehearses it, and sees own customers
            planned = self.env["crm.level.engine"].sudo()._plan(also=self, only=self)
        return planned

    def _rehearse(self, limit=SHOWN):
        """The plan is made once for all that is asked of it."""
        planned = PLANNED.on(self, self._rehearsed_moves())
        return super(CrmLevelRule, planned)._rehearse(limit)

    def _rehearsal_domain(self):
        return Domain("id", "in", sorted(self._rehearsed_moves()))

    def _would(self, records):
        moves = self._rehearsed_moves()
        names = {
            level.id: level.name
            # sudo: the names of levels are everybody's
            for level in self.env["crm.customer.level"].sudo().search([])
        }
        nothing = self.env._("no level")
        return {
            partner.id: self.env._(
                "%(before)s → %(after)s",
                before=names.get(moves[partner.id].held.level, nothing),
                after=names.get(moves[partner.id].target, nothing),
            )
            for partner in records
            if partner.id in moves
        }

    def _because(self, record):
        """The figures that decide beside the condition."""
        row = self._rehearsed_moves().get(record.id)
        words = [super()._because(record)]
        if row:
            words.append(
                self.env._(
                    "sales of twelve months: %(sales)s, orders: %(orders)s, open: "
                    "%(open)s",
                    sales=self.currency_id.format(row.figures.sales),
                    orders=row.figures.orders,
                    open=self.currency_id.format(row.figures.open),
                )
            )
        return "; ".join(filter(None, words))

    def action_run_now(self):
        """Do now what the night would do.

        :raises AccessError: for who may not change rules
        """
        self.check_access("write")
        self.env["crm.customer.run"]._run_now("level")
        return self.env["crm.customer.run"]._action_last("level")
