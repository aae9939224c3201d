from odoo import api, fields, models
from odoo.tools import SQL


class MailFollowers(models.Model):
    """Odoo shows everybody the e-mail of every follower of every record; of a
    customer one may not read, the name has to do."""

    _inherit = "mail.followers"

    email = fields.Char(related=None, compute="_compute_email", compute_sudo=False)

    @api.depends("partner_id.email")
    @api.depends_context("uid")
    def _compute_email(self):
        readable = self.partner_id._filtered_access("read")
        for follower in self:
            partner = follower.partner_id
            follower.email = partner in readable and partner.email

    @api.model
    def _follow_pairs(self, model: str, pairs: list[tuple[int, int]]):
        """Let partners follow records, each its own, in one statement: a follower
        created by Odoo makes it read its record anew.

        :param pairs: (record id, partner id); who follows already goes on as before
        """
        pairs = [pair for pair in pairs if all(pair)]
        if not pairs:
            return
        # sudo: which subtypes are on by default
        subtypes = self.env["mail.message.subtype"].sudo()
        every, _internal, external = subtypes.default_subtypes(model)
        # sudo: who of them is from outside; who may follow, the caller has asked
        partners = self.env["res.partner"].sudo().browse({p for _r, p in pairs})
        outside = set(partners.filtered("partner_share").ids)
        self.flush_model()
        for ids, group in (
            (external.ids, [pair for pair in pairs if pair[1] in outside]),
            (every.ids, [pair for pair in pairs if pair[1] not in outside]),
        ):
            if group:
                self._insert_pairs(model, group, ids)
        self.invalidate_model()
        self.env[model].invalidate_model(
            ["message_follower_ids", "message_partner_ids", "message_is_follower"]
        )

    @api.model
    def _insert_pairs(self, model, pairs, subtype_ids):
        records, partners = zip(*pairs, strict=True)
        self.env.cr.execute(
            SQL(
                """
                WITH follower AS (
                    INSERT INTO mail_followers (res_model, res_id, partner_id)
                    SELECT DISTINCT %s, pair.record, pair.partner
                      FROM unnest(%s::int[], %s::int[]) AS pair(record, partner)
                        ON CONFLICT DO NOTHING
                 RETURNING id
                )
                INSERT INTO mail_followers_mail_message_subtype_rel
                       (mail_followers_id, mail_message_subtype_id)
                SELECT follower.id, subtype.id
                  FROM follower, unnest(%s::int[]) AS subtype(id)
                """,
                model,
                list(records),
                list(partners),
                list(subtype_ids),
            )
        )
