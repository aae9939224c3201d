from odoo import api, models
from odoo.fields import Domain

from ..tools.figures import COUNT, PERCENT
from .crm_measure import Measure

# what tells a history, and is no change of a customer
NO_CHANGE = ["created", "was", "merged", "release", "undone"]


class CrmMeasure(models.AbstractModel):
    """Who came, went and came back.

    Counted on the day we came to know of it, so that a figure of last month stays what
    it was, whatever is entered late; see docs/adr/0034.
    """

    _inherit = "crm.measure"

    @api.model
    def _measure_list(self):
        return super()._measure_list() + self._lifecycle_measures()

    def _move_measure(self, key, name, domain, formula, **values) -> Measure:
        changes = Domain("cause", "not in", NO_CHANGE)
        changes &= ~Domain("run_id.state", "=", "rolled_back")
        values = {
            "date_field": "known_at",
            "person_field": "owner_id",
            "action": "crm_customer_center.action_lifecycle_move",
            "grain": self.env._("A change of a customer's lifecycle"),
            **values,
        }
        return Measure(
            key, name, COUNT, "crm.lifecycle.move", domain & changes, formula, **values
        )

    def _lifecycle_measures(self) -> list[Measure]:
        return [
            self._move_measure(
                "activated",
                self.env._("First Business"),
                Domain("from_state", "=", "potential")
                & Domain("to_state", "=", "active"),
                self.env._(
                    "Customers that became active from potential, by the day we came "
                    "to know of it and their owner then."
                ),
                icon="fa-thumbs-o-up",
            ),
            self._move_measure(
                "came_back",
                self.env._("Came Back"),
                Domain("from_state", "in", ["dormant", "lost"])
                & Domain("to_state", "=", "active"),
                self.env._(
                    "Customers that became active from dormant or lost, by the day we "
                    "came to know of it and their owner then."
                ),
                icon="fa-undo",
            ),
            self._move_measure(
                "went_dormant",
                self.env._("Went Dormant"),
                Domain("to_state", "=", "dormant"),
                self.env._(
                    "Customers that became dormant, by the day we came to know of it "
                    "and their owner then."
                ),
                better=-1,
                icon="fa-moon-o",
            ),
            self._move_measure(
                "went_lost",
                self.env._("Went Lost"),
                Domain("to_state", "=", "lost"),
                self.env._(
                    "Customers that became lost, by the day we came to know of it and "
                    "their owner then."
                ),
                better=-1,
                icon="fa-user-times",
            ),
            self._customer_measure(
                "dormant_share",
                self.env._("Dormant Customers"),
                PERCENT,
                Domain("lifecycle_state", "in", ["active", "dormant"]),
                self.env._(
                    "Of the customers that are active or dormant at this moment, the "
                    "share that is dormant."
                ),
                aggregate="share",
                numerator=Domain("lifecycle_state", "=", "dormant"),
                better=-1,
                icon="fa-moon-o",
            ),
        ]
