"""The work on an import, as plain objects beside the record that keeps it.

``crm.customer.import`` keeps the fields, is what people call and knows how far the work
is; what is done in a phase is an object here. See docs/adr/0036.
"""

from .phase import Phase
from .undoing import Undoing

PHASES: dict[str, type[Phase]] = {phase.state: phase for phase in (Undoing,)}
