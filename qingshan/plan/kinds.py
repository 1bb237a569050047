"""What kind of promise a target is: the nine kinds by which targets are judged, and how to tell them apart.

The kind of a freshly read target is a proposal; the office confirms it before the edition is adopted.
"""

from enum import StrEnum

SHARES = {"%", "％", "pp", "分"}
PER = "/"
EVERY_YEAR = ("每年", "年均", "逐年完成")
KEEP = ("保持", "维持", "稳定在", "始终")


class Kind(StrEnum):
    UPPER_BOUND = "upper_bound"
    LOWER_BOUND = "lower_bound"
    STRICT_BOUND = "strict_bound"
    MAINTAIN = "maintain"
    CUMULATIVE_COUNT = "cumulative_count"
    YEARLY_QUOTA = "yearly_quota"
    FULL_COVERAGE = "full_coverage"
    DATED_MILESTONE = "dated_milestone"
    DIRECTION_ONLY = "direction_only"


KIND_NAMES = {
    Kind.UPPER_BOUND: ("上限", "upper bound"),
    Kind.LOWER_BOUND: ("下限", "lower bound"),
    Kind.STRICT_BOUND: ("严格界限", "strict bound"),
    Kind.MAINTAIN: ("保持", "maintain"),
    Kind.CUMULATIVE_COUNT: ("累计数量", "cumulative count"),
    Kind.YEARLY_QUOTA: ("年度定额", "yearly quota"),
    Kind.FULL_COVERAGE: ("全覆盖", "full coverage"),
    Kind.DATED_MILESTONE: ("限期完成", "dated milestone"),
    Kind.DIRECTION_ONLY: ("只定方向", "direction only"),
}


def kind_of(op: str, unit: str | None, note: str, implied: bool) -> Kind:
    """The kind a target read from a document most likely is.

    op: comparator as read (``>= <= > < = range done increase decrease``); unit: as read, e.g. ``%`` or ``亩次/年``;
    note: the words that carried the promise, e.g. 每年 8 万亩次; implied: words such as 全覆盖 stood for the number.
    """
    if op == "done":
        return Kind.DATED_MILESTONE
    if op in ("increase", "decrease"):
        return Kind.DIRECTION_ONLY
    if any(word in note for word in KEEP):
        return Kind.MAINTAIN
    if any(word in note for word in EVERY_YEAR) or (unit or "").endswith("/年"):
        return Kind.YEARLY_QUOTA
    if op in (">", "<"):
        return Kind.STRICT_BOUND
    if op == "<=":
        return Kind.UPPER_BOUND
    return _at_least(op, unit or "", implied)


def _at_least(op: str, unit: str, implied: bool) -> Kind:
    share = unit in SHARES
    if implied and share and op != "=":
        return Kind.FULL_COVERAGE
    if op == "=" and implied:
        return Kind.UPPER_BOUND  # 零发生, 零增长: not above nothing
    return Kind.LOWER_BOUND if share or PER in unit or not unit else Kind.CUMULATIVE_COUNT


def side_of(op: str) -> str:
    """On which side of a strict bound the promise lies."""
    return {">": "above", "<": "below"}.get(op, "")


def needs_value(kind: str) -> bool:
    """Whether a target of this kind is judged by a number it has to reach or keep."""
    return kind not in (Kind.DATED_MILESTONE, Kind.DIRECTION_ONLY)
