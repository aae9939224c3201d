from odoo import models
from odoo.fields import Domain

from odoo.addons.crm_customer_center.models.res_partner_timeline import (
    TimelineLine,
    TimelineSource,
)


class ResPartner(models.Model):
    """Moves of the customer's opportunities from stage to stage.

    How they begin and end is told by the hub: an entry that created a lead or won it
    would say the same again.
    """

    _inherit = "res.partner"

    def _customer_timeline_sources(self):
        # sudo: the moves have rules of their own
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        family = leads._search(self._customer_family("partner_id"))
        return super()._customer_timeline_sources() + [
            TimelineSource(
                key="stage_moves",
                kind="opportunity",
                model="crm.lead.stage.move",
                moment="date_entered",
                domain=Domain("lead_id", "in", family)
                & Domain("entry", "in", ("moved", "converted", "restored"))
                & Domain("is_slip", "=", False)
                & Domain("stage_id.is_won", "=", False),
                fields=(
                    "lead_id",
                    "stage_id",
                    "from_stage_id",
                    "entry",
                    "mover_id",
                ),
                render=self._render_stage_moves,
                person="mover_id",
                sequence=55,
            )
        ]

    def _render_stage_moves(self, moves):
        titles = {
            "converted": self.env._("Became an opportunity"),
            "restored": self.env._("Reopened"),
        }
        for move in moves:
            way = (move.from_stage_id.name, move.stage_id.name)
            yield TimelineLine(
                titles.get(move.entry) or " → ".join(filter(None, way)),
                person=move.mover_id,
                about=move.lead_id,
                opens=move.lead_id,
                icon="fa-arrow-right",
            )
