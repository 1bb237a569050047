"""The parser of plan documents: text in, a reading out; no input or output of its own."""

from .reader import read
from .shapes import Facts, Measure, NotAPlan, Reading, Target, Task, UnreadNumber

__all__ = ["Facts", "Measure", "NotAPlan", "Reading", "Target", "Task", "UnreadNumber", "read"]
