from odoo import api, models


class ResPartner(models.Model):
    """What points to a customer without anybody having used it."""

    _inherit = "res.partner"

    @api.model
    def _derived_references(self) -> set[tuple[str, str]]:
        """Columns of rows that the system keeps about a partner, a tag or a source.

        Such rows go with what they describe, so they are no reason to keep it: why a
        customer has a tag, when it was last contacted. They count as a use only if
        something else points to them. Whoever asks whether a customer was used (the
        undo of an import, a merge, a clean-up) leaves them out. A module that keeps
        rows of this kind appends to the set.

        :return: pairs (table, column); the table has an ``id``, or nothing points to
            its rows
        """
        return {
            ("res_partner", "commercial_partner_id"),
            ("res_partner", "primary_contact_id"),
            ("crm_partner_key", "partner_id"),
            ("res_partner_res_partner_category_rel", "partner_id"),
        }
