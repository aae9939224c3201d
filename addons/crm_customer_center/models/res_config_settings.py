from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    unowned_customer_access = fields.Selection(
        [
            ("write", "See and edit them"),
            ("read", "See them only"),
            ("none", "Not see them"),
        ],
        string="Customers Without Owner",
        default="write",
        config_parameter="crm_customer_center.unowned_customer_access",
        help="What a sales rep may do with customers that nobody owns yet.",
    )

    def set_values(self):
        before = self.env.user.unowned_customer_access
        result = super().set_values()
        if self.unowned_customer_access != before:
            # the choice stands in cached rule domains
            self.env.registry.clear_cache()
        return result

    def action_add_example_customer_fields(self):
        """Add the example custom fields to customers; see the partner method."""
        return self.env["res.partner"].action_add_example_properties()
