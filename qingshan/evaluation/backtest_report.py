"""The back-test in figures and words: what a reader needs to believe the forecast, or not."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from statistics import fmean, median

from qingshan.evaluation import backtest
from qingshan.evaluation.backtest import Figures, Series, Trial, beyond_year, figures, within_year

SPLITS = 6  # ways to part the districts into teachers and tested
FOUR = 4  # districts given alone
OTHER_LEVELS = (Decimal("0.50"), Decimal("0.90"), Decimal("0.95"))

COVERAGE = (0.75, 0.88)  # share of outcomes an 80 % interval is to hold, over all
LEAST = 0.65  # the same at each horizon, and past the end of the year in progress
HALF = 0.5  # of the better naive forecast's median error

Watch = Callable[[Sequence], Iterable]


@dataclass(frozen=True, slots=True)
class Source:
    """The file tested, so that the test can be repeated on the same bytes."""

    name: str
    sha256: str
    column: str


@dataclass(frozen=True, slots=True)
class Range:
    """The least and the greatest figure over several back-tests."""

    runs: int
    coverage: tuple[float, float]
    worst_horizon: float
    ratio: tuple[float, float]
    beyond: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Examination:
    """trials: the back-test itself. The rest asks whether it would have come out so elsewhere."""

    trials: list[Trial]
    held_out: Range | None  # districts that taught nothing
    fours: Range | None  # four districts, all there is
    alone: Range | None  # one district, all there is
    earlier: list[Trial]  # interval learned from earlier years only
    levels: tuple[tuple[Decimal, float], ...]


def examine(series: Mapping[str, Series], *, watch: Watch = iter) -> Examination:
    """Run the back-test and its variants; watch wraps the list of runs, to show progress."""
    groups = _groups(sorted(series), max(1, len(series) // 3)) if len(series) > 1 else []
    fours = _groups(sorted(series), FOUR) if len(series) > FOUR else []
    jobs = [
        partial(backtest.run, series),
        partial(backtest.run, series, earlier_only=True),
        *(partial(backtest.run, series, level=level) for level in OTHER_LEVELS),
        *(partial(backtest.run, _only(series, g), teachers=_without(series, g)) for g in groups),
        *(partial(backtest.run, _only(series, g)) for g in fours),
        *(partial(backtest.run, _only(series, [name])) for name in sorted(series)),
    ]
    done = [job() for job in watch(jobs)]
    rest = done[2 + len(OTHER_LEVELS) :]
    return Examination(
        done[0],
        _range(rest[: len(groups)]),
        _range(rest[len(groups) : len(groups) + len(fours)]),
        _range(rest[len(groups) + len(fours) :]),
        done[1],
        tuple(
            (level, _held(trials)) for level, trials in zip(OTHER_LEVELS, done[2:], strict=False) if within_year(trials)
        ),
    )


def _groups(names: Sequence[str], size: int) -> list[list[str]]:
    """Up to SPLITS groups of names, spread over the alphabet and each begun elsewhere."""
    step = max(1, len(names) // size)
    return [[names[(start + step * i) % len(names)] for i in range(size)] for start in range(min(SPLITS, len(names)))]


def _only(series: Mapping[str, Series], names: Sequence[str]) -> dict[str, Series]:
    return {name: series[name] for name in names}


def _without(series: Mapping[str, Series], names: Sequence[str]) -> dict[str, Series]:
    return {name: one for name, one in series.items() if name not in names}


def _held(trials: Iterable[Trial]) -> float:
    return fmean(t.covered for t in within_year(trials))


def _range(runs: Sequence[list[Trial]]) -> Range | None:
    runs = [r for r in runs if within_year(r) and beyond_year(r)]
    if not runs:
        return None
    found, beyond = [figures(within_year(r)) for r in runs], [figures(beyond_year(r)) for r in runs]
    return Range(
        len(runs),
        _ends(f.coverage for f in found),
        min(f.coverage for r in runs for f in by(within_year(r), "left").values()),
        _ends(f.ratio for f in found),
        _ends(f.coverage for f in beyond),
    )


def _ends(values: Iterable[float]) -> tuple[float, float]:
    known = list(values)
    return min(known), max(known)


def by(trials: Iterable[Trial], what: str) -> dict:
    """Figures for each value of an attribute of the trials, in order."""
    parts: dict = {}
    for trial in trials:
        parts.setdefault(getattr(trial, what), []).append(trial)
    return {value: figures(part) for value, part in sorted(parts.items())}


# Words.


def summary(found: Examination) -> str:
    """A few lines for the terminal."""
    return "\n".join(f"{'达标' if holds else '未达标'}  {zh}" for zh, _, holds in verdicts(found.trials)) or NOTHING


NOTHING = "没有可检验的年份：需要一个 12 个月齐全的年份，且其上一年也齐全"


def verdicts(trials: Sequence[Trial]) -> list[tuple[str, str, bool]]:
    """What was asked of the forecast and what came: Chinese, English, whether it holds."""
    return [*_within_verdicts(within_year(trials)), *_beyond_verdicts(beyond_year(trials))]


def _within_verdicts(trials: list[Trial]) -> list[tuple[str, str, bool]]:
    if not trials:
        return []
    all_, least = figures(trials), min(f.coverage for f in by(trials, "left").values())
    low, high = COVERAGE
    return [
        (
            f"80% 区间覆盖 {all_.coverage:.1%} 的结果（要求 {low:.0%}—{high:.0%}）",
            f"the 80 % interval holds {all_.coverage:.1%} of outcomes (asked: {low:.0%}–{high:.0%})",
            low <= all_.coverage <= high,
        ),
        (
            f"覆盖率最低的剩余月数也有 {least:.1%}（要求不低于 {LEAST:.0%}）",
            f"at the worst horizon it holds {least:.1%} (asked: {LEAST:.0%} or more)",
            least >= LEAST,
        ),
        (
            f"中位误差 {all_.error:.2f}，为较好朴素预测 {all_.naive:.2f} 的 {all_.ratio:.2f} 倍（要求不超过 {HALF}）",
            f"median error {all_.error:.2f}, {all_.ratio:.2f} of the better naive's {all_.naive:.2f} (asked: {HALF} or less)",
            all_.ratio <= HALF,
        ),
    ]


def _beyond_verdicts(trials: list[Trial]) -> list[tuple[str, str, bool]]:
    if not trials:
        return []
    f = figures(trials)
    return [
        (
            f"跨年预测区间覆盖 {f.coverage:.1%}（要求不低于 {LEAST:.0%}）",
            f"past the end of the year in progress the interval holds {f.coverage:.1%} (asked: {LEAST:.0%} or more)",
            f.coverage >= LEAST,
        ),
        (
            f"跨年预测中位误差 {f.error:.2f}，上年均值为 {f.last_year:.2f}（要求不更差）",
            f"there the median error is {f.error:.2f}, that of last year's mean {f.last_year:.2f} (asked: no worse)",
            f.error <= f.last_year,
        ),
    ]


def render(found: Examination, source: Source) -> str:
    """The report as Markdown, Chinese first and English beside it; the same input gives the same bytes."""
    parts = [
        TITLE,
        _data(found.trials, source),
        METHOD,
        _verdict_table(found.trials),
        _table(HORIZONS, "剩余月数 months left", by(within_year(found.trials), "left")),
        _table(BEYOND, "距年底月数 months to the end", by(beyond_year(found.trials), "left"), so_far=False),
        _table(DISTRICTS, "区 district", by(within_year(found.trials), "district")),
        _table(YEARS, "年 year", by(within_year(found.trials), "year")),
        _elsewhere(found),
        _doubts(found.trials),
        REPEAT.format(source=source),
    ]
    return "\n\n".join(p.strip() for p in parts if p) + "\n"


def _data(trials: Sequence[Trial], source: Source) -> str:
    main, names = within_year(trials), sorted({t.district for t in trials})
    years = sorted({t.year for t in main})
    span = f"{years[0]}–{years[-1]}" if years else "—"
    return DATA.format(source=source, series=len(names), names="、".join(names), span=span, trials=len(main))


def _verdict_table(trials: Sequence[Trial]) -> str:
    rows = [f"| {zh} | {en} | {'是 yes' if holds else '否 no'} |" for zh, en, holds in verdicts(trials)]
    return "\n".join([VERDICTS, *rows]) if rows else NOTHING


def _table(head: str, first: str, parts: Mapping[object, Figures], *, so_far: bool = True) -> str:
    columns = [first, *COLUMNS] if so_far else [first, *(c for c in COLUMNS if c != SO_FAR)]
    rows = [_row([key, *_cells(f, so_far)]) for key, f in parts.items()]
    rule = _row(["---"] + ["--:"] * (len(columns) - 1))
    return "\n".join([head, "", _row(columns), rule, *rows]) if rows else ""


SO_FAR = "累计均值 mean so far"
COLUMNS = [
    "次数 trials",
    "覆盖率 coverage",
    "中位误差 median error",
    "上年均值 last year's mean",
    SO_FAR,
    "区间宽度 interval width",
]


def _cells(f: Figures, so_far: bool) -> list[str]:
    naive = [f"{f.last_year:.2f}", f"{f.so_far:.2f}"] if so_far else [f"{f.last_year:.2f}"]
    return [str(f.trials), f"{f.coverage:.0%}", f"{f.error:.2f}", *naive, f"{f.width:.1f}"]


def _row(cells: Iterable[object]) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def _elsewhere(found: Examination) -> str:
    earlier, beyond = within_year(found.earlier), beyond_year(found.earlier)
    rows = [
        _range_row("校准区与检验区不同 other districts teach", found.held_out),
        _range_row("只有四个区 four districts are all there is", found.fours),
        _range_row("只有一个区 one district is all there is", found.alone),
    ]
    if earlier and beyond:
        f, b = figures(earlier), figures(beyond)
        worst = min(x.coverage for x in by(earlier, "left").values())
        rows.append(
            f"| 只用更早年份校准 only earlier years teach | 1 | {f.coverage:.0%} | {worst:.0%} | {f.ratio:.2f} | {b.coverage:.0%} |"
        )
    levels = (
        "；".join(f"{level:.0%} → {held:.0%}" for level, held in found.levels) if within_year(found.trials) else "—"
    )
    return "\n".join([ELSEWHERE, *(r for r in rows if r), "", LEVELS.format(levels=levels)])


def _range_row(name: str, r: Range | None) -> str:
    if r is None:
        return ""
    return (
        f"| {name} | {r.runs} | {r.coverage[0]:.0%}–{r.coverage[1]:.0%} | {r.worst_horizon:.0%} "
        f"| {r.ratio[0]:.2f}–{r.ratio[1]:.2f} | {r.beyond[0]:.0%}–{r.beyond[1]:.0%} |"
    )


def _doubts(trials: Sequence[Trial]) -> str:
    early = [t for t in trials if t.last_year is None]
    held = f"{fmean(t.covered for t in early):.0%}" if early else "—"
    error = f"{median(t.error for t in early):.2f}" if early else "—"
    return DOUBTS.format(early=len(early), held=held, error=error)


TITLE = """
# 年均值预测的历史检验 · Back-test of the annual-mean forecast

本页由命令生成，请勿手改。 This page is made by a command; do not edit it.
"""

DATA = """
## 数据 · Data

文件 `{source.name}`，数值列 `{source.column}`，SHA-256 `{source.sha256}`。
{series} 个序列：{names}。检验年份 {span}，共 {trials} 次预测：每区每年，从一个月都没有到只差一个月。

File, column and checksum as above: {series} series, years {span}, {trials} forecasts – each district, each year whose
twelve months are known and whose year before is whole, with 0 to 11 months seen.
"""

METHOD = """
## 方法 · Method

1. 把月值取对数，分成水平、季节、坡度三部分。水平是去掉季节后的加权平均，每早一个月权重乘 0.9；坡度是同比变化的平均，
   近年略重，并向“不变”收缩；向前推算时坡度逐年衰减为 0.8。一个序列就能算，不需要别的区。
2. 尚缺的月份按此推算，与已有月份合成年均值（各月均值的平均）。
3. 区间宽度来自其他年份：把“结果÷预测”的对数误差按距年底的月数排列，取能容下八成的大小。同一年各区同涨同落，
   所以样本按年计，不按区计：有 n 年时取 0.8×(n+1)/n 分位。历史短的序列区间更宽。
4. 被检验的那一年，不论哪个区，其结果都不参与校准（只作为下一年的历史出现）；预测只用当时已有的月份。0.9、0.8 等几个
   常数是看着全部数据选定的，换成邻近的数，结论不变。

1. Logs of monthly values are split into level, season and slope. The level is a weighted mean without season, a month's
   weight falling to 0.9 with each month of age; the slope is the mean year-on-year change, recent years a little heavier,
   drawn towards none, and fading to 0.8 with each year ahead. One series is enough.
2. Months not yet known are expected from these and make, with those known, the annual mean (mean of monthly means).
3. The interval's width comes from the other years: the log misses at the same distance from the year's end, and the size
   that holds 80 % of them. Districts of one year miss together, so years are the sample: with n years the quantile is
   0.8 × (n + 1) / n. A short history is given a wider interval.
4. The outcome of the year tested, in whichever district, teaches nothing (it is seen only as the history of the year
   after); a forecast sees only the months before it. The few round constants (0.9, 0.8 …) were chosen with all the data
   in view; their neighbours give the same verdicts.
"""

VERDICTS = """## 结果 · Result

| 要求与结果 | asked and found | 达到 holds |
|---|---|---|"""

HORIZONS = """## 按剩余月数 · By months left

误差与宽度的单位同数值列。一个月都没有时，累计均值以上年均值代替。 Errors and widths in the unit of the column; with no month
seen, last year's mean stands in for the mean so far."""

BEYOND = """## 跨年 · Before the year begins

上年均值指当时已知的最近一个完整年。 Last year's mean is that of the newest whole year then known."""

DISTRICTS = "## 按区 · By district"

YEARS = """## 按年 · By year

各区同年同向，某一年是否落在区间内，几乎是一次而不是许多次的事。 Districts move together: whether a year falls inside is nearly
one event, not many."""

ELSEWHERE = """## 换个地方还成立吗 · Would it hold elsewhere?

| 情形 case | 次数 runs | 覆盖率 coverage | 最差剩余月数 worst horizon | 误差比 error ratio | 跨年覆盖 beyond the year |
|---|--:|--:|--:|--:|--:|"""

LEVELS = "其他置信水平的覆盖率 coverage at other levels: {levels}。"

DOUBTS = """
## 存疑之处 · Doubts

- 完整年份不多，独立样本更少；覆盖率每差一年就差十个百分点左右。 Few whole years, and fewer independent ones: one year more or
  less inside moves coverage at a horizon by about ten points.
- 突变之年（疫情、反弹）事先看不出来，只能靠区间宽度容纳。 A year of shock cannot be foreseen; only the width of the interval
  allows for it.
- 校准与系数出自一个城市的 PM2.5。别的指标、别的城市，先用本命令检验（`--series`），再用自己的数据校准。 Calibration and
  constants come from one city's PM2.5. Test another indicator or city with this command (`--series`) and calibrate on its
  own data before relying on it.
- 上一年不完整、无朴素预测可比的另有 {early} 次，未计入上表：覆盖 {held}，中位误差 {error}。 {early} more forecasts have no whole year
  before them to compare with and are not in the tables: coverage {held}, median error {error}.
"""

REPEAT = """
## 重做 · How to repeat

```
qingshan forecast backtest {source.name} --series {source.column} --report docs/forecast-backtest.md
```
"""
