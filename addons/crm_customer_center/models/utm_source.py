from odoo import api, fields, models


class UtmSource(models.Model):
    """Sources carry a label people read; Odoo's own name stays the untranslated key
    that links and forms use."""

    _inherit = "utm.source"
    _rec_names_search = ("name", "label")

    label = fields.Char(
        translate=True, help="What people read instead of the name, if given."
    )

    @api.depends("name", "label")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for source in self:
            source.display_name = source.label or source.name
