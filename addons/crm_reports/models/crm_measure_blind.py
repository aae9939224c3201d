from collections.abc import Callable
from typing import Literal, NamedTuple

from odoo import api, models
from odoo.fields import Domain


class BlindSpot(NamedTuple):
    """Of the records a figure is about, those it cannot know: ``domain`` says which,
    ``words`` how many they are."""

    domain: Domain
    words: Callable[[int], str]


class CrmMeasureBlind(models.AbstractModel):
    """What figures leave out for want of a value, and the way to put it right."""

    _name = "crm.measure.blind"
    _description = "What Figures Cannot Know"

    @api.model
    def _blind_spots(self) -> dict[str, BlindSpot]:
        """By the key of the measure; extend through ``super()``."""
        return {}

    @api.model
    def _spot(self, key: str, question) -> dict | Literal[False]:
        """What a figure cannot know, as the reader may see it.

        :param question: of ``crm.dashboard``, whose figures are asked for
        :return: ``{"text", "drill"}``, which opens the records; False: nothing
        """
        spot = self._blind_spots().get(key)
        if not spot:
            return False
        catalogue = self.env["crm.measure"]
        measure = catalogue._get_measure(key)
        domain = catalogue._records_domain(measure, question.scope) & spot.domain
        count = self.env[measure.model].search_count(domain)
        if not count:
            return False
        drill = {"measure": key, "domain": catalogue._as_list(domain)}
        return {"text": spot.words(count), "drill": drill}
