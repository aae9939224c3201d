from odoo import Command

from odoo.addons.crm_customer_center.tests.common import CustomerCommon


class PoolCommon(CustomerCommon):
    """``pool`` of ``team``, with ``rep`` and ``colleague``; ``other_pool`` of
    ``other_team``, with ``other_rep``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pool = cls.make_pool("East", cls.team, cls.rep | cls.colleague)
        cls.other_pool = cls.make_pool("South", cls.other_team, cls.other_rep)

    @classmethod
    def make_pool(cls, name, teams, people, **values):
        return cls.env["crm.customer.pool"].create(
            {
                "name": name,
                "team_ids": [Command.set(teams.ids)],
                "member_ids": [Command.create({"user_id": user.id}) for user in people],
                **values,
            }
        )

    @classmethod
    def make_released(cls, name, owner=None, **values):
        """A customer that somebody had, in the pool of the team."""
        customer = cls.make_customer(name, owner or cls.manager, **values)
        customer._release_to(cls.pool, "Test")
        return customer

    @classmethod
    def row(cls, customer):
        """Its row in a pool."""
        cls.env.flush_all()
        return cls.env["crm.pool.customer"].search([("partner_id", "=", customer.id)])

    @classmethod
    def moves(cls, customer):
        """What happened to it, the oldest first."""
        moves = cls.env["crm.pool.move"].search([("partner_id", "=", customer.id)])
        return moves.sorted("id")

    def claim(self, customers, user):
        with self.calling_as(user):
            return (
                self.row(customers[:1])
                .browse(self.row(one).id for one in customers)
                .with_user(user)
                .action_claim()
            )
