"""The work on an import, as plain objects beside the record that keeps it.

``crm.customer.import`` keeps the fields, is what people call and knows how far the work
is; what is done in a phase is an object here. See docs/adr/0036.
"""

from .importing import Importing
from .phase import Phase
from .reading import Reading
from .undoing import Undoing

#: the states in which an import is worked on, and what is done there
PHASES: dict[str, type[Phase]] = {
    phase.state: phase for phase in (Reading, Importing, Undoing)
}
