from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from ..tools.claims import Place, PoolInfo, fitting_pool

# what remembered values and cached record rules follow from
DECIDERS = {"active", "company_id", "is_default", "region_ids", "sequence", "team_ids"}
NUMBERS = ("capacity", "claims_per_day", "cool_down_days", "looks_per_day")


class CrmCustomerPool(models.Model):
    """A public pool: customers without an owner, seen by its members through it alone.

    While a company has a pool, its reps no longer see unowned customers as such; see
    docs/adr/0056-through-the-pool.md.
    """

    _name = "crm.customer.pool"
    _description = "Public Pool"
    _inherit = ("mail.thread",)
    _link_gate = True
    _order = "sequence, name, id"
    # who gives a pool away no longer changes it
    _reach_fields = frozenset({"company_id", "team_ids"})

    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        index="btree_not_null",
        help="Whose customers go into it. Empty: those of all companies.",
    )
    # who goes into it
    team_ids = fields.Many2many(
        "crm.team",
        string="Teams",
        help="Takes customers that somebody of these teams had. Their leaders look "
        "after the pool.",
    )
    region_ids = fields.Many2many(
        "crm.customer.region",
        string="Regions",
        help="Takes customers of these regions. Empty: of all.",
    )
    is_default = fields.Boolean(
        "Takes All Others",
        tracking=True,
        help="Customers that no other pool takes go here.",
    )
    # what its members may
    member_ids = fields.One2many("crm.pool.member", "pool_id", "Members", copy=True)
    capacity = fields.Integer(
        tracking=True,
        help="Customers a member may own at once to claim one more; 0 for no limit.",
    )
    uncounted_level_ids = fields.Many2many(
        "crm.customer.level",
        string="Levels That Do Not Count",
        help="Customers of these levels take no room of the capacity.",
    )
    uncounted_active = fields.Boolean(
        "Active Customers Do Not Count",
        help="Customers that have bought take no room of the capacity.",
    )
    claims_per_day = fields.Integer(
        tracking=True,
        help="Customers a member may claim on one day, those given back included; 0 "
        "for no limit.",
    )
    looks_per_day = fields.Integer(
        tracking=True,
        help="Customers whose details a member may look at on one day without claiming "
        "them; 0 for no limit.",
    )
    cool_down_days = fields.Integer(
        tracking=True,
        help="Who had a customer claims it again only after so many days.",
    )
    cool_down_team = fields.Boolean(
        "Also for the Team",
        tracking=True,
        help="Nor does anybody of the same sales team claim it meanwhile.",
    )
    customer_ids = fields.One2many("crm.pool.customer", "pool_id")
    customer_count = fields.Integer("Customers", compute="_compute_customer_count")
    may_manage = fields.Boolean(compute="_compute_may_manage")

    # ------------------------------------------------------------
    # COMPUTE, CHECKS
    # ------------------------------------------------------------

    @api.depends("customer_ids")
    def _compute_customer_count(self):
        counts = dict(
            self.env["crm.pool.customer"]._read_group(
                [("pool_id", "in", self.ids)], ["pool_id"], ["__count"]
            )
        )
        for one in self:
            one.customer_count = counts.get(one._origin, 0)

    @api.depends("team_ids.user_id")
    @api.depends_context("uid")
    def _compute_may_manage(self):
        for one in self:
            one.may_manage = one._is_managed_by(self.env.user)

    @api.constrains(*NUMBERS)
    def _check_numbers(self):
        for one in self:
            if any(one[name] < 0 for name in NUMBERS):
                raise ValidationError(
                    self.env._("A limit is 0 (none) or more. Correct the numbers.")
                )

    def _is_managed_by(self, user) -> bool:
        """Whether somebody gives customers of this pool to people: the leader of one
        of its teams, or an administrator."""
        self.ensure_one()
        if user.has_group("crm_customer_center.group_crm_admin"):
            return True
        # sudo: who leads a team is no secret
        return user in self.sudo().team_ids.user_id

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        pools = super().create(vals_list)
        # whether there are pools stands in cached rule domains
        self.env.registry.clear_cache()
        return pools

    def write(self, vals):
        result = super().write(vals)
        if not DECIDERS.isdisjoint(vals):
            self.env.registry.clear_cache()
        if vals.get("active") is False:
            self._rehouse()
        return result

    def _rehouse(self):
        """Let other pools take the customers of these, which are closed."""
        # sudo: all customers of the pools; who may close them was asked
        rows = self.env["crm.pool.customer"].sudo().with_context(active_test=False)
        rows = rows.search([("pool_id", "in", self.ids)])
        housed = rows.partner_id
        pools = self._pools_for(housed)
        rows._take_out(housed.ids)
        partners = housed.browse(pools)
        if partners:
            partners._put_into(pools, "moved")

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    # ------------------------------------------------------------
    # WHICH POOL
    # ------------------------------------------------------------

    @api.model
    @ormcache()
    def _pool_book(self) -> tuple[PoolInfo, ...]:
        """Return all pools in use as plain values, in their order."""
        # sudo: which pool takes whom does not depend on who asks
        pools = self.sudo().with_context(active_test=True).search([])
        return tuple(
            PoolInfo(
                one.id,
                one.company_id.id or 0,
                frozenset(one.team_ids.ids),
                frozenset(one.region_ids.ids),
                one.is_default,
            )
            for one in pools
        )

    @api.model
    def _has_pools(self, companies) -> bool:
        """Whether unowned customers of one of the companies are seen through pools."""
        return any(
            not one.company or one.company in companies.ids for one in self._pool_book()
        )

    @api.model
    def _pools_for(self, partners) -> dict[int, int]:
        """Return the pool that takes each of these customers; those that none takes
        are missing."""
        book = self._pool_book()
        found = {}
        if not book:
            return found
        for partner in partners:
            place = Place(
                partner.company_id.id or 0,
                partner.team_id.id or 0,
                partner.customer_region_id.id or 0,
            )
            if pool := fitting_pool(place, book):
                found[partner.id] = pool
        return found

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_add_team_members(self):
        """Make everybody of the pool's teams a member."""
        for one in self:
            people = one.team_ids.crm_team_member_ids.user_id
            missing = people - one.member_ids.user_id
            self.env["crm.pool.member"].create(
                [{"pool_id": one.id, "user_id": user.id} for user in missing]
            )
        return True

    def action_open_customers(self):
        """Open the customers of this pool."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_customer_pool.action_pool_customer"
        )
        return {**action, "domain": [("pool_id", "=", self.id)], "context": {}}

    def action_gather(self):
        """Take in the unowned customers that stand in no pool yet."""
        self.check_access("write")
        count = len(self.env["res.partner"]._gather_unowned())
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(count)s customers without owner went into their pools.",
                    count=count,
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
