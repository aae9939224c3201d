from odoo import api, models

# modules with a dark mode of their own for the whole web client
OTHER_DARK_MODES = frozenset({"web_enterprise"})
MODULE = "crm_dark_mode"


class IrAsset(models.Model):
    """Leaves this module's colours and scripts out where Odoo has its own."""

    _inherit = "ir.asset"

    @api.model
    def _has_other_dark_mode(self) -> bool:
        """Whether another module looks after the colours of the web client."""
        return not OTHER_DARK_MODES.isdisjoint(self._get_installed_addons_list())

    def _get_active_addons_list(self, **kwargs):
        addons = super()._get_active_addons_list(**kwargs)
        if self._has_other_dark_mode():
            return set(addons) - {MODULE}
        return addons
