"""What each body owes in a reporting round, and what the system already knows of it.

A body is asked for the series it states, the items it planned, the nodes of the annual list it leads, the measures of its
tasks that no list of the year covers, its part in other tasks, and whether its registers are right; nothing else.
"""

from .asking import open_rounds, owed
from .reviewing import Reviewed, reviewed

__all__ = ["Reviewed", "open_rounds", "owed", "reviewed"]
