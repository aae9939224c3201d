from odoo import api, models
from odoo.tools import SQL


class CrmPartnerKey(models.Model):
    """Who went into another is found as that one; and numbers of which people said
    that two customers share them."""

    _inherit = "crm.partner.key"

    @api.model
    def _known_as(self, ids):
        return SQL(
            "%s UNION ALL SELECT merged_into_id, id FROM res_partner"
            " WHERE merged_into_id = ANY(%s) AND active IS NOT TRUE",
            super()._known_as(ids),
            ids,
        )

    @api.model
    def _shared_numbers(self, partner_ids):
        found = super()._shared_numbers(partner_ids)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT p.id,
                       CASE WHEN p.phone_sanitized = q.phone_sanitized
                            THEN p.phone_sanitized END,
                       CASE WHEN p.email_normalized = q.email_normalized
                            THEN p.email_normalized END
                  FROM crm_customer_pair pair
                  JOIN res_partner p ON p.id IN (pair.one_id, pair.other_id)
                  JOIN res_partner q ON q.id IN (pair.one_id, pair.other_id)
                                    AND q.id != p.id
                 WHERE pair.state = 'different' AND p.is_company AND q.is_company
                   AND p.id = ANY(%s)
                """,
                list(partner_ids),
                to_flush=self.env["crm.customer.pair"]._fields["state"],
            )
        )
        for id_, phone, email in rows:
            keys = {f"phone:{phone}"} if phone else set()
            keys |= {f"email:{email}"} if email else set()
            found[id_] = found.get(id_, frozenset()) | keys
        return found

    @api.model
    def _known_by(self, domain, names):
        gone = self.env["res.partner"].search_fetch(
            [*domain, ("merged_into_id", "!=", False), ("active", "=", False)],
            [*names, "merged_into_id"],
        )
        return super()._known_by(domain, names) + [
            (stays, one)
            for one in gone
            if (stays := one._merged_survivors()) and stays.active
        ]

    @api.model
    def _owners_told(self, titles):
        return super()._owners_told(titles) | self.env[
            "crm.conflict.query"
        ]._owners_told(titles)
