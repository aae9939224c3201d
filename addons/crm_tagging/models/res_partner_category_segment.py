from odoo import api, models
from odoo.exceptions import UserError


class ResPartnerCategory(models.Model):
    _inherit = "res.partner.category"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_segment(self):
        """A segment that lost a tag would quietly mean something else."""
        # sudo: segments of others count too; only their names are told
        segments = self.env["crm.segment"].sudo().with_context(active_test=False)
        used = segments.search([("tag_ids", "in", self.ids)], limit=5)
        if used:
            raise UserError(
                self.env._(
                    "These tags are used by the segments %s. Archive the tags, or take"
                    " them out of the segments first.",
                    ", ".join(f"“{name}”" for name in used.mapped("name")),
                )
            )

    @api.model
    def _merge_references(self, target, twin_sources, twin):
        result = super()._merge_references(target, twin_sources, twin)
        # sudo: a merge is for all, segments one does not see included
        segments = self.env["crm.segment"].sudo().with_context(active_test=False)
        segments.search([("tag_ids", "in", self.ids)])._replace_tags(
            dict.fromkeys(self.ids, target.id)
        )
        return result
