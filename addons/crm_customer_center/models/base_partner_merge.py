from odoo import api, models

from odoo.addons.crm_suite_base.models.base_partner_merge import DERIVED

from .res_partner_search import with_former

# Odoo's merge passes over computed fields, also over those that people edit
MERGED_FIELDS = ("user_id", "team_id", "customer_code", "lifecycle_state")


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Odoo's merge of partners, made to respect owners and to keep the customer."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _merge_rooms(self):
        """Histories and events of both are kept; what follows from them, and from what
        the partner is afterwards, is reckoned anew in ``_merge``."""
        return super()._merge_rooms() | {
            ("crm_customer_state", "partner_id"): DERIVED,
            ("crm_partner_key", "partner_id"): DERIVED,
        }

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Merge only what the user may change, and guard what was moved.

        :raises AccessError: when the user may not change one of the partners; Odoo
            deletes the sources as superuser
        """
        partners = self.env["res.partner"].browse(partner_ids).exists()
        if partners.browse().has_access("write"):
            # who has no right at all but was given the wizard merges as in Odoo
            partners.check_access("write")
        return super()._merge(partner_ids, dst_partner, extra_checks)

    @api.model
    def _rows_moved(self, partners):
        """Contacts were moved by SQL, unseen by computed fields."""
        result = super()._rows_moved(partners)
        partners._recompute_customer_guard()
        self.env.flush_all()
        self.env["crm.partner.key"]._refresh(partners.ids)
        return result

    @api.model
    def _after_merge(self, target, names):
        result = super()._after_merge(target, names)
        # sudo: histories are the system's
        self.env["crm.lifecycle.engine"].sudo()._merged(target.sudo(), names)
        return result

    def _update_values(self, src_partners, dst_partner):
        """Bring owner, team, code and lifecycle along where the target has none."""
        result = super()._update_values(src_partners, dst_partner)
        values = self._former_names_of(src_partners, dst_partner)
        for name in MERGED_FIELDS:
            donor = src_partners.filtered(name)[:1]
            if donor and not dst_partner[name]:
                field = donor._fields[name]
                values[name] = field.convert_to_write(donor[name], donor)
        if "customer_code" in values:
            # a code is unique, and the sources still exist
            src_partners.customer_code = False
            src_partners.flush_recordset(["customer_code"])
        if values:
            dst_partner.write(values)
        return result

    @api.model
    def _former_names_of(self, src_partners, dst_partner) -> dict[str, str]:
        """Who knew one of the merged by its name finds the one that stays by it."""
        texts = [
            *src_partners.filtered("name").mapped("name"),
            *src_partners.filtered("former_names").mapped("former_names"),
        ]
        names = [line for text in texts for line in text.split("\n")]
        known = dst_partner.former_names or ""
        text = with_former(known, names, dst_partner.name or "")
        return {"former_names": text} if text != known else {}
