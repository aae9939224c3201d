from odoo import models

from ..panels.answers import Answers, Ask, Readings
from ..panels.panel import Panel
from .crm_dashboard import Question
from .crm_measure import Wanted


class CrmDashboard(models.AbstractModel):
    """The answers to all that the panels of a dashboard ask; see docs/adr/0041."""

    _inherit = "crm.dashboard"

    def _readings(self, panels: list[Panel], question: Question) -> Readings:
        """What the panels read beside figures, each once."""
        methods = list(dict.fromkeys(one for panel in panels for one in panel.reads))
        found, failed = {}, {}
        for method in methods:
            try:
                with self._guard():
                    found[method] = getattr(self, method)(question)
            except Exception as error:  # noqa: BLE001  shown on the panels
                failed[method] = error
        return Readings(found, failed)

    def _asks(self, panels: list[Panel], question: Question):
        """What all panels ask, each question once.

        :return: the questions, and {key: error} of panels that could not ask
        """
        asks: dict = {}
        failed = {}
        for panel in panels:
            try:
                with self._guard():
                    asks |= {ask.identity: ask for ask in panel.asks(question)}
            except Exception as error:  # noqa: BLE001  shown on the panel
                failed[panel.key] = error
        return [*asks.values()], failed

    def _answers(self, asks: list[Ask], question: Question) -> Answers:
        """The answers to all questions, those of one place by one query."""
        places: dict = {}
        for ask in asks:
            places.setdefault(ask.place, []).append(ask)
        found, failed = {}, {}
        for together in places.values():
            parts, errors = self._together_or_apart(
                together, lambda some: self._answers_of_place(some, question)
            )
            for part in parts:
                found |= part
            failed |= {ask.identity: error for ask, error in errors}
        return Answers(found, failed, self._people_in(asks, found, question))

    def _answers_of_place(self, asks: list[Ask], question: Question) -> dict:
        """{identity: {value of the group: figure}}"""
        catalogue, group = self.env["crm.measure"], asks[0].group
        wanted: dict[str, Wanted] = {}
        for ask in asks:
            known = wanted.get(ask.measure.key, Wanted(ask.measure, ()))
            wanted[ask.measure.key] = known._replace(
                periods=(*known.periods, ask.period)
            )
        rows = catalogue._figures(
            [*wanted.values()],
            question.scope,
            catalogue._by_field(group)
            if isinstance(group, str)
            else catalogue._by_step(asks[0].measure, group),
        )
        return {
            ask.identity: {
                value: cells[ask.measure.key][
                    wanted[ask.measure.key].periods.index(ask.period)
                ]
                for value, cells in rows.items()
            }
            for ask in asks
        }

    def _people_in(self, asks: list[Ask], found: dict, question: Question) -> dict:
        """The names of all people the answers are about, by one query."""
        ids = set(question.read.people)
        for ask in asks:
            if isinstance(ask.group, str) and ask.identity in found:
                field = self.env[ask.measure.model]._fields[ask.group]
                if field.comodel_name == "res.users":
                    ids.update(found[ask.identity])
        return self._user_names(ids)
