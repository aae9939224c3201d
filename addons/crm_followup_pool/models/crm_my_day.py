from odoo import api, fields, models

from odoo.addons.crm_followup.models.crm_my_day import LIMIT, MyDaySection


class CrmMyDay(models.AbstractModel):
    """Own customers that go to the pool soon, and what keeps them."""

    _inherit = "crm.my.day"

    @api.model
    def _my_day_sections(self):
        return [
            *super()._my_day_sections(),
            MyDaySection(
                "pool",
                self.env._("About to Be Lost to the Pool"),
                "fa-sign-out",
                self._about_to_be_lost_items,
                15,
            ),
        ]

    def _about_to_be_lost_items(self) -> list[dict]:
        """Of whom the user was warned, the next first, until something keeps them."""
        watches = self.env["crm.pool.watch"]
        if not watches.has_access("read"):
            return []
        found = watches.search(
            [
                ("owner_id", "=", self.env.uid),
                ("partner_id.customer_owner_id", "=", self.env.uid),
            ],
            limit=LIMIT + 1,
        )
        return [
            self._prepare_item(
                watch.partner_id,
                note=self.env._("Goes to the pool on"),
                reason=watch._kept_by(),
                date=fields.Date.to_string(watch.lost_on),
                can_put_off=False,
                buttons=[
                    self._prepare_button(
                        watch, "action_protect", self.env._("Protect"), "p"
                    )
                ],
            )
            for watch in found._not_kept_yet()
        ]
