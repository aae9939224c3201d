from collections.abc import Iterable

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# who reads histories: as the follow-ups', the record rules say of whom
READERS = (
    "sales_team.group_sale_salesman,crm_customer_center.group_service_agent,"
    "crm_customer_center.group_marketing"
)
# what people did; the rest a rule, or the system
BY_PEOPLE = ("created", "person", "release", "undone", "merged")
# what a merge of partners and the deletion of a rule may change of a row
LOOSE = (
    "id",
    "partner_id",
    "rule_id",
    "user_id",
    "run_id",
    "owner_id",
    "team_id",
    "company_id",
)


class CrmCustomerMoveMixin(models.AbstractModel):
    """A line of a customer's history: what it became, since when, and why.

    Only ever added to, by nobody but the system. It has two times: since when the
    customer is what the line says (``effective_at``), and when we came to know it
    (``known_at``): an order that is entered late does not change what was reported
    before. Grain: one change of one customer. The database itself refuses to change a
    line; deleting the customer deletes its history.
    """

    _name = "crm.customer.move.mixin"
    _system_records = True
    _description = "Line of a Customer's History"
    _link_gate = True
    _log_access = False
    _order = "known_at desc, id desc"
    _rec_name = "partner_id"
    # what the database lets change; a child adds its own links
    _loose = LOOSE

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, ondelete="cascade"
    )
    origin_id = fields.Integer(
        "Number When Written",
        required=True,
        help="Of the customer it was written of; another one, where customers were "
        "merged.",
    )
    is_merged = fields.Boolean(
        "Of a Merged Customer",
        compute="_compute_is_merged",
        help="It was written of another customer, which was merged into this one.",
    )
    effective_at = fields.Datetime("Since", required=True)
    known_at = fields.Datetime(
        "Known Since",
        required=True,
        index=True,
        help="When it was written. A report of a former day counts what was known "
        "then.",
    )
    user_id = fields.Many2one("res.users", "By", ondelete="set null")
    # as they were then: a figure of last year does not change with the owner
    owner_id = fields.Many2one(
        "res.users", "Owner Then", index="btree_not_null", ondelete="set null"
    )
    team_id = fields.Many2one("crm.team", "Team Then", ondelete="set null")
    company_id = fields.Many2one("res.company", ondelete="set null")
    run_id = fields.Many2one(
        "crm.customer.run", index="btree_not_null", ondelete="set null"
    )
    note = fields.Char(help="What the person gave as reason.")
    held = fields.Boolean("Rules Leave It Alone")
    held_until = fields.Datetime("Until")
    reason = fields.Char(compute="_compute_reason")

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("partner_id", "origin_id")
    def _compute_is_merged(self):
        for move in self:
            move.is_merged = move.origin_id != move.partner_id.id

    @api.depends_context("lang")
    def _compute_reason(self):
        for move in self:
            move.reason = move._reason_in_words()

    def _reason_in_words(self) -> str:
        """Hook: why, for people to read, in their language."""
        raise NotImplementedError

    # ------------------------------------------------------------
    # ONLY ADDED TO
    # ------------------------------------------------------------

    @api.model
    def _system_fields_advice(self):
        return self.env._(
            "The history of a customer is written by the system. Change the "
            "customer, and the reason is kept."
        )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_system_records()
        for vals in vals_list:
            vals.setdefault("origin_id", vals["partner_id"])
            vals.setdefault("known_at", fields.Datetime.now())
        return super().create(vals_list)

    def write(self, vals):
        """:raises UserError: whoever asks, and whatever for"""
        if vals:
            raise UserError(self._refusal())
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ever(self):
        raise UserError(self._refusal())

    def _refusal(self) -> str:
        return self.env._("The history of a customer is only added to, never changed.")

    @api.model
    def _insert(self, rows: Iterable[dict], more: Iterable[SQL] = ()):
        """Add lines in one statement.

        :param rows: values by column, the same columns in each
        :param more: statements that are sent along
        """
        rows = list(rows)
        if not rows:
            return
        names = tuple(rows[0])
        # a column in which nobody has a value would have no type
        types = [SQL(self._fields[name].column_type[1]) for name in names]
        typed = SQL(", ").join(
            SQL("%s::%s", rows[0][name], type_)
            for name, type_ in zip(names, types, strict=True)
        )
        others = [SQL("%s", tuple(row[name] for name in names)) for row in rows[1:]]
        insert = SQL(
            "INSERT INTO %s (%s) VALUES %s",
            SQL.identifier(self._table),
            SQL(", ").join(map(SQL.identifier, names)),
            SQL(", ").join([SQL("(%s)", typed), *others]),
        )
        # one journey to the database: customers are created one by one as well
        self.env.cr.execute(SQL("; ").join([insert, *more]))
        self.invalidate_model(flush=False)

    @api.model
    def _line_vals(self, partner, **values) -> dict:
        """What every line has: of whom, and whose customer it was then."""
        return {
            "partner_id": partner.id,
            "origin_id": partner.id,
            "owner_id": partner.customer_owner_id.id or None,
            "team_id": partner.team_id.id or None,
            "company_id": partner.company_id.id or None,
            # a rule is no person, whoever closed the deal
            "user_id": self.env.uid if values["cause"] in BY_PEOPLE else None,
            **values,
        }

    def init(self):
        """Let the database refuse what Odoo never asks for."""
        if self._abstract:
            return
        columns = sorted(
            field.name
            for field in self._fields.values()
            if field.store and field.column_type and field.name not in self._loose
        )
        self.env.cr.execute(
            SQL(
                GUARD,
                function=SQL.identifier(f"{self._table}_is_final"),
                trigger=SQL.identifier(f"{self._table}_final"),
                table=SQL.identifier(self._table),
                old=SQL(", ").join(SQL.identifier("old", name) for name in columns),
                new=SQL(", ").join(SQL.identifier("new", name) for name in columns),
            )
        )


GUARD = """
CREATE OR REPLACE FUNCTION %(function)s() RETURNS trigger AS $$
BEGIN
    IF (%(old)s) IS DISTINCT FROM (%(new)s) THEN
        RAISE EXCEPTION 'the history of customers only grows'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$ LANGUAGE plpgsql;

DROP TRIGGER IF EXISTS %(trigger)s ON %(table)s;
CREATE TRIGGER %(trigger)s BEFORE UPDATE ON %(table)s
    FOR EACH ROW EXECUTE FUNCTION %(function)s();
"""
