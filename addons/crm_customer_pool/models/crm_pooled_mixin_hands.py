from odoo import models
from odoo.exceptions import UserError

from .crm_pooled_mixin import LOGGED


class CrmPooledMixin(models.AbstractModel):
    """Giving customers to a pool, and to people."""

    _inherit = "crm.pooled.mixin"

    def action_release_to_pool(self):
        """Open the dialog that gives customers to a pool."""
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Release to a Pool"),
            "res_model": "crm.pool.release",
            "views": [(False, "form")],
            "target": "new",
            "context": {"active_model": self._name, "active_ids": self.ids},
        }

    def _release_to(self, chosen, note: str):
        """Give own customers to a pool; their activities and followers end.

        :param chosen: a pool, chosen by the person, or none: then the one that fits
        :raises AccessError: for who may not change them
        :raises UserError: for what is nobody's customer, or where no pool fits
        """
        self.check_access("write")
        # sudo: whether one may change them was asked; afterwards one may not read them
        customers = self.sudo().commercial_partner_id
        customers = customers.filtered(lambda one: one.is_customer and one.user_id)
        if not customers:
            raise UserError(
                self.env._("Only customers with an owner are released. Choose such.")
            )
        if chosen:
            pools = dict.fromkeys(customers.ids, chosen.id)
        else:
            pools = self.env["crm.customer.pool"]._pools_for(customers)
        if missing := customers.filtered(lambda one: one.id not in pools):
            raise UserError(
                self.env._(
                    "No pool takes “%s”. Choose one, or ask an administrator for a "
                    "pool that takes all others.",
                    missing[0].name,
                )
            )
        customers._lose_owner(pools, "release", note)

    def _lose_owner(self, pools: dict, cause: str, note=None, run=None):
        """Take customers from their owners and put them into pools, in sets.

        :param pools: pool by id of the customer
        :param run: the id of the night that takes them
        """
        owners = {one.id: one.user_id.id for one in self}
        self._put_into(pools, cause, note, owners, run)
        self._end_what_owners_planned(owners)
        self._change_owner(self.env["res.users"])

    def _change_owner(self, user):
        """Write the owner of customers and of their people; the log is written."""
        family = self.with_context(active_test=False).search(
            [("commercial_partner_id", "in", self.ids), ("id", "not in", self.ids)]
        )
        owners = self.user_id
        people = family.filtered(lambda one: not one.user_id or one.user_id in owners)
        everybody = LOGGED.on(self | people).with_context(
            mail_auto_subscribe_no_notify=True
        )
        everybody.write({"user_id": user.id})
        # what the guards follow from is written: rules compare it from now on
        self.env.flush_all()

    def _end_what_owners_planned(self, owners: dict):
        """Plans of who had a customer end, and he hears no more of it."""
        people = {
            user: self.browse(id_ for id_, one in owners.items() if one == user.id)
            for user in self.env["res.users"].browse(set(owners.values()))
        }
        for user, own in people.items():
            own.activity_ids.filtered(lambda one, who=user: one.user_id == who).unlink()
            own.message_unsubscribe(user.partner_id.ids)
