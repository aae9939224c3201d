from odoo import api, models
from odoo.tools import SQL

from odoo.addons.crm_suite_base.tools.changes import follows
from odoo.addons.crm_suite_base.tools.token import Token

# the log and the rows of the pool are written by whoever raised it
LOGGED = Token("crm_pool_logged")
BATCH = 1000


class CrmPooledMixin(models.AbstractModel):
    """A customer without an owner stands in a pool, however it came about."""

    _name = "crm.pooled.mixin"
    _description = "Stands in a Pool Without an Owner"

    @follows(
        45,
        "user_id",
        "lifecycle_state",
        "parent_id",
        "is_company",
        "company_type",
        reads=("user_id",),
        new=True,
    )
    def _pools_follow(self, change):
        """Note who had it and who has it, and put those nobody has into their pools.
        Nothing is asked where there is no pool."""
        pools = self.env["crm.customer.pool"]
        if not pools._pool_book() or LOGGED.is_on(self.env):
            return
        # sudo: the log and the pools are the system's; who may change the owner was
        # asked by the write
        partners = self.sudo()
        owners = {id_: was["user_id"] for id_, was in change.was.items()}
        if not change.is_new:
            partners._log_new_owners(change)
        cause = "release" if any(owners.values()) else "entered"
        partners._stand_where_they_belong(cause, owners)

    def _log_new_owners(self, change):
        """Note customers whose owner somebody has changed, by whichever screen."""
        changed = self._changed_since(change, "user_id").filtered(
            lambda one: one.lifecycle_state and one.user_id
        )
        if not changed:
            return
        rows = self.env["crm.pool.customer"]._pools_of(changed.ids)
        self.env["crm.pool.move"]._log(
            changed,
            "owner",
            {
                one.id: (
                    change.was[one.id]["user_id"],
                    one.user_id.id,
                    rows.get(one.id),
                )
                for one in changed
            },
            by=self.env.uid,
        )
        self.env["crm.pool.customer"]._take_out(changed.ids)

    def _stand_where_they_belong(self, cause: str, owners=None):
        """Put those of the customers that nobody has into their pools, and take those
        out that somebody has or that are none any more.

        :return: those that went in
        """
        rows = self.env["crm.pool.customer"]
        standing = rows._pools_of(self.ids)
        free = self.filtered(lambda one: one._is_free())
        leaving = [id_ for id_ in standing if id_ not in free._ids]
        if leaving:
            rows._take_out(leaving)
        coming = free.filtered(lambda one: one.id not in standing)
        pools = self.env["crm.customer.pool"]._pools_for(coming)
        coming = coming.filtered(lambda one: one.id in pools)
        if coming:
            coming._put_into(pools, cause, owners=owners)
        return coming

    def _is_free(self) -> bool:
        """Whether it is a customer, and nobody's."""
        return bool(
            self.is_customer
            and self.lifecycle_state
            and not self.customer_owner_id
            and self.commercial_partner_id == self
        )

    def _put_into(self, pools: dict, cause: str, note=None, owners=None, run=None):
        """Write that these customers came into pools: log and row.

        :param pools: pool by id of the customer
        :param owners: who had them, by id; nobody where it is missing
        :param run: the id of the night that took them
        """
        owners = owners or {}
        # a rule is nobody; a person released it, or entered it without an owner
        by = None if cause == "recycle" else self.env.uid
        facts = self.env["crm.pool.move"]._log(
            self,
            cause,
            {id_: (owners.get(id_), None, pools[id_]) for id_ in self.ids},
            note,
            by,
            run=run,
        )
        contacts = {id_: fact["last_contact_at"] for id_, fact in facts.items()}
        self.env["crm.pool.customer"]._put_in(
            self, pools, owners, cause, note, contacts
        )

    @api.model
    def _gather_unowned(self):
        """Put customers that nobody has and that stand in no pool into theirs: those
        from before there was a pool, or that came there unseen by the ORM.

        :return: those that went in
        """
        self.env.flush_all()
        found = self.env.execute_query(
            SQL(
                """
                SELECT p.id FROM res_partner p
                 WHERE p.is_customer IS TRUE AND p.customer_owner_id IS NULL
                   AND p.lifecycle_state IS NOT NULL AND p.active IS TRUE
                   AND p.commercial_partner_id = p.id
                   AND NOT EXISTS (SELECT FROM crm_pool_customer c
                                    WHERE c.partner_id = p.id)
                 ORDER BY p.id
                """
            )
        )
        # sudo: all customers; who may ask for it was asked before
        free = self.sudo().browse(row[0] for row in found)
        gathered = free.browse()
        for start in range(0, len(free), BATCH):
            batch = free[start : start + BATCH]
            gathered |= batch._stand_where_they_belong("entered")
        return gathered
