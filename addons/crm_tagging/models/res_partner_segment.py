from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL


class ResPartner(models.Model):
    _inherit = "res.partner"

    segment_ids = fields.Many2many(
        "crm.segment",
        string="Segments",
        compute="_compute_segment_ids",
        search="_search_segment_ids",
        help="The segments this contact is in at this moment, of those you may see.",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_segment_ids(self):
        """One statement for all partners and all segments the user may see."""
        found = self._find_segments()
        for partner in self:
            partner.segment_ids = [(6, 0, found.get(partner._origin.id, []))]

    def _find_segments(self):
        """Return partner id -> ids of its segments."""
        branches = []
        own = Domain("id", "in", self._origin.ids)
        partners = self.env["res.partner"].with_context(active_test=False)
        for segment in self.env["crm.segment"].search([("state", "=", "ok")]):
            try:
                query = partners._search(own & segment._get_partner_domain())
            except UserError:
                continue  # broke since the last refresh, which will say so
            branches.append(
                query.select(SQL.identifier("res_partner", "id"), SQL("%s", segment.id))
            )
        found = {}
        if branches and self._origin:
            rows = self.env.execute_query(SQL(" UNION ALL ").join(branches))
            for partner_id, segment_id in rows:
                found.setdefault(partner_id, []).append(segment_id)
        return found

    @api.model
    def _search_segment_ids(self, operator, value):
        """Put the domain of the segments in place of their name.

        A segment the user may not see has no members; one that does not work is an
        error with the reason, not an empty list.
        """
        segments = self.env["crm.segment"].with_context(active_test=False)
        if operator in ("any", "any!"):
            if operator == "any!":
                # sudo: what the operator asks for; Odoo refuses it from clients
                segments = segments.sudo()
            return self._segments_domain(segments.search(value))
        if operator != "in":
            return NotImplemented
        chosen = segments.search([("id", "in", [i for i in value if i])])
        domain = self._segments_domain(chosen)
        if False in value:
            every = segments.with_context(active_test=True).search([])
            domain |= ~self._segments_domain(every)
        return domain

    @api.model
    def _segments_domain(self, segments):
        return Domain.OR(segment._get_partner_domain() for segment in segments)
