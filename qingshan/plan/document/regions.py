"""Stretches of a text that are read by other means, such as tables."""

from __future__ import annotations

from bisect import bisect_right


class Regions:
    """Knows whether a position lies in one of several stretches that do not overlap."""

    def __init__(self, spans):
        self.spans = sorted((span.start, span.end) for span in spans)
        self.starts = [start for start, _ in self.spans]

    def __contains__(self, at: int) -> bool:
        i = bisect_right(self.starts, at) - 1
        return i >= 0 and at < self.spans[i][1]
