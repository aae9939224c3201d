from odoo import models
from odoo.fields import Domain

from ..tools.figures import PERCENT
from .crm_dashboard import Question

# fields of a target with the figures that answer them
ANSWERS = {
    "amount": "won_revenue",
    "deals": "won_deals",
    "customers": "new_customers",
    "followups": "followups",
}


class CrmDashboard(models.AbstractModel):
    """How much of each kind of target is reached."""

    _inherit = "crm.dashboard"

    def _panel_attainment(self, question: Question) -> dict:
        people, total = self._target_sums(question)
        asked = [any(sums) for sums in zip(*people.values(), total, strict=True)]
        readable = self.env["crm.measure"]._readable_measures()
        kinds = [
            (place, readable[key])
            for place, key in enumerate(ANSWERS.values())
            if asked[place] and key in readable
        ]
        done = {measure.key: self._done_by(measure, question) for _p, measure in kinds}
        names = self._user_names(people, question.memo)
        lines = [
            self._attained(names[user], sums, kinds, done, question, user)
            for user, sums in sorted(people.items(), key=lambda one: names[one[0]])
        ]
        if not kinds:
            return self._panel_data([], [], "chart")
        return self._panel_data(
            [(f"{measure.name} (%)", PERCENT) for _p, measure in kinds],
            [self._attained(self.env._("Total"), total, kinds, done, question), *lines],
            "chart",
            {"type": "bar", "series": [*range(len(kinds))], "has_total": True},
        )

    def _done_by(self, measure, question: Question) -> dict[int, float]:
        """What each person (False: nobody) reached in the period."""
        found = self._by_group([measure], measure.person_field, question)
        return {
            user: cells[measure.key][0] or 0
            for user, cells in found.items()
            if measure.key in cells
        }

    def _attained(self, name, sums, kinds, done, question, user=None) -> tuple:
        """A line: percent of each target.

        :param user: None for everybody
        """
        shares, drills = [], []
        for place, measure in kinds:
            by_person = done[measure.key]
            reached = by_person.get(user, 0)
            if user is None:
                reached = sum(by_person.values())
            shares.append(100 * reached / sums[place] if sums[place] else None)
            mine = Domain.TRUE
            if user is not None:
                mine = Domain(measure.person_field, "=", user)
            drills.append(self._drill(measure, question, mine))
        return name, shares, drills
