from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import ormcache

GUARD_FIELDS = ("is_customer", "customer_owner_id")
# keys of what a transaction remembers: partners it created, and those carried since
FRESH = "crm_customer_center.fresh"
CARRIED = "crm_customer_center.carried"
# what other models carry of their partner, so that their rules need no join
CARRIED_FIELDS = {*GUARD_FIELDS, "commercial_partner_id", "company_id"}


class ResPartner(models.Model):
    """The two columns that record rules compare.

    A rule on partners touches everything in Odoo (authors of messages, users,
    companies, suppliers, delivery addresses), so it must hide customers of other
    owners and nothing else, and must do so by one comparison on an indexed column.
    Contacts carry the values of their company. See docs/adr.
    """

    _inherit = "res.partner"
    _link_gate = True

    is_customer = fields.Boolean(
        string="Customer",
        compute="_compute_customer_guard",
        store=True,
        recursive=True,
        help="A customer or a contact of one.",
    )
    customer_owner_id = fields.Many2one(
        "res.users",
        compute="_compute_customer_guard",
        store=True,
        recursive=True,
        ondelete="set null",
        help="Who looks after the customer; contacts have the owner of their "
        "company. Access rules compare this person.",
    )

    may_be_changed = fields.Boolean(
        compute="_compute_may_be_changed",
        help="Whether whoever looks at it may change it: else its form is to be read.",
    )

    # for the rules; the second column spares a list of companies the contacts
    _customer_owner_idx = models.Index("(customer_owner_id, is_company)")

    @api.model
    def _system_fields(self):
        # whose contact a contact is decides with the two columns who reads it
        return super()._system_fields() | {*GUARD_FIELDS, "commercial_partner_id"}

    @api.model
    def _system_fields_advice(self):
        return self.env._(
            "They follow from the lifecycle, the salesperson and the company of the "
            "customer; change those instead."
        )

    @api.depends_context("uid")
    @api.depends("customer_owner_id", "is_customer", "company_id")
    def _compute_may_be_changed(self):
        changeable = self._origin._filtered_access("write")
        for partner in self:
            before = partner._origin
            partner.may_be_changed = not before or before in changeable

    @api.depends(
        "partner_share",
        "lifecycle_state",
        "user_id",
        "commercial_partner_id",
        # Said for the contacts, level by level, and not as fields of their
        # commercial_partner_id: to find who depends on those Odoo searches by a
        # column it is just computing, and does so for ever when somebody tries to
        # put a company below its own contact.
        # One of the two columns says it for both: they are computed together.
        "parent_id.is_customer",
    )
    def _compute_customer_guard(self):
        """Odoo hands over the partners of a recursive field one at a time. None of
        them reads these columns of another, so all that wait are done in one go."""
        guard = [self._fields[name] for name in GUARD_FIELDS]
        waiting = self.env.records_to_compute(guard[0]).filtered("id") - self
        for field in guard:
            self.env.remove_to_compute(field, waiting)
        with self.env.protecting(guard, waiting):
            (self | waiting)._set_customer_guard()

    def _set_customer_guard(self):
        own_companies = self.browse(self._own_company_partner_ids())
        alike = defaultdict(list)
        for partner in self:
            company = partner.commercial_partner_id
            is_customer = bool(
                company.lifecycle_state
                and company.partner_share
                # a colleague stays visible even below a customer's company
                and partner.partner_share
                and company not in own_companies
            )
            owner = company.user_id if is_customer else company.user_id.browse()
            alike[is_customer, owner].append(partner.id)
        # to set a column costs as much for many as for one
        for (is_customer, owner), ids in alike.items():
            partners = self.browse(ids)
            partners.is_customer = is_customer
            partners.customer_owner_id = owner

    def _recompute_customer_guard(self):
        """Compute the two columns of these partners and their contacts anew, after
        a change that field dependencies do not see."""
        # sudo: a rule that compares stale columns must not stop their correction
        family = (
            self.sudo()
            .with_context(active_test=False)
            .search([("commercial_partner_id", "in", self.commercial_partner_id.ids)])
        )
        for name in GUARD_FIELDS:
            self.env.add_to_compute(self._fields[name], family)

    def _create(self, data_list):
        partners = super()._create(data_list)
        self.env.cr.precommit.data.setdefault(FRESH, set()).update(partners.ids)
        return partners

    def _write_multi(self, vals_list):
        result = super()._write_multi(vals_list)
        # nothing can carry columns of what this transaction has created, unless it
        # said so; computing the columns of new partners is the most frequent case
        data = self.env.cr.precommit.data
        unknown = data.get(FRESH, set()) - data.get(CARRIED, set())
        changed = [
            partner.id
            for partner, vals in zip(self, vals_list, strict=True)
            if partner.id not in unknown and not CARRIED_FIELDS.isdisjoint(vals)
        ]
        if changed:
            self.browse(changed)._carried_fields_written()
        return result

    def _are_carried(self):
        """To be called when another model takes over columns of these partners."""
        self.env.cr.precommit.data.setdefault(CARRIED, set()).update(self.ids)

    def _carried_fields_written(self):
        """Hook: columns of these partners that other models carry for their own access
        rules have changed, and are in the database now.

        A model whose columns were computed fields depending on these would be searched
        for at whatever could change them, which is at each change of a user's groups
        or a partner's parent. This is called when they did change, once, for a module
        to bring its rows up to date in one statement.

        The module must call ``_are_carried`` where it computes its columns.
        """

    @api.model
    @ormcache()
    def _own_company_partner_ids(self) -> tuple[int, ...]:
        """Partners of our own companies, archived ones too.

        Emptied when a company is created, deleted or gets another partner.
        """
        # sudo: every company, not those of the user; compared with, never shown
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        return tuple(companies.search([]).partner_id.ids)
