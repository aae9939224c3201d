from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from odoo.api import Environment
from odoo.fields import Domain

from ..models.crm_measure import Measure
from .answers import Answers, Ask

if TYPE_CHECKING:
    from ..models.crm_dashboard import Question

# rows of a table people still read: the largest ones
TOP = 12

# what opens the records of a figure, or False
Drill = dict[str, Any] | bool
# name, figures, and what opens their records: one of each per column
Row = tuple[str, Sequence[float | None], Sequence[Drill]]


@dataclass(frozen=True)
class Panel(ABC):
    """A chart with its table.

    ``help`` says in words what is counted; ``empty`` what to do when there is nothing
    to show; ``models``: what the reader must be able to read. ``reads``: methods of
    ``crm.dashboard`` that take the question and read what ``asks`` and ``lay_out``
    need beside figures; they find it in ``question.read``.
    """

    env: Environment
    key: str
    title: str
    help: str
    empty: str
    models: tuple[str, ...]
    reads: ClassVar[tuple[str, ...]] = ()

    # ------------------------------------------------------------
    # TO BE SAID BY EACH PANEL
    # ------------------------------------------------------------

    def asks(self, question: Question) -> list[Ask]:
        """Every figure the panel may need."""
        return []

    @abstractmethod
    def lay_out(self, question: Question, answers: Answers) -> dict[str, Any]:
        """The panel of the answers to its questions; see ``table``."""

    # ------------------------------------------------------------
    # TOOLS
    # ------------------------------------------------------------

    def measure(self, key: str) -> Measure:
        """A measure the reader may read.

        :raise AccessError: when it is none
        """
        return self.env["crm.measure"]._get_measure(key)

    def readable(self, keys: Iterable[str]) -> list[Measure]:
        """Those of the measures the reader may read, in order."""
        readable = self.env["crm.measure"]._readable_measures()
        return [readable[key] for key in keys if key in readable]

    def field_of(self, measure: Measure, dimension: str) -> str:
        """The field a measure is grouped by for a dimension.

        :raise ValueError: when it has none
        """
        field = self.env["crm.measure"]._field_of(measure, dimension)
        if not field:
            raise ValueError(f"{measure.key} has no dimension {dimension}")
        return field

    def names(
        self, measure: Measure, dimension: str, values: Iterable[Any], answers: Answers
    ) -> dict[Any, str]:
        """The names of the values of a dimension, by value."""
        return self.env["crm.dashboard"]._names_of(
            measure, dimension, values, answers.people
        )

    def drill(
        self, measure: Measure, question: Question, extra: Domain = Domain.TRUE
    ) -> Drill:
        """What opens the records of a figure."""
        return self.env["crm.dashboard"]._drill(measure, question, extra)

    def best(self, rows: Iterable[Row], column: int) -> list[Row]:
        """The rows with the most in a column, first; rows of nothing left out."""
        known = [row for row in rows if any(row[1])]
        return sorted(known, key=lambda row: -(row[1][column] or 0))[:TOP]

    def table(
        self,
        columns: Sequence[tuple[str, str]],
        rows: Iterable[Row],
        kind: str = "chart",
        chart: Mapping[str, Any] | None = None,
        note: str = "",
    ) -> dict[str, Any]:
        """A panel as screen, workbook and PDF read it.

        :param columns: (label, unit) of each column of figures; the first column of
            all, the name, is not among them
        :param kind: ``table``, ``chart`` or ``funnel``
        :param chart: ``{"type": bar, line or doughnut, "series": [numbers of
            columns], "has_total"}``; the first row of a table with a total is not drawn
        """
        return self.env["crm.dashboard"]._panel_data(columns, rows, kind, chart, note)
