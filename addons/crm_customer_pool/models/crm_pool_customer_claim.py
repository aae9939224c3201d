from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_date

from ..tools.claims import claim_refusal, cooling, look_refusal, own_refusal


class CrmPoolCustomer(models.Model):
    """Claiming, looking, giving: what people do with customers in a pool."""

    _inherit = "crm.pool.customer"

    # ------------------------------------------------------------
    # CLAIM
    # ------------------------------------------------------------

    def action_claim(self):
        """Become the owner of these customers: all of them, or none.

        :raises UserError: a limit is reached, somebody was faster, or one had the
            customer not long ago; says what one can do
        :raises AccessError: for who is no member of the pool
        """
        user = self.env.user
        self.env["crm.pool.member"]._take_turn(user)
        rows = self._take_rows()
        for shared, own in rows.grouped("pool_id").items():
            member = self._member(shared, user)
            standing = member._standing()
            member._refuse(claim_refusal(member._limits(), standing, len(own)))
            # room is needed for all that is claimed at once
            member._refuse(own_refusal(member._limits(), standing, len(rows)))
            own._check_cooled(member)
        partners = rows.partner_id
        rows._give_to(user, "claim")
        return self._open_claimed(partners.with_env(self.env))

    def _open_claimed(self, partners):
        if len(partners) == 1:
            return partners.get_formview_action()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(count)s customers are yours now.", count=len(partners)
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _check_cooled(self, member):
        """:raises UserError: when the person had one of them not long ago"""
        days = member.pool_id.cool_down_days
        if not days:
            return
        former = self.env["crm.pool.move"]._former_owners(
            self.partner_id.ids, member._cool_since()
        )
        warm = cooling(self.partner_id.ids, former, member._barred())
        if not warm:
            return
        row = self.filtered(lambda one: one.partner_id.id in warm)[:1]
        until = fields.Datetime.add(self._last_had(row, member), days=days)
        raise UserError(
            self.env._(
                "“%(customer)s” was yours or your team's within the last %(days)s "
                "days. Others may claim it now, you from %(day)s on.",
                customer=row.name,
                days=days,
                day=format_date(self.env, until),
            )
        )

    def _last_had(self, row, member):
        """Return when one of those barred had the customer last."""
        moves = self.env["crm.pool.move"].search(
            [
                ("partner_id", "=", row.partner_id.id),
                ("owner_id", "in", list(member._barred())),
            ],
            order="known_at desc",
            limit=1,
        )
        return moves.known_at

    # ------------------------------------------------------------
    # GIVE
    # ------------------------------------------------------------

    def _assign(self, user, note=None):
        """Give these customers to a member of their pool, as its manager.

        :raises AccessError: for who does not manage the pool
        :raises UserError: when the person has no room
        """
        self.env["crm.pool.member"]._take_turn(user)
        rows = self._take_rows()
        for shared in rows.pool_id:
            if not shared._is_managed_by(self.env.user):
                raise AccessError(
                    self.env._(
                        "Only the leader of a team of “%s”, or an administrator, gives "
                        "its customers to somebody.",
                        shared.name,
                    )
                )
            member = self._member(shared, user)
            member._refuse(own_refusal(member._limits(), member._standing(), len(rows)))
        rows._give_to(user, "assign", note)

    # ------------------------------------------------------------
    # LOOK
    # ------------------------------------------------------------

    def action_look(self):
        """Note that somebody looks, and show the details until the end of the day.

        :raises UserError: when the limit of the day is reached
        """
        user = self.env.user
        self.env["crm.pool.member"]._take_turn(user)
        rows = self._take_rows()
        for shared, own in rows.grouped("pool_id").items():
            member = self._member(shared, user)
            looked = self.env["crm.pool.look"]._looked_at(
                user, shared, member._midnight(user)
            )
            fresh = own.partner_id.filtered(lambda one, had=looked: one.id not in had)
            member._refuse(
                look_refusal(member._limits(), member._standing(), len(fresh))
            )
            # sudo: looks are noted by the system
            self.env["crm.pool.look"].sudo().create(
                [
                    {
                        "partner_id": partner.id,
                        "pool_id": shared.id,
                        "user_id": user.id,
                        "at": fields.Datetime.now(),
                    }
                    for partner in fresh
                ]
            )
        self.invalidate_recordset(flush=False)
        return True

    def action_look_open(self):
        """Look at one customer of a list, and open it."""
        self.ensure_one()
        self.action_look()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "name": self.env._("Customer in a Pool"),
        }

    # ------------------------------------------------------------
    # SHARED
    # ------------------------------------------------------------

    @api.model
    def _row_of(self, partner):
        """Return where a customer stands, if it does, as the system."""
        # sudo: asked for a customer that is known; who is told what is asked there
        return self.sudo().search([("partner_id", "=", partner.id)])

    def _take_rows(self):
        """Lock these rows, in the order of their ids.

        :return: the same, with the rights of the system
        :raises UserError: when one of them is gone: somebody was faster
        :raises AccessError: for who does not see them
        """
        ids = sorted(self._origin.ids)
        found = self.env.execute_query(
            SQL(
                "SELECT id FROM crm_pool_customer WHERE id = ANY(%s)"
                " ORDER BY id FOR UPDATE",
                ids,
            )
        )
        if missing := len(ids) - len(found):
            raise UserError(
                self.env._(
                    "Somebody was faster: %(count)s of the customers you chose are no "
                    "longer in the pool. Reload the list and choose again.",
                    count=missing,
                )
            )
        self.check_access("read")
        # sudo: who may do what is asked pool by pool
        return self.sudo().browse(ids)

    def _member(self, shared, user):
        """Return the membership of somebody.

        :raises AccessError: where there is none
        """
        member = shared.member_ids.filtered(lambda one: one.user_id == user)
        if not member:
            raise AccessError(
                self.env._(
                    "%(person)s is no member of the pool “%(pool)s”. Ask its manager.",
                    person=user.name,
                    pool=shared.name,
                )
            )
        return member

    def _give_to(self, user, cause: str, note=None):
        """Make somebody the owner; the log says how."""
        partners = self.partner_id
        pools = {row.partner_id.id: row.pool_id.id for row in self}
        self.env["crm.pool.move"]._log(
            partners,
            cause,
            {id_: (None, user.id, pools[id_]) for id_ in partners.ids},
            note,
            by=self.env.uid,
        )
        self._take_out(partners.ids)
        partners._change_owner(user)
