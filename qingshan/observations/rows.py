"""The shape of an observation.

A row is one value of one item at one site for one period. `time` is the start of the period in the local standard time of the
site; a source that stamps an hour by its end is moved by its import. The value is exact, with six decimals, in the unit beside
it; a value that could not be had is null and its flag says why.
"""

from dataclasses import dataclass

import pyarrow as pa

PERIODS = ("hour", "day", "month", "sample")
DIGITS, PLACES = 18, 6
VALUE = pa.decimal128(DIGITS, PLACES)
# From this on (in either direction) a value of a medium is none: no instrument reads so far, and whole numbers that hold a day's exact
# sums do not either.
BEYOND = {"air": 10**7}
TIME = INSTANT = pa.timestamp("us")  # local standard time of the site; UTC

# What an import hands over. `below`: the value is a detection limit, the result lies under it.
GIVEN = pa.schema([
    pa.field("medium", pa.string(), nullable=False),
    pa.field("site", pa.string(), nullable=False),
    pa.field("item", pa.string(), nullable=False),
    pa.field("period", pa.string(), nullable=False),
    pa.field("time", TIME, nullable=False),
    pa.field("value", VALUE),
    pa.field("unit", pa.string(), nullable=False),
    pa.field("below", pa.bool_(), nullable=False),
    pa.field("flag", pa.string(), nullable=False),
    pa.field("flagged_by", pa.string(), nullable=False),
    pa.field("source", pa.string(), nullable=False),
    pa.field("line", pa.int64()),
])  # fmt: skip

# What the store adds. `correction`: an earlier row of the same key was there; it is kept and this one counts. `replaced_at`: when
# the row that replaced this one was received; null in the row that counts, and in files where that is not known yet.
KEPT = pa.schema([
    *GIVEN,
    pa.field("received_at", INSTANT, nullable=False),
    pa.field("correction", pa.bool_(), nullable=False),
    pa.field("replaced_at", INSTANT),
    pa.field("year", pa.int32(), nullable=False),
    pa.field("standing", pa.string(), nullable=False),
])  # fmt: skip
# How a row stands. Settled: no row came before it. Mended: it took the place of another. Each counts unless a later row is loose: a
# correction as it came, of which the others do not know yet. Past: it was replaced. Each kind lies in files of its own.
SETTLED, MENDED, LOOSE, PAST = "settled", "mended", "loose", "past"

KEY = ("medium", "site", "item", "period", "time")
SAYS = ("value", "unit", "below", "flag", "flagged_by")  # what makes a later row of a key another one
PARTITIONS = ("medium", "year", "standing")


@dataclass(frozen=True, slots=True)
class Flag:
    """A mark beside a value. A value under one that is not `usable` does not enter an evaluation."""

    code: str
    zh: str
    en: str
    usable: bool


FLAGS = {
    one.code: one
    for one in (
        Flag("", "正常", "normal", True),
        Flag("missing", "缺测", "missing", False),
        Flag("negative", "负值", "below zero", False),
        Flag("range", "超出量程或物理范围", "outside the possible range", False),
        Flag("spike", "突变，待审核", "spike, to be reviewed", True),
        Flag("stuck", "长时间不变，待审核", "stuck, to be reviewed", True),
        Flag("inverted", "部分大于整体（如 PM2.5 大于 PM10），待审核", "a part above its whole, to be reviewed", True),
        Flag("few", "有效数据不足", "too few valid values", False),
        Flag("fault", "仪器故障", "instrument at fault", False),
        Flag("maintenance", "维护", "maintenance", False),
        Flag("calibration", "校准", "calibration", False),
        Flag("stopped", "停运", "out of operation", False),
        Flag("rejected", "人工判定无效", "rejected by a person", False),
        Flag("confirmed", "人工确认有效", "confirmed by a person", True),
    )
}
# Who set a flag stands before the colon of `flagged_by`; nothing before it: the source or its import.
RULE, PERSON = "rule:", "person:"
USABLE = tuple(code for code, one in FLAGS.items() if one.usable)
