from odoo import api, fields, models
from odoo.tools import SQL

from .crm_pool_move import CAUSES

CONTACTS_SHOWN = 20


class CrmPoolCustomer(models.Model):
    """A customer that stands in a pool: what its members see of it without owning it.

    Grain: one per customer in a pool; the row goes when somebody owns the customer.
    What it shows is harmless; phones, addresses and people show to who has looked at
    the customer today, or may read it anyway. Written by the system alone.
    """

    _name = "crm.pool.customer"
    _description = "Customer in a Pool"
    _system_records = True
    _link_gate = True
    _log_access = False
    _rec_name = "name"
    _order = "entered_at desc, id desc"

    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
    pool_id = fields.Many2one(
        "crm.customer.pool", required=True, index=True, ondelete="restrict"
    )
    entered_at = fields.Datetime("In the Pool Since", required=True)
    cause = fields.Selection(CAUSES, "Came By")
    note = fields.Char("Why")
    last_contact_at = fields.Datetime("Last Contact")
    former_owner_id = fields.Many2one(
        "res.users", "Last Owner", index="btree_not_null", ondelete="set null"
    )
    # harmless facts
    active = fields.Boolean(related="partner_id.active")
    name = fields.Char(related="partner_id.name", string="Customer")
    city = fields.Char(related="partner_id.city")
    state_id = fields.Many2one(related="partner_id.state_id", string="Province")
    industry_id = fields.Many2one(related="partner_id.industry_id")
    region_id = fields.Many2one(
        related="partner_id.customer_region_id", string="Region"
    )
    level_id = fields.Many2one(related="partner_id.customer_level_id", string="Level")
    level_color = fields.Integer(related="partner_id.customer_level_color")
    lifecycle_state = fields.Selection(related="partner_id.lifecycle_state")
    size_class = fields.Selection(related="partner_id.size_class")
    category_ids = fields.Many2many(related="partner_id.category_id", string="Tags")
    days_in_pool = fields.Integer(compute="_compute_days_in_pool")
    # what a look shows
    is_open = fields.Boolean(
        "Details Shown",
        compute="_compute_details",
        help="You have looked at it today, or may read the customer.",
    )
    phone = fields.Char(compute="_compute_details")
    email = fields.Char("E-mail", compute="_compute_details")
    address = fields.Char(compute="_compute_details")
    contacts = fields.Text(compute="_compute_details")
    may_claim = fields.Boolean(compute="_compute_may")
    may_assign = fields.Boolean(compute="_compute_may")

    _partner_uniq = models.UniqueIndex("(partner_id)")
    _entered_idx = models.Index("(entered_at, id)")

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("entered_at")
    def _compute_days_in_pool(self):
        now = fields.Datetime.now()
        for row in self:
            row.days_in_pool = (now - row.entered_at).days if row.entered_at else 0

    @api.depends_context("uid")
    @api.depends("pool_id.member_ids.user_id", "pool_id.team_ids.user_id")
    def _compute_may(self):
        for row in self:
            # sudo: whether one is a member oneself
            own = row.sudo().pool_id
            row.may_claim = self.env.user in own.member_ids.user_id
            row.may_assign = own._is_managed_by(self.env.user)

    @api.depends_context("uid")
    @api.depends("partner_id")
    def _compute_details(self):
        shown = self._shown()
        for row in self:
            # sudo: shown to who has looked, or may read the customer
            partner = row.sudo().partner_id if row in shown else row.partner_id.browse()
            row.is_open = bool(partner)
            row.phone = partner.phone
            row.email = partner.email
            address = partner._display_address(without_company=True) if partner else ""
            lines = (line.strip(", ") for line in address.split("\n"))
            row.address = ", ".join(filter(None, lines)) or False
            row.contacts = "\n".join(
                " · ".join(filter(None, [one.name, one.function, one.phone, one.email]))
                for one in partner.child_ids[:CONTACTS_SHOWN]
                if one.type == "contact"
            )

    def _shown(self):
        """Return those whose details the user may see."""
        # sudo(False): asked is what this person may read
        readable = self.partner_id.sudo(False)._filtered_access("read").ids
        user = self.env.user
        # sudo: the numbers of the pools
        looked = self.env["crm.pool.look"]._looked_at(
            user, self.sudo().pool_id, self.env["crm.pool.member"]._midnight(user)
        )
        return self.filtered(
            lambda row: row.partner_id.id in looked or row.partner_id.id in readable
        )

    # ------------------------------------------------------------
    # IN AND OUT, BY THE SYSTEM
    # ------------------------------------------------------------

    @api.model
    def _system_fields_advice(self):
        return self.env._(
            "Customers come into a pool when they are released or lose their owner, "
            "and leave it when they are claimed. Use those buttons."
        )

    @api.model
    def _put_in(self, partners, pools, owners, cause, note=None, contacts=None):
        """Add a row for each customer that stands in no pool; one statement.

        :param pools: pool by id of the customer
        :param owners: id of who had it, by id of the customer
        :param contacts: when it was contacted last, where that is known
        """
        contacts = contacts or {}
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_pool_customer (partner_id, pool_id, entered_at, cause,
                                               note, former_owner_id, last_contact_at)
                SELECT row.partner, row.pool, %s, %s, %s, row.owner, row.contact
                  FROM unnest(%s::int[], %s::int[], %s::int[], %s::timestamp[])
                       AS row(partner, pool, owner, contact)
                    ON CONFLICT (partner_id) DO NOTHING
                """,
                now,
                cause,
                note or None,
                partners.ids,
                [pools[id_] for id_ in partners.ids],
                [owners.get(id_) or None for id_ in partners.ids],
                [contacts.get(id_) for id_ in partners.ids],
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    def _take_out(self, partner_ids):
        """Remove the rows of customers that stand in no pool any more."""
        self.env.cr.execute(
            SQL(
                "DELETE FROM crm_pool_customer WHERE partner_id = ANY(%s)",
                list(partner_ids),
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    def _pools_of(self, partner_ids) -> dict[int, int]:
        """Return the pool each of these customers stands in."""
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT partner_id, pool_id FROM crm_pool_customer"
                    " WHERE partner_id = ANY(%s)",
                    list(partner_ids),
                )
            )
        )
