"""What charts and tables of a dashboard are made of; for every module that adds some.

A panel says what it asks (``asks``) and, once all questions of a dashboard are
answered, lays the answers out (``lay_out``). It asks nothing itself: the dashboard
unites what all panels ask to one query per model and group, so that a panel more costs
no query where another one asks alike. Panels know nothing of each other.
"""

from .answers import Answers, Ask, Readings
from .figures import FiguresPanel
from .panel import Panel
