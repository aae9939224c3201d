from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.recycle import Told


class CrmPoolWatch(models.Model):
    """A customer that is about to go to the pool: what its owner was told, and when it
    is lost. Grain: one per customer of which the owner was warned. Beside res_partner,
    for it changes at night (docs/adr/0008); written by the rules alone."""

    _name = "crm.pool.watch"
    _description = "About to Be Lost"
    _system_records = True
    _link_gate = True
    _log_access = False
    _rec_name = "partner_id"
    _order = "lost_on, id"

    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
    owner_id = fields.Many2one(
        "res.users", "Owner Warned", index=True, required=True, ondelete="cascade"
    )
    rule_id = fields.Many2one("crm.pool.rule", index=True, ondelete="set null")
    first_on = fields.Date("Warned On", required=True)
    last_on = fields.Date("Warned Again On")
    lost_on = fields.Date(required=True, index=True)

    _partner_uniq = models.UniqueIndex("(partner_id)")

    @api.model
    def _system_fields_advice(self):
        return self.env._(
            "The rules of the pool write it. Contact the customer, and it is gone."
        )

    @api.model
    def _told(self, partners) -> dict[int, Told]:
        """Return what the present owners of customers were told."""
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                "SELECT partner_id, owner_id, first_on, last_on FROM crm_pool_watch"
                " WHERE partner_id = ANY(%s)",
                partners.ids,
            )
        )
        owners = {one.id: one.customer_owner_id.id for one in partners}
        return {
            partner: Told(first, last)
            for partner, owner, first, last in rows
            if owners[partner] == owner
        }

    @api.model
    def _note(self, rows: list[tuple]):
        """Write (partner, owner, rule, first, last, lost) of customers, where they
        differ."""
        if not rows:
            return
        values = SQL(", ").join(SQL("%s", row) for row in rows)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_pool_watch AS watch
                       (partner_id, owner_id, rule_id, first_on, last_on, lost_on)
                SELECT partner, owner, rule, first::date, last::date, lost::date
                  FROM (VALUES %s) AS row(partner, owner, rule, first, last, lost)
                    ON CONFLICT (partner_id) DO UPDATE
                   SET owner_id = EXCLUDED.owner_id, rule_id = EXCLUDED.rule_id,
                       first_on = EXCLUDED.first_on, last_on = EXCLUDED.last_on,
                       lost_on = EXCLUDED.lost_on
                 WHERE (watch.owner_id, watch.rule_id, watch.first_on, watch.last_on,
                        watch.lost_on)
                       IS DISTINCT FROM (EXCLUDED.owner_id, EXCLUDED.rule_id,
                        EXCLUDED.first_on, EXCLUDED.last_on, EXCLUDED.lost_on)
                """,
                values,
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    def _forget(self, partner_ids):
        """Remove the rows of customers that are saved, or lost."""
        self.env.cr.execute(
            SQL(
                "DELETE FROM crm_pool_watch WHERE partner_id = ANY(%s)",
                list(partner_ids),
            )
        )
        self.invalidate_model(flush=False)

    def _not_kept_yet(self):
        """Return those that nothing keeps yet; the night forgets the others."""
        # sudo: days and protections of customers that the person sees
        known = self.sudo()
        engine = known.env["crm.pool.engine"]
        found = set()
        for rule, own in known.grouped("rule_id").items():
            if rule:
                found.update(engine._decide(rule, own.partner_id))
        return self.filtered(lambda one: one.partner_id.id in found)

    def _kept_by(self) -> str:
        """Return what would keep the customer, in words."""
        self.ensure_one()
        # sudo: what the rule counts is said in its warnings too
        rule = self.sudo().rule_id
        if not rule:
            return self.env._("Its rule is gone: nothing takes it")
        return self.env._("Kept by %s", rule._keepers())

    def action_open_customer(self):
        """Open the customer, to work on it."""
        self.ensure_one()
        return self.partner_id.get_formview_action()
