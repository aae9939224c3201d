import ast

from odoo import api, models

TAG_MODELS = ("crm.tag", "res.partner.category")
PICKER = "crm_tag_picker"
TAGS = "//field[@widget='many2many_tags' or @widget='crm_one_line_tags']"


class Base(models.AbstractModel):
    """Every field of tags has the picker in forms, whichever module shows it, and
    nowhere else makes tags in passing: a slip of the finger is no word."""

    _inherit = "base"

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        # where the vocabulary itself is looked after, tags are lines like others
        if not self._name.startswith(TAG_MODELS):
            for node in arch.xpath(TAGS):
                self._mend_tag_field(node, view_type)
        return arch, view

    def _mend_tag_field(self, node, view_type):
        field = self._fields.get(node.get("name"))
        inside = next(node.iterancestors("field"), None) is not None
        if inside or not field or field.comodel_name not in TAG_MODELS:
            return
        if view_type == "form":
            node.set("widget", PICKER)
        else:
            try:
                options = ast.literal_eval(node.get("options") or "{}")
            except (ValueError, SyntaxError):
                # what only the browser can read stays as it is written
                return
            node.set("options", repr({**options, "no_create": True}))
