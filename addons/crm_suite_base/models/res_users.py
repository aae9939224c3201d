from odoo import models


class ResUsers(models.Model):
    """The clock people read times on."""

    _inherit = "res.users"

    def _zone(self) -> str:
        """Return the name of the user's time zone; of who has said none, that of the
        company he is in: never one where nobody is."""
        self.ensure_one()
        return self.tz or self.env.company._zone()
