from collections import defaultdict
from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.claims import Limits, Refusal, Standing
from ..tools.days import begins


class CrmPoolMember(models.Model):
    """Somebody who may look into a pool and claim from it, with what is left today."""

    _name = "crm.pool.member"
    _description = "Member of a Pool"
    _link_gate = True
    _rec_name = "user_id"
    _order = "pool_id, user_id, id"

    pool_id = fields.Many2one(
        "crm.customer.pool", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users",
        "Person",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('share', '=', False)]",
    )
    capacity = fields.Integer("Own Capacity", help="0: that of the pool.")
    # written to be the only one who decides for this person
    turn = fields.Integer(readonly=True, copy=False, default=0)
    owned_count = fields.Integer("Owns", compute="_compute_counts", compute_sudo=True)
    claimed_count = fields.Integer(
        "Claimed Today", compute="_compute_counts", compute_sudo=True
    )
    looked_count = fields.Integer(
        "Looked At Today", compute="_compute_counts", compute_sudo=True
    )

    _once = models.UniqueIndex(
        "(pool_id, user_id)", "This person is a member of the pool already."
    )

    @api.model
    def _system_fields(self):
        return super()._system_fields() | {"turn"}

    @api.constrains("capacity")
    def _check_capacity(self):
        if any(member.capacity < 0 for member in self):
            raise ValidationError(
                self.env._("A limit is 0 (none) or more. Correct the numbers.")
            )

    @api.depends("user_id", "pool_id.uncounted_level_ids", "pool_id.uncounted_active")
    def _compute_counts(self):
        standings = self._standings()
        for member in self:
            standing = standings[member]
            member.owned_count = standing.owned
            member.claimed_count = standing.claimed
            member.looked_count = standing.looked

    # ------------------------------------------------------------
    # TAKING TURNS
    # ------------------------------------------------------------

    @api.model
    def _take_turn(self, users):
        """Be the only one who decides what these people get, until the end of the
        transaction: a person first, then the customers, so that nobody waits for each
        other. Whoever waited is started anew by Odoo and counts anew; see
        docs/adr/0030.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM crm_pool_member WHERE user_id = ANY(%s)"
                " ORDER BY id FOR NO KEY UPDATE",
                users.ids,
            )
        )
        self.env.cr.execute(
            SQL(
                "UPDATE crm_pool_member SET turn = COALESCE(turn, 0) + 1"
                " WHERE id = ANY(%s)",
                [row[0] for row in rows],
            )
        )
        self.env.invalidate_all(flush=False)

    # ------------------------------------------------------------
    # COUNTING
    # ------------------------------------------------------------

    def _limits(self) -> Limits:
        self.ensure_one()
        shared = self.pool_id
        return Limits(
            self.capacity or shared.capacity,
            shared.claims_per_day,
            shared.looks_per_day,
        )

    def _standings(self) -> dict:
        """Return what each person has, in three queries. Claims and looks come from the
        logs: what was claimed and given back counts."""
        owned = self.env["res.partner"]._read_group(
            Domain("customer_owner_id", "in", self.user_id.ids)
            & Domain("lifecycle_state", "!=", False),
            ["customer_owner_id", "customer_level_id", "lifecycle_state"],
            ["__count"],
        )
        by_owner = defaultdict(list)
        for owner, level, state, count in owned:
            by_owner[owner].append((level, state, count))
        claimed = self.env["crm.pool.move"]._read_group(
            self._today_domain("to_user_id", "known_at")
            & Domain("cause", "=", "claim"),
            ["to_user_id", "pool_id"],
            ["__count"],
        )
        looked = self.env["crm.pool.look"]._read_group(
            self._today_domain("user_id", "at"),
            ["user_id", "pool_id"],
            ["partner_id:count_distinct"],
        )
        claims = {(user, shared): count for user, shared, count in claimed}
        looks = {(user, shared): count for user, shared, count in looked}
        found = {}
        for member in self:
            key = (member.user_id._origin, member.pool_id._origin)
            found[member] = Standing(
                sum(
                    count
                    for level, state, count in by_owner[key[0]]
                    if member._is_counted(level, state)
                ),
                claims.get(key, 0),
                looks.get(key, 0),
            )
        return found

    def _standing(self) -> Standing:
        """Return what the one person has."""
        self.ensure_one()
        return self._standings()[self]

    def _is_counted(self, level, state: str) -> bool:
        """Whether customers of a level in a state take room."""
        shared = self.pool_id
        if shared.uncounted_active and state == "active":
            return False
        return level not in shared.uncounted_level_ids._origin

    def _today_domain(self, person: str, moment: str) -> Domain:
        """Return the condition of lines of the persons' day in their pools."""
        mornings = defaultdict(list)
        for user in self.user_id:
            mornings[self._midnight(user)].append(user.id)
        days = Domain.OR(
            Domain(person, "in", ids) & Domain(moment, ">=", midnight)
            for midnight, ids in mornings.items()
        )
        return days & Domain("pool_id", "in", self.pool_id._origin.ids)

    @api.model
    def _midnight(self, user) -> datetime:
        """Return when the day of somebody began."""
        # sudo: whose employee one is
        company = user.sudo().company_id
        return begins(company._today(), company._zone())

    def _barred(self) -> frozenset[int]:
        """Return whose former customers the person does not claim yet."""
        if not self.pool_id.cool_down_team:
            return frozenset(self.user_id.ids)
        teams = self.user_id.crm_team_member_ids.crm_team_id
        return frozenset((self.user_id | teams.crm_team_member_ids.user_id).ids)

    def _cool_since(self) -> datetime:
        return fields.Datetime.now() - timedelta(days=self.pool_id.cool_down_days)

    # ------------------------------------------------------------
    # WORDS
    # ------------------------------------------------------------

    def _refuse(self, refusal: Refusal | None):
        """:raises UserError: says which limit it is, and what one can do"""
        if refusal is None:
            return
        words = {
            "capacity": self.env._(
                "%(person)s may own %(limit)s customers and has room for %(left)s. "
                "Release customers that are not worked on, or ask the manager of the "
                "pool for more room.",
                person=self.user_id.name,
                limit=refusal.limit,
                left=refusal.left,
            ),
            "claims": self.env._(
                "You may claim %(limit)s customers of this pool a day; %(left)s are "
                "left today. Choose fewer, or go on tomorrow.",
                limit=refusal.limit,
                left=refusal.left,
            ),
            "looks": self.env._(
                "You have looked at %(limit)s customers of this pool today. Claim one "
                "of those, or go on tomorrow.",
                limit=refusal.limit,
            ),
        }
        raise UserError(words[refusal.kind])
