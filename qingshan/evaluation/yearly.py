"""Where the planned curves of targets stand at the ends of years, for the year's task list."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from qingshan.plan.contents import TargetContent

from .assessing import to_target
from .planned import planned

Ends = tuple[Decimal | None, Decimal | None]


def year_ends(targets: Iterable[TargetContent], year: int) -> Mapping[str, Ends]:
    """By code: planned at the end of the year before, and of `year` [unit]; None where the curve has no line."""
    return {one.code: _ends(one, year) for one in targets}


def _ends(content: TargetContent, year: int) -> Ends:
    target = to_target(content, None)
    return planned(target, date(year - 1, 12, 31)), planned(target, date(year, 12, 31))
