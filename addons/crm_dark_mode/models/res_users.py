from odoo import fields, models


class ResUsers(models.Model):
    """The colours a person works in."""

    _inherit = "res.users"

    color_scheme_choice = fields.Selection(
        [("light", "Light"), ("dark", "Dark"), ("device", "As the device")],
        "Appearance",
        required=True,
        default="light",
        help="As the device: dark when the computer or phone is set to dark.",
    )
    has_own_dark_mode = fields.Boolean(compute="_compute_has_own_dark_mode")

    def _compute_has_own_dark_mode(self):
        self.has_own_dark_mode = not self.env["ir.asset"]._has_other_dark_mode()

    @property
    def SELF_READABLE_FIELDS(self):
        own = ["color_scheme_choice", "has_own_dark_mode"]
        return super().SELF_READABLE_FIELDS + own

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return super().SELF_WRITEABLE_FIELDS + ["color_scheme_choice"]
