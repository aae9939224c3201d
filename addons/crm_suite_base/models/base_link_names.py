from odoo import models


class Base(models.AbstractModel):
    """A record that is called by what it points at is called so to all who read it.

    Odoo asks for the other record's name with the reader's rights. Where that one is
    hidden (an approval of a deal that has gone to somebody else), the page ends in an
    error, although its column shows the name to the same reader.
    """

    _inherit = "base"

    def _compute_display_name(self):
        link = self._fields.get(self._rec_name or "")
        if (
            self.env.su
            or link is None
            or link.type != "many2one"
            or not self._has_field_access(link, "read")
        ):
            return super()._compute_display_name()
        # sudo: the name that the column of the link shows
        for record, known in zip(self, self.sudo(), strict=True):
            record.display_name = known[link.name].display_name
        return None
