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
        return super()._measure_list() + [
            *_gained_measures(self),
            *_lost_measures(self),
        ]

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


def _gained_measures(catalogue) -> list[Measure]:
    """Who came, or came back."""
    return [
        catalogue._move_measure(
            "activated",
            catalogue.env._("First Business"),
            Domain("from_state", "=", "potential") & Domain("to_state", "=", "active"),
            catalogue.env._(
                "Customers that became active from potential, by the day we came "
                "to know of it and their owner then."
            ),
            icon="fa-thumbs-o-up",
        ),
        catalogue._move_measure(
            "came_back",
            catalogue.env._("Came Back"),
            Domain("from_state", "in", ["dormant", "lost"])
            & Domain("to_state", "=", "active"),
            catalogue.env._(
                "Customers that became active from dormant or lost, by the day we "
                "came to know of it and their owner then."
            ),
            icon="fa-undo",
        ),
    ]


def _lost_measures(catalogue) -> list[Measure]:
    """Who went, and how much of what there was."""
    return [
        catalogue._move_measure(
            "went_dormant",
            catalogue.env._("Went Dormant"),
            Domain("to_state", "=", "dormant"),
            catalogue.env._(
                "Customers that became dormant, by the day we came to know of it "
                "and their owner then."
            ),
            better=-1,
            icon="fa-moon-o",
        ),
        catalogue._move_measure(
            "went_lost",
            catalogue.env._("Went Lost"),
            Domain("to_state", "=", "lost"),
            catalogue.env._(
                "Customers that became lost, by the day we came to know of it and "
                "their owner then."
            ),
            better=-1,
            icon="fa-user-times",
        ),
        catalogue._customer_measure(
            "dormant_share",
            catalogue.env._("Dormant Customers"),
            PERCENT,
            Domain("lifecycle_state", "in", ["active", "dormant"]),
            catalogue.env._(
                "Of the customers that are active or dormant at this moment, the "
                "share that is dormant."
            ),
            aggregate="share",
            numerator=Domain("lifecycle_state", "=", "dormant"),
            better=-1,
            icon="fa-moon-o",
        ),
    ]
