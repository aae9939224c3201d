from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmPoolAssign(models.TransientModel):
    """A manager gives customers of a pool to one of its members."""

    _name = "crm.pool.assign"
    _description = "Give Customers of a Pool"

    row_ids = fields.Many2many(
        "crm.pool.customer",
        string="Customers",
        default=lambda self: self._default_rows(),
    )
    people_ids = fields.Many2many("res.users", compute="_compute_people_ids")
    user_id = fields.Many2one("res.users", "To", required=True)
    note = fields.Char("Why")

    @api.model
    def _default_rows(self):
        if self.env.context.get("active_model") == "crm.pool.customer":
            return self.env.context.get("active_ids")
        return False

    @api.depends("row_ids")
    def _compute_people_ids(self):
        for wizard in self:
            pools = wizard.row_ids.pool_id
            people = pools[:1].member_ids.user_id
            for further in pools[1:]:
                people &= further.member_ids.user_id
            wizard.people_ids = people

    def action_assign(self):
        """Give them, as the manager of the pool.

        :raises UserError: without customers
        """
        self.ensure_one()
        if not self.row_ids:
            raise UserError(self.env._("Choose the customers to give."))
        rows = self.row_ids.sorted("id")
        rows._assign(self.user_id, self.note)
        return {
            "type": "ir.actions.act_window_close",
            "infos": {"noReload": False},
        }
