from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError

from .crm_customer_pair_decide import REVIEWERS

STATES = [("done", "Merged"), ("undone", "Taken Back")]


class CrmCustomerMerge(models.Model):
    """Customers that became one, and all that is needed to take it back.

    Grain: one row a merge, of any number of customers into one.
    """

    _name = "crm.customer.merge"
    _description = "Merge of Customers"
    _order = "id desc"
    _link_gate = True
    _system_records = True
    _rec_name = "names"

    survivor_id = fields.Many2one(
        "res.partner", "Stays", required=True, readonly=True, index=True,
        ondelete="cascade",
    )  # fmt: skip
    absorbed_ids = fields.Many2many(
        "res.partner", "crm_customer_merge_absorbed_rel", "merge_id", "partner_id",
        string="Went Into It", readonly=True, context={"active_test": False},
    )  # fmt: skip
    names = fields.Char("Merged Away", readonly=True)
    user_id = fields.Many2one(
        "res.users", "Merged By", readonly=True, index="btree_not_null",
        ondelete="set null",
    )  # fmt: skip
    date = fields.Datetime("Merged On", required=True, readonly=True)
    state = fields.Selection(STATES, required=True, readonly=True, default="done")
    undone_by_id = fields.Many2one(
        "res.users", "Taken Back By", readonly=True, index="btree_not_null",
        ondelete="set null",
    )  # fmt: skip
    undone_date = fields.Datetime("Taken Back On", readonly=True)
    row_count = fields.Integer("Entries", readonly=True, aggregator=None)
    line_ids = fields.One2many("crm.customer.merge.line", "merge_id", readonly=True)
    decisions = fields.Json(
        readonly=True, help="Names of fields that the one that stays took over."
    )
    left_count = fields.Integer(
        "Left As They Are", readonly=True, aggregator=None,
        help="Entries that somebody had changed before it was taken back.",
    )  # fmt: skip
    taken_over = fields.Char(compute="_compute_told")
    moved_html = fields.Html("What Moved", compute="_compute_told", sanitize=False)
    left_html = fields.Html("What Was Left", compute="_compute_told", sanitize=False)

    @api.model
    def _system_fields_advice(self):
        return self.env._("Merge customers, or take a merge back, by the buttons.")

    @api.depends("line_ids", "decisions", "state")
    @api.depends_context("lang")
    def _compute_told(self):
        for merge in self:
            # what is computed anew moved as well, and says nothing to anybody
            soft = merge._soft_tables()
            # sudo: names of kinds of entries and numbers, of a merge that may be read
            lines = merge.sudo().line_ids.filtered(
                lambda line, soft=soft: line.table_name not in soft
            )
            merge.taken_over = ", ".join(merge._labels_taken_over())
            merge.moved_html = lines._table_of(lambda line: line._count())
            merge.left_html = lines._table_of(lambda line: len(line.left_ids or []))

    def _labels_taken_over(self) -> list[str]:
        """Return what people call the fields that the one that stays took over."""
        if not self.decisions:
            return []
        known = self.env["res.partner"].fields_get(self.decisions, ["string"])
        return sorted(one["string"] for one in known.values())

    # ------------------------------------------------------------
    # WHO
    # ------------------------------------------------------------

    @api.model
    def _check_merger(self, partners):
        """:raises AccessError: for who may not merge contacts, or change these"""
        if not self.env.user.has_group(REVIEWERS):
            raise AccessError(
                self.env._("Team managers and administrators merge customers.")
            )
        self.env["base.partner.merge.automatic.wizard"].check_access("create")
        partners.check_access("write")

    def action_undo(self):
        """Take the merge back; see ``_undo``."""
        for merge in self:
            merge.check_access("read")
            # sudo: whom it is about is asked for by their own rules
            own = merge.sudo()
            family = own.survivor_id | own.absorbed_ids
            merge._check_merger(family.with_env(self.env))
            own._undo()
        return True

    def action_open_survivor(self):
        self.ensure_one()
        return self.survivor_id.get_formview_action()


class CrmCustomerMergeLine(models.Model):
    """What a merge did to rows of one table: many that were alike in one line.

    Nobody reads the table but who takes a merge back.
    """

    _name = "crm.customer.merge.line"
    _description = "Entry of a Merge of Customers"
    _log_access = False
    _order = "id"
    _rec_name = "table_name"

    merge_id = fields.Many2one(
        "crm.customer.merge", required=True, readonly=True, index=True,
        ondelete="cascade",
    )  # fmt: skip
    kind = fields.Selection(
        [("changed", "Changed"), ("gone", "Set Aside"), ("new", "Made")],
        required=True,
        readonly=True,
    )
    table_name = fields.Char(required=True, readonly=True)
    record_ids = fields.Json(readonly=True)
    before = fields.Json(readonly=True, help="Column: value, of rows that are changed.")
    after = fields.Json(readonly=True)
    rows = fields.Json(readonly=True, help="Whole rows that were set aside or made.")
    left_ids = fields.Json(readonly=True, help="What could not go back.")

    def _count(self) -> int:
        self.ensure_one()
        return len(self.record_ids or self.rows or [])

    def _table_of(self, count) -> Markup:
        """Return a table of what there is, by kind of entry."""
        counts: dict[str, int] = {}
        for line in self:
            if number := count(line):
                name = line._what()
                counts[name] = counts.get(name, 0) + number
        rows = Markup().join(
            Markup("<tr><td>%s</td><td class='text-end'>%s</td></tr>") % (name, number)
            for name, number in sorted(counts.items(), key=lambda one: -one[1])
        )
        return rows and Markup("<table class='table table-sm'>%s</table>") % rows

    def _what(self) -> str:
        """Return how people call rows of the table."""
        self.ensure_one()
        for model in self.env.values():
            if model._table == self.table_name and not model._abstract:
                # sudo: the name of a kind of records
                return self.env["ir.model"].sudo()._get(model._name).name
        return self.env._("Links")
