from odoo import api, fields, models

from .crm_customer_merge_journal import MERGING


class CrmMergedMixin(models.AbstractModel):
    """A partner that went into another is put away, and says where it is."""

    _name = "crm.merged.mixin"
    _description = "Partner That Went into Another"

    merged_into_id = fields.Many2one(
        "res.partner", readonly=True, copy=False, index="btree_not_null",
        ondelete="set null",
    )  # fmt: skip
    merge_ids = fields.One2many("crm.customer.merge", "survivor_id", readonly=True)

    @api.model
    def _system_fields(self):
        return super()._system_fields() | {"merged_into_id"}

    def _merged_survivors(self):
        """Return who stands for these partners: for each that went into another that
        other one, wherever that went in its turn."""
        found = self.browse()
        for partner in self:
            # sudo: where somebody went; the caller's rules are asked of who it is
            seen, here = set(), partner.sudo()
            while here.merged_into_id and here.id not in seen:
                seen.add(here.id)
                here = here.merged_into_id
            found |= here.with_env(self.env)
        return found

    def action_open_survivor(self):
        """Open the one that this one went into."""
        self.ensure_one()
        return self._merged_survivors().get_formview_action()

    def action_open_merges(self):
        """Show what went into this one."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_customer_dedupe.action_customer_merge"
        )
        return {**action, "domain": [("survivor_id", "=", self.id)], "context": {}}

    # ------------------------------------------------------------
    # MERGE
    # ------------------------------------------------------------

    def unlink(self):
        """The merge puts its sources away instead; of whom a merge speaks that is
        deleted, its journal goes too: it holds what they were."""
        under = MERGING.value(self.env)
        if under and self.ids and set(self.ids) <= set(under.merge.absorbed_ids.ids):
            # not before: Odoo lets the one that stays have what the others say
            return self.write({"merged_into_id": under.merge.survivor_id.id})
        # sudo: the journal of who is gone is nobody's
        merges = self.env["crm.customer.merge"].sudo()
        merges.search(
            ["|", ("survivor_id", "in", self.ids), ("absorbed_ids", "in", self.ids)]
        ).unlink()
        return super().unlink()

    def _put_away(self):
        self.invalidate_recordset(["user_ids"])
        self.write({"active": False})

    @api.model
    def _merged_by_email(self, emails) -> dict[str, models.BaseModel]:
        """Return who stands for those that had these addresses and went into others,
        as far as the caller may read them."""
        if not emails:
            return {}
        # sudo: an address leads to whom its mail went before; what is returned is
        # asked of the caller's rules
        system = self.sudo().with_context(active_test=False)
        gone = system.search(
            [
                ("email_normalized", "in", list(emails)),
                ("merged_into_id", "!=", False),
                ("active", "=", False),
            ],
            order="id desc",
        )
        found = {
            one.email_normalized: one._merged_survivors()
            .with_env(self.env)
            ._filtered_access("read")
            for one in gone
        }
        return {address: one for address, one in found.items() if one}
