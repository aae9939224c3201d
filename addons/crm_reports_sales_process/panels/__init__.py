from .funnel import FunnelPanel
from .revenue import RevenuePanel
from .targets import TargetsPanel
