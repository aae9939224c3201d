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
        by_rule = reasons.search(
            [("record_id", "in", sources.ids), ("kind", "=", "rule")]
        )
        rules_only = all_tags.browse(by_rule.tag_id.ids)
        mine = tagging.with_context(active_test=False).category_id
        ordered = mine | (all_tags - mine - rules_only) | all_tags
        kept = tagging._keep_first_of_groups(ordered)
        self._move_tag_reasons(src_partners, dst_partner)
        self._drop_tags(src_partners, ordered - kept)
        return super()._update_foreign_keys(src_partners, dst_partner)

    def _move_tag_reasons(self, src_partners, dst_partner):
        """Move the reasons of tags the kept partner lacks; a tag that a person put on
        one of the partners is a person's afterwards."""
        sources, target = tuple(src_partners.ids), dst_partner.id
        by_hand = SQL(
            """
            SELECT r.category_id
              FROM res_partner_res_partner_category_rel r
         LEFT JOIN crm_partner_tag_reason x
                ON x.record_id = r.partner_id AND x.tag_id = r.category_id
             WHERE r.partner_id IN %s AND COALESCE(x.kind, 'person') != 'rule'
            """,
            (*sources, target),
        )
        self.env.cr.execute(
            SQL(
                "DELETE FROM crm_partner_tag_reason "
                "WHERE record_id IN %s AND kind = 'rule' AND tag_id IN (%s)",
                (*sources, target),
                by_hand,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                WITH moved AS (
                    DELETE FROM crm_partner_tag_reason
                     WHERE record_id IN %(sources)s
                 RETURNING *
                )
                INSERT INTO crm_partner_tag_reason
                       (record_id, tag_id, kind, rule_id, run_id,
                        lead_id, user_id, date)
                SELECT DISTINCT ON (tag_id)
                       %(target)s, tag_id, kind, rule_id, run_id, lead_id, user_id, date
                  FROM moved
                 WHERE kind != 'rule' OR NOT EXISTS (
                           SELECT 1 FROM res_partner_res_partner_category_rel r
                            WHERE r.partner_id = %(target)s
                              AND r.category_id = moved.tag_id)
                 ORDER BY tag_id, kind = 'rule', date
                    ON CONFLICT (tag_id, record_id) DO NOTHING
                """,
                sources=sources,
                target=target,
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
        self.env.cr.execute(
            SQL(
                "DELETE FROM crm_partner_tag_reason "
                "WHERE record_id IN %s AND tag_id IN %s",
                tuple(partners.ids),
                tuple(tags.ids),
            )
        )
