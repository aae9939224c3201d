"""Stages and deals for the tests of the sales process."""

from datetime import datetime, timedelta

from odoo import Command

from odoo.addons.crm_customer_center.tests.common import CustomerCommon

START = datetime(2027, 1, 4, 1, 0)


class StageCommon(CustomerCommon):
    """Stages ``first`` (10 %), ``needs`` (30 %), ``offer`` (60 %) and ``won`` of
    their own, used by ``team`` (fixed probabilities); deals by ``make_deal``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.teams = cls.team | cls.other_team
        cls.teams.probability_mode = "fixed"
        cls.first = cls.make_stage("First", 101, 10)
        cls.needs = cls.make_stage("Needs", 102, 30)
        cls.offer = cls.make_stage("Offer", 103, 60)
        cls.won = cls.make_stage("Signed", 104, 100, is_won=True)
        cls.reason = cls.env["crm.won.reason"].create({"name": "Best product"})
        cls.lost_reason = cls.env["crm.lost.reason"].create({"name": "Too late"})
        cls.competitor = cls.env["crm.competitor"].create({"name": "Rival Ltd"})

    @classmethod
    def make_stage(cls, name, sequence, probability, **values):
        return cls.env["crm.stage"].create(
            {
                "name": name,
                "sequence": sequence,
                "default_probability": probability,
                "team_ids": [Command.set(cls.teams.ids)],
                **values,
            }
        )

    @classmethod
    def make_deal(cls, name="Deal", stage=None, **values):
        """An opportunity of ``rep`` and ``team``."""
        return cls.env["crm.lead"].create(
            {
                "name": name,
                "type": "opportunity",
                "user_id": cls.rep.id,
                "team_id": cls.team.id,
                "stage_id": (stage or cls.first).id,
                **values,
            }
        )

    def stays(self, lead):
        """The stays of a lead, oldest first."""
        self.env.flush_all()
        return lead.stage_move_ids.sorted("id")

    @classmethod
    def history(cls, lead, *stays):
        """Replace the history of a lead: (stage, day entered, days there or None,
        {values})."""
        moves = cls.env["crm.lead.stage.move"].sudo()
        moves.search([("lead_id", "=", lead.id)]).unlink()
        previous = moves
        for stage, day, days, values in stays:
            entered = START + timedelta(days=day)
            previous = moves.create(
                {
                    "lead_id": lead.id,
                    "lead_type": "opportunity",
                    "stage_id": stage.id,
                    "from_stage_id": previous.stage_id.id,
                    "previous_id": previous.id,
                    "entry": "moved" if previous else "created",
                    "date_entered": entered,
                    "date_left": days is not None and entered + timedelta(days=days),
                    "team_id": cls.team.id,
                    "user_id": cls.rep.id,
                    **values,
                }
            )
