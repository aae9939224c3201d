from odoo import api, models
from odoo.exceptions import AccessError


class ResPartner(models.Model):
    """Fields without code: Odoo's properties on customers, with examples."""

    _inherit = "res.partner"

    @api.model
    def _example_properties(self) -> list[dict]:
        """Definitions of the example fields; the name is stable, the label in the
        language of the user who adds them."""
        return [
            {
                "name": "crm_years_together",
                "string": self.env._("Years Together"),
                "type": "integer",
            },
            {
                "name": "crm_contract_amount",
                "string": self.env._("Contract Amount"),
                "type": "float",
            },
            {
                "name": "crm_pain_points",
                "string": self.env._("Pain Points"),
                "type": "char",
            },
            {
                "name": "crm_decision_chain",
                "string": self.env._("Decision Chain"),
                "type": "char",
            },
        ]

    @api.model
    def action_add_example_properties(self):
        """Add the example fields that customers do not have yet.

        :raises AccessError: when the user may not define fields of customers
        """
        definitions = self.env["properties.base.definition"]
        definition = definitions._get_definition_for_property_field(
            "res.partner", "properties"
        )
        if not definition.has_access("write"):
            raise AccessError(
                self.env._(
                    "Only a Customer Management administrator defines fields. "
                    "Ask one to add them."
                )
            )
        present = definition.properties_definition or []
        names = {field["name"] for field in present}
        missing = [f for f in self._example_properties() if f["name"] not in names]
        if missing:
            definition.properties_definition = [*present, *missing]
        return {"type": "ir.actions.client", "tag": "soft_reload"}
