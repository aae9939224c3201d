from odoo import api, models

from odoo.addons.crm_suite_base.models.base_partner_merge import DERIVED


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """What people said of pairs goes along with the customer that stays."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _merge_rooms(self):
        return super()._merge_rooms() | {
            ("crm_customer_match", "partner_id"): DERIVED,
            ("crm_customer_match_key", "partner_id"): DERIVED,
            ("crm_customer_pair", "one_id"): self._pairs_make_room,
            ("crm_customer_pair", "other_id"): None,
        }

    @api.model
    def _pairs_make_room(self, src_partners, dst_partner):
        """Note what is merged, and pair the others with the one that stays; where both
        have a pair with the same third, the one that somebody decided stays."""
        family = src_partners | dst_partner
        # sudo: the system's rows, whoever may see them; who merges was asked
        pairs = self.env["crm.customer.pair"].sudo()
        involved = pairs.search(
            [
                ("state", "!=", "merged"),
                "|",
                ("one_id", "in", family.ids),
                ("other_id", "in", family.ids),
            ]
        )
        inner = involved.filtered(lambda p: p.one_id in family and p.other_id in family)
        for pair in inner:
            gone = (pair.one_id | pair.other_id) - dst_partner
            pair.write(
                {
                    **pairs._decided("merged"),
                    "one_id": dst_partner.id,
                    "other_id": False,
                    "merged_name": gone[-1:].display_name,
                }
            )
        self._pair_with(dst_partner, involved - inner, family)
        pairs.flush_model()

    @api.model
    def _pair_with(self, dst_partner, pairs, family):
        by_third = pairs.grouped(lambda pair: (pair.one_id | pair.other_id) - family)
        for third, several in by_third.items():
            best, *others = several.sorted(
                lambda pair: (pair.state == "open", -pair.score, pair.id)
            )
            pairs.browse(pair.id for pair in others).unlink()
            one, other = sorted((dst_partner.id, third.id))
            if (best.one_id.id, best.other_id.id) != (one, other):
                best.write({"one_id": one, "other_id": other})
