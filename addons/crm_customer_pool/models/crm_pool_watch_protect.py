from datetime import timedelta

from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_date

from ..tools.days import begins

# days from today; and how often until something happens with the customer
LONGEST = 90
MOST_IN_A_ROW = 2


class CrmPoolWatch(models.Model):
    """Who is warned may protect the customer until a day, for a reason; see
    docs/adr/0064-protected-by-its-owner.md."""

    _inherit = "crm.pool.watch"

    def action_protect(self):
        """Open the dialog that asks until when, and why."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Protect From the Pool"),
            "res_model": "crm.pool.protect",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_watch_id": self.id},
        }

    def _protect(self, last_day, note: str):
        """Keep the customer from the rules until a day, that one included.

        :raises AccessError: for who does not own it
        :raises UserError: for a day that is over or too far, or when it was protected
            often enough
        """
        watch = self._take()
        partner = watch.partner_id
        if partner.customer_owner_id != self.env.user:
            raise AccessError(self.env._("Only its owner protects a customer."))
        company = partner._lifecycle_company()
        today = company._today()
        if not today <= last_day <= today + timedelta(days=LONGEST):
            raise UserError(
                self.env._(
                    "A customer is protected for %(days)s days at most. Choose a last "
                    "day from today to %(day)s.",
                    days=LONGEST,
                    day=format_date(self.env, today + timedelta(days=LONGEST)),
                )
            )
        if watch._protected_before(company) >= MOST_IN_A_ROW:
            raise UserError(
                self.env._(
                    "You have protected “%(customer)s” %(count)s times in a row. "
                    "%(kept)s.",
                    customer=partner.name,
                    count=MOST_IN_A_ROW,
                    kept=watch._kept_by(),
                )
            )
        self.env["crm.pool.move"].sudo()._log(  # sudo: the log is the system's
            partner,
            "protect",
            {partner.id: (self.env.uid, None, None)},
            note,
            by=self.env.uid,
            until=begins(last_day + timedelta(days=1), company._zone()),
        )
        watch._forget(partner.ids)

    def _take(self):
        """Lock this row: of two at the same moment the second starts anew.

        :return: the same, as the system
        :raises UserError: when it is gone, or something keeps the customer by now
        """
        self.ensure_one()
        self.env.flush_all()
        found = self.env.execute_query(
            SQL("SELECT id FROM crm_pool_watch WHERE id = %s FOR UPDATE", self.id)
        )
        if not found or not self._not_kept_yet():
            raise UserError(
                self.env._("This customer is not about to go to the pool any more.")
            )
        self.check_access("read")
        # sudo: who may protect it is asked next
        return self.sudo()

    def _protected_before(self, company) -> int:
        """Return how often its owner has protected it since the days count."""
        since = self.env["crm.pool.engine"]._since(
            self.rule_id, self.partner_id, company
        )[self.partner_id.id]
        return self.env["crm.pool.move"].search_count(
            [
                ("partner_id", "=", self.partner_id.id),
                ("cause", "=", "protect"),
                ("owner_id", "=", self.owner_id.id),
                ("known_at", ">=", begins(since, company._zone())),
            ]
        )
