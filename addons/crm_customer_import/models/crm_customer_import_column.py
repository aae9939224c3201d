from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..phases.custom_fields import CustomFields
from ..tools.fields import FIELDS, IGNORE, PROPERTY_PREFIX, label_of


class CrmCustomerImportColumn(models.Model):
    """A column of the uploaded list and what it means. Grain: one per column."""

    _name = "crm.customer.import.column"
    _link_gate = True
    _description = "Column of a Customer Import"
    _order = "import_id, index"
    _rec_name = "header"

    import_id = fields.Many2one(
        "crm.customer.import", required=True, index=True, ondelete="cascade"
    )
    index = fields.Integer(required=True, help="Position, the first column is 0.")
    header = fields.Char(string="Column in the File")
    samples = fields.Char(string="Examples", help="What the first rows hold.")
    target = fields.Selection(
        selection="_selection_target",
        string="Becomes",
        help="What the column fills. Empty: the column is not imported.",
    )
    confidence = fields.Selection(
        [
            ("sure", "Recognised"),
            ("likely", "Please check"),
            ("none", "Not recognised"),
            ("person", "Your choice"),
        ],
        string="Recognition",
        default="none",
    )

    _import_index_uniq = models.UniqueIndex("(import_id, index)")

    @api.model
    def _selection_target(self) -> list[tuple[str, str]]:
        """Fields of a customer, its custom fields, and 'do not import'."""
        lang = self.env.lang or "en_US"
        known = [(name, label_of(name, lang)) for name in FIELDS if name != IGNORE]
        labels = CustomFields(self.env).by_label()
        custom = [(PROPERTY_PREFIX + label, label) for label in labels]
        return [*known, *custom, (IGNORE, self.env._("Do not import"))]

    def write(self, vals):
        if not self.env.su and vals.keys() - {"target"}:
            raise AccessError(self.env._("Only what a column becomes can be changed."))
        if "target" in vals and not self.env.su:
            self.check_access("write")
            # sudo: marks the choice as a person's, on columns just checked
            self.sudo().write({"confidence": "person"})
        return super().write(vals)
