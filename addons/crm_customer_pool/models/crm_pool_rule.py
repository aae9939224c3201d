from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_list

from ..tools import recycle


class RecycleInfo(NamedTuple):
    """A rule in use as the rule book keeps it."""

    info: object
    rule: recycle.Rule


class CrmPoolRule(models.Model):
    """When a customer that nobody works on goes back to the pool.

    The first rule in order whose condition a customer meets decides. Its owner is
    warned twice; who is protected waits. See docs/adr/0057-lost-after-two-warnings.md.
    """

    _name = "crm.pool.rule"
    _description = "Rule of the Pool"
    _inherit = "crm.rule.mixin"
    _order = "sequence, id"
    _rule_target = "res.partner"
    _rule_writers = "crm_customer_center.group_crm_admin"
    # started from where one sees whom it would warn
    _rule_first_state = "draft"

    name = fields.Char(translate=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        help="Empty: customers of all companies.",
    )
    domain = fields.Char("Only Those")
    counted = fields.Selection(
        [("contact", "No contact"), ("order", "No order")],
        required=True,
        default="contact",
        help="Counted from the last contact or order, but not from before the owner "
        "had the customer.",
    )
    days = fields.Integer(default=30, required=True)
    working_days = fields.Boolean(
        default=True,
        help="Days the company works, by its calendar with holidays and make-up days. "
        "Days on which the owner is on leave never count.",
    )
    first_days = fields.Integer("First Warning", default=7, required=True)
    last_days = fields.Integer("Second Warning", default=2, required=True)
    order_days = fields.Integer(
        "Protected After an Order",
        default=90,
        help="Who has ordered keeps the customer for so many days.",
    )

    _days_check = models.Constraint(
        "CHECK (days > first_days + 1 AND first_days >= last_days AND last_days >= 1"
        " AND order_days >= 0)",
        "The first warning comes two days after the last contact or later, the second "
        "not before the first, and at least one day before the end.",
    )

    @api.model
    def _compiled_fields(self):
        return super()._compiled_fields() | {
            "counted", "days", "working_days", "first_days", "last_days", "order_days",
        }  # fmt: skip

    def _book_entry(self):
        return RecycleInfo(self._rule_info(), self._as_rule())

    def _as_rule(self) -> recycle.Rule:
        self.ensure_one()
        return recycle.Rule(self.days, self.first_days, self.last_days)

    def _keepers(self) -> str:
        """Return what would keep a customer with its owner, in words."""
        self.ensure_one()
        contact = [self.env._("a contact")] if self.counted == "contact" else []
        held = self.env["crm.pool.engine"]._held_by(self)
        words = [*contact, *(one.words for one in held if one.words)]
        return format_list(self.env, words, style="or")

    # ------------------------------------------------------------
    # REHEARSAL
    # ------------------------------------------------------------

    def _among(self):
        return (
            Domain("customer_owner_id", "!=", False)
            & Domain("lifecycle_state", "!=", False)
            & Domain("active", "=", True)
        )

    def _rehearsal_domain(self):
        """Those whose owners it would warn tonight, or take from them."""
        self.ensure_one()
        # sudo: whom it is about is asked with the rights of who rehearses, around this
        customers = self.env["res.partner"].sudo().search(super()._rehearsal_domain())
        found = self.env["crm.pool.engine"]._decide(self, customers)
        return Domain("id", "in", list(found))

    def _would(self, records):
        # sudo: days and protections of customers that the person sees
        customers = records.sudo()
        found = self.env["crm.pool.engine"]._decide(self, customers)
        words = {
            recycle.FIRST: self.env._("the owner is warned"),
            recycle.LAST: self.env._("the owner is warned again"),
            recycle.WAIT: self.env._("the owner was warned"),
            recycle.LOSE: self.env._("goes to the pool"),
        }
        return {id_: words[one.what] for id_, one in found.items()}
