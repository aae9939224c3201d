from odoo import models
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Odoo's merge of partners moves tags by SQL; exclusive groups still hold."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _merge_rooms(self):
        """Reasons are moved with the tags, below."""
        return super()._merge_rooms() | {("crm_partner_tag_reason", "record_id"): None}

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Move the tags that fit, with their reasons, before Odoo moves the rest.

        The kept partner's tag of an exclusive group stays; where it has none, a
        person's tag comes before a rule's, then the older partner's.
        """
        # sudo: the wizard has asked who may merge these contacts; no tag of them is
        # lost because that person does not see it
        system = self.sudo().env
        sources = src_partners.with_env(system).sorted("id")
        tagging = dst_partner.with_env(system)
        all_tags = (tagging | sources).with_context(active_test=False).category_id
        reasons = system["crm.partner.tag.reason"]
        by_rule = {tag for _partner, tag in reasons._put_on_by_rules(sources)}
        rules_only = all_tags.browse(by_rule)
        mine = tagging.with_context(active_test=False).category_id
        ordered = mine | (all_tags - mine - rules_only) | all_tags
        kept = tagging._keep_first_of_groups(ordered)
        reasons._take_over(sources, tagging, kept)
        self._drop_reasons(src_partners)
        self._drop_tags(src_partners, ordered - kept)
        return super()._update_foreign_keys(src_partners, dst_partner)

    def _drop_reasons(self, partners):
        self.env.cr.execute(
            SQL(
                "DELETE FROM crm_partner_tag_reason WHERE record_id = ANY(%s)",
                partners.ids,
            )
        )

    def _drop_tags(self, partners, tags):
        if not tags:
            return
        self.env.cr.execute(
            SQL(
                "DELETE FROM res_partner_res_partner_category_rel "
                "WHERE partner_id IN %s AND category_id IN %s",
                tuple(partners.ids),
                tuple(tags.ids),
            )
        )
