from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.crm_customer_center.models.crm_customer_move_mixin import LOOSE
from odoo.addons.crm_customer_center.models.res_partner import LIFECYCLE_STATES

CAUSES = [
    ("entered", "Came without an owner"),
    ("claim", "Claimed"),
    ("release", "Released"),
    ("recycle", "By a rule"),
    ("assign", "Given by a manager"),
    ("owner", "Owner changed"),
    ("moved", "Moved to another pool"),
    ("left", "No customer any more"),
    ("protect", "Protected"),
    ("undone", "A run was taken back"),
]


class CrmPoolMove(models.Model):
    """A change of hands: who had the customer, who has it now, through which pool, why,
    and what was known of it. ``owner_id`` of the mixin is who had it."""

    _name = "crm.pool.move"
    _description = "Change of Hands"
    _inherit = "crm.customer.move.mixin"
    _loose = (*LOOSE, "to_user_id", "pool_id", "level_id")

    cause = fields.Selection(CAUSES, required=True)
    to_user_id = fields.Many2one("res.users", "Owner Now", ondelete="set null")
    pool_id = fields.Many2one(
        "crm.customer.pool",
        index="btree_not_null",
        ondelete="restrict",
        help="That the customer went into, or came from.",
    )
    # what was known
    lifecycle_state = fields.Selection(LIFECYCLE_STATES, "Lifecycle Then")
    level_id = fields.Many2one("crm.customer.level", "Level Then", ondelete="set null")
    last_contact_at = fields.Datetime("Last Contact Then")
    open_deals = fields.Integer("Open Deals Then", aggregator=None)

    _partner_idx = models.Index("(partner_id, id)")
    _claims_idx = models.Index("(to_user_id, known_at) WHERE cause = 'claim'")

    @api.depends("cause", "note")
    def _compute_reason(self):
        return super()._compute_reason()

    def _reason_in_words(self):
        self.ensure_one()
        words = dict(self._fields["cause"]._description_selection(self.env))
        said = words[self.cause]
        if self.note:
            return self.env._("%(what)s: %(why)s", what=said, why=self.note)
        return said

    def _protected_until(self):
        """Return the last day on which its owner protects the customer."""
        self.ensure_one()
        # sudo: the time zone of the customer's company
        company = self.partner_id.sudo()._lifecycle_company()
        return company._local(self.held_until - timedelta(seconds=1)).date()

    # ------------------------------------------------------------
    # WRITING
    # ------------------------------------------------------------

    @api.model
    def _log(self, partners, cause, hands, note=None, by=None, until=None, run=None):
        """Add a line for each of the customers.

        :param cause: of ``CAUSES``

        :param hands: by id of the customer (former owner, new owner, pool), as ids
        :param by: the id of who did it; empty for a rule
        :param until: until when its owner protects it
        :param run: the id of the night it belongs to
        :return: what was known, by id
        """
        now = fields.Datetime.now()
        facts = self._known_of(partners)
        self._insert(
            self._line_vals(
                partner,
                cause=cause,
                effective_at=now,
                known_at=now,
                note=note or None,
                held_until=until,
                user_id=by or None,
                run_id=run or None,
                owner_id=hands[partner.id][0] or None,
                to_user_id=hands[partner.id][1] or None,
                pool_id=hands[partner.id][2] or None,
                **facts[partner.id],
            )
            for partner in partners
        )
        return facts

    @api.model
    def _known_of(self, partners) -> dict[int, dict]:
        """Return what is known of customers when they change hands; two queries."""
        contacts = self._last_contacts(partners.ids)
        deals = dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT person.commercial_partner_id, count(*)
                      FROM res_partner person
                      JOIN crm_lead lead ON lead.partner_id = person.id
                     WHERE person.commercial_partner_id = ANY(%s)
                       AND lead.active IS TRUE AND lead.won_status = 'pending'
                       AND lead.type = 'opportunity'
                     GROUP BY 1
                    """,
                    partners.ids,
                )
            )
        )
        return {
            partner.id: {
                "lifecycle_state": partner.lifecycle_state or None,
                "level_id": partner.customer_level_id.id or None,
                "last_contact_at": contacts.get(partner.id),
                "open_deals": deals.get(partner.id, 0),
            }
            for partner in partners
        }

    @api.model
    def _last_contacts(self, ids) -> dict:
        """Return the last contact with each of some customers, from all sources."""
        if not ids:
            return {}
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT partner_id, at FROM (%s) contact"
                    " WHERE partner_id = ANY(%s)",
                    self.env["crm.lifecycle.engine"]._contacts(),
                    list(ids),
                )
            )
        )

    @api.model
    def _former_owners(self, partner_ids, since) -> list[tuple[int, int]]:
        """Return pairs (customer, who had it since then)."""
        self.flush_model()
        return self.env.execute_query(
            SQL(
                "SELECT DISTINCT partner_id, owner_id FROM crm_pool_move"
                " WHERE partner_id = ANY(%s) AND known_at >= %s"
                " AND owner_id IS NOT NULL",
                list(partner_ids),
                since,
            )
        )
