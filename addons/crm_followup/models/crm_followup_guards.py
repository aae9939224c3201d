from odoo import api, models
from odoo.tools import SQL

# what comes from the partner, for the access rules
PARTNER_GUARDS = ("customer_id", "guard_user_id", "is_customer", "company_id")


class CrmFollowup(models.Model):
    """The stored columns of a follow-up that follow its partner, whoever writes it."""

    _inherit = "crm.followup"

    def _recompute_guards(self):
        """Compute the stored columns anew after a change by SQL."""
        for name in PARTNER_GUARDS:
            self.env.add_to_compute(self._fields[name], self)

    @api.model
    def _make_room(self, sources, target, joining=None):
        """See to it that the follow-ups of ``sources`` can become those of ``target``:
        of two of one mail, meeting or activity the second is kept as one that was
        written by hand.

        :param joining: follow-ups of nobody that join the target's
        """
        everybody = (sources | target).ids
        followups = self.search([("partner_id", "in", everybody)], order="id")
        followups = (followups | (joining or self)).filtered("source_id")
        known = set()
        for followup in followups.sorted(lambda f: f.partner_id != target):
            source = followup.source_model, followup.source_id
            if source in known:
                followup.write({"source_model": False, "source_id": False})
            known.add(source)

    def _follow_partners(self, partner_ids):
        """Take over the columns of partners that have just been written.

        See ``res.partner._carried_fields_written``.

        :param partner_ids: ids of ``res.partner``
        """
        self.flush_model(["partner_id", "lead_id", *PARTNER_GUARDS])
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_followup AS followup
                   SET customer_id = partner.commercial_partner_id,
                       is_customer = partner.is_customer,
                       guard_user_id =
                           COALESCE(partner.customer_owner_id, lead.user_id),
                       company_id = COALESCE(lead.company_id, partner.company_id)
                  FROM res_partner AS partner, crm_followup AS mine
             LEFT JOIN crm_lead AS lead ON lead.id = mine.lead_id
                 WHERE mine.id = followup.id
                   AND followup.partner_id = partner.id
                   AND partner.id = ANY(%s)
                   AND (followup.customer_id, followup.is_customer,
                        followup.guard_user_id, followup.company_id)
                       IS DISTINCT FROM
                       (partner.commercial_partner_id, partner.is_customer,
                        COALESCE(partner.customer_owner_id, lead.user_id),
                        COALESCE(lead.company_id, partner.company_id))
                """,
                list(partner_ids),
            )
        )
        if self.env.cr.rowcount:
            self.invalidate_model(PARTNER_GUARDS, flush=False)
