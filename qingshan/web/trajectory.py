"""The drawing of a target over time: what was reached, what was planned, what is expected, what was promised. Pure geometry.

The same drawing is made for a wide and for a narrow place, so that letters keep their size on a phone.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import NamedTuple

LINE = 15  # height of a label [px]
STEM = 18  # width of a year's column [px]
STEPS = [Decimal(step) for step in ("1", "2", "2.5", "5", "10")]


class Spot(NamedTuple):
    x: float
    y: float
    period: str = ""
    value: str = ""
    complete: bool = True


class Stem(NamedTuple):
    x: float
    y: float
    width: float
    height: float


class Label(NamedTuple):
    y: float
    kind: str
    value: str


class Tick(NamedTuple):
    at: float
    text: str


@dataclass
class Drawing:
    width: int
    height: int
    left: float
    right: float
    top: float
    bottom: float
    years: list[Tick] = field(default_factory=list)
    values: list[Tick] = field(default_factory=list)
    actual: list[list[Spot]] = field(default_factory=list)
    planned: str = ""
    planned_label: Spot | None = None
    expected: str = ""
    fan: str = ""
    goal: float | None = None
    until: float | None = None
    labels: list[Label] = field(default_factory=list)
    name_at: Spot | None = None
    shade: str = ""
    stems: list[Stem] = field(default_factory=list)
    simulated: bool = False

    @property
    def partial(self) -> bool:
        return not all(spot.complete for spot in self.spots)

    @property
    def lines(self) -> list[str]:
        return [_points(part) for part in self.actual if len(part) > 1]

    @property
    def spots(self) -> list[Spot]:
        return [spot for part in self.actual for spot in part]


def worth_drawing(target: dict) -> bool:
    """Two moments at least, of values that lie on a scale."""
    told = [point for point in target["points"] if point["value"] is not None]
    moments = {p["ends"] for p in told} | {p["on"] for p in target["planned_line"]}
    return bool(told) and len(moments) > 1


def drawings(target: dict, width: int = 620, height: int = 300, scale: int = 1) -> list[tuple[str, "Drawing"]]:
    """The same course for a desk and for a hand; none where there is nothing to draw."""
    if not worth_drawing(target):
        return []
    return [
        ("wide", draw(target, width, height, scale=scale)),
        ("narrow", draw(target, 340, 220, room=84, scale=scale)),
    ]


def draw(target: dict, width: int, height: int, room: int = 104, scale: int = 1) -> Drawing:
    """The drawing of a record's target. `room` is kept at the right for labels [px]; the axis is told in units of `scale`."""
    view = Drawing(width, height, left=36, right=width - room, top=12, bottom=height - 24)
    target = target | {"points": [point for point in target["points"] if point["value"] is not None]}
    across, down = _scales(target, view, scale)
    spots = [_spot(point, across, down) for point in target["points"]]
    view.actual = _parts(target, spots)
    if target["kind"] == "yearly_quota":
        view.stems = [Stem(round(spot.x - STEM / 2, 1), spot.y, STEM, round(down(0) - spot.y, 1)) for spot in spots]
    line = [Spot(across(_day(p["on"])), down(p["value"])) for p in _falling_back(target)]
    view.planned = _points(line)
    if target["goal"] is not None:
        view.goal, view.until = down(target["goal"]), across(_day(target["due"]))
    if target["outlook"] and target["outlook"].get("fan"):
        _fan(target, view, across, down)
    view.planned_label = _planned_label(line, view)
    if view.spots:
        view.name_at = _name_at(view)
        view.simulated = "simulated" in target["marks"]
        if view.simulated and not view.stems:
            view.shade = _shade(view)
    view.labels = _apart(_labels(target, view, down), view.top, view.bottom)
    return view


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _step_ends(period: str) -> date:
    """A step of a fan is named by its year, or by its day."""
    return _day(period) if len(period) == 10 else date(int(period), 12, 31)


def _scales(target, view, scale):
    days = (
        [_day(p["ends"]) for p in target["points"]]
        + [_day(p["on"]) for p in target["planned_line"]]
        + [_day(target["due"])]
    )
    fan = (target["outlook"] or {}).get("fan") or []
    days += [_step_ends(step["period"]) for step in fan]
    numbers = [p["value"] for p in target["points"]] + [p["value"] for p in target["planned_line"]]
    numbers += [step[edge] for step in fan for edge in ("low", "high")] + [target["goal"]] * (
        target["goal"] is not None
    )
    low, high, step = span([Decimal(n) for n in numbers])
    first, last = min(days), max(days)
    length, reach = max(1, (last - first).days), high - low

    def across(on):
        return round(view.left + (view.right - view.left) * (on - first).days / length, 1)

    def down(value):
        return round(float(Decimal(view.bottom) - Decimal(view.bottom - view.top) * (Decimal(value) - low) / reach), 1)

    view.values = [Tick(down(low + step * n), _plain((low + step * n) / scale)) for n in range(int(reach / step) + 1)]
    view.years = _years(first, last, across, view, all(len(p["period"]) == 4 for p in target["points"]))
    return across, down


def span(numbers: list[Decimal]) -> tuple[Decimal, Decimal, Decimal]:
    """(lowest, highest, step) of an axis with round numbers that holds all of `numbers`, in three to six steps."""
    low, high = min(numbers), max(numbers)
    if low == high:
        low, high = low - max(1, abs(low) / 10), high + max(1, abs(high) / 10)
    rough = (high - low) / 4
    power = Decimal(10) ** rough.adjusted()
    step = next(power * s for s in STEPS if power * s >= rough)
    floor = (low / step).to_integral_value(ROUND_FLOOR) * step
    if floor < 0 <= low or (low >= 0 and floor <= high / 5):
        floor = Decimal(0)
    return floor, floor + ((high - floor) / step).to_integral_value(ROUND_CEILING) * step, step


def _plain(value: Decimal) -> str:
    return f"{value.normalize():,f}"


def _years(first, last, across, view, yearly):
    """Ends of years, as many as find room; an annual value stands at the end of its year."""
    ends = [date(year, 12, 31) for year in range(first.year, last.year + 1) if first <= date(year, 12, 31) <= last]
    if len(ends) < 2:
        return [Tick(across(on), f"{on:%Y-%m}") for on in (first, last)]
    skip = 1 + (len(ends) - 1) * 44 // max(1, int(view.right - view.left))
    return [Tick(across(on), str(on.year) if yearly else f"{on:%Y-%m}") for on in reversed(ends[::-1][::skip])]


def _spot(point, across, down):
    seen = point.get("completeness")
    whole = not seen or Decimal(str(seen["seen"])) >= Decimal(str(seen["of"]))
    return Spot(across(_day(point["ends"])), down(point["value"]), point["period"], point["value"], whole)


def _parts(target, spots):
    """The values in runs that are joined by a line."""
    if target["kind"] == "yearly_quota":
        return [[spot] for spot in spots]  # each year starts anew
    if target["kind"] == "cumulative_count":
        return [spots]  # a count stands still between two events; that is no gap
    return _unbroken(spots, target["points"])


def _falling_back(target):
    """The planned line; of a yearly quota it begins at nothing each year."""
    found = []
    for step in target["planned_line"]:
        if target["kind"] == "yearly_quota" and found and found[-1]["on"][:4] != step["on"][:4]:
            found.append({"on": found[-1]["on"], "value": "0"})
        found.append(step)
    return found


def _unbroken(spots, points):
    """Runs of values without a gap: a gap is more than one and a half times the usual distance."""
    days = [_day(point["ends"]) for point in points]
    between = [(b - a).days for a, b in zip(days, days[1:], strict=False)]
    usual = max(31, min(between, default=0), sorted(between)[(len(between) - 1) // 2] if between else 0)
    parts = [spots[:1]] if spots else []
    for spot, distance in zip(spots[1:], between, strict=True):
        if distance > usual * 1.5:
            parts.append([])
        parts[-1].append(spot)
    return parts


def _points(spots) -> str:
    return " ".join(f"{spot.x},{spot.y}" for spot in spots)


def _fan(target, view, across, down):
    steps = target["outlook"]["fan"]
    whole = [spot for spot in view.spots if spot.complete]
    start = [Spot(whole[-1].x, whole[-1].y)] if whole else []
    places = [across(_step_ends(step["period"])) for step in steps]

    def edge(name):
        return [Spot(x, down(step[name])) for x, step in zip(places, steps, strict=True) if not start or x > start[0].x]

    view.expected = _points(start + edge("central"))
    view.fan = _points(start + edge("high") + edge("low")[::-1])


def _name_at(view):
    """Where the line of actual values is named: at its end where the place ahead is free, else off the side it leaves free."""
    spots = view.spots
    last = spots[-1]
    if not view.fan and not view.stems and view.right - last.x > 110:
        return Spot(last.x + 8, last.y + 4)
    spot = spots[len(spots) // 3]
    if last.y < spots[0].y and not view.stems:
        return Spot(spot.x + 10, min(spot.y + 22, view.bottom - 4))
    near = [one.y for one in spots if abs(one.x - spot.x) < 70]
    return Spot(min(max(spot.x, view.left + 4), view.right - 60), max(view.top + 10, min(near) - 10))


def _planned_label(line, view):
    """Beside the part of the planned line that lies ahead of the values; `period` says which end of the word stands there."""
    last = max((spot.x for spot in view.spots), default=view.left)
    ahead = [spot for spot in line if spot.x > last + 20][:-1]
    if not ahead or view.right - last < 110:
        return None
    spot, rising = ahead[len(ahead) // 2], line[-1].y < line[0].y
    if view.fan:
        return Spot(spot.x, min(view.bottom - 4, spot.y + 16), "start") if rising else None
    return Spot(spot.x - 4 if rising else spot.x + 4, max(view.top + 8, spot.y - 5), "end" if rising else "start")


def _shade(view):
    spots = view.spots
    return " ".join([f"{spots[0].x},{view.bottom}", _points(spots), f"{spots[-1].x},{view.bottom}"])


def _labels(target, view, down):
    labels = []
    if view.goal is not None:
        labels.append(Label(view.goal, "goal", target["goal"]))
    if view.fan:
        last = target["outlook"]["fan"][-1]
        labels.append(Label(down(last["high"]) - 2, "high", last["high"]))
        labels.append(Label(down(last["low"]) + 2, "low", last["low"]))
    if target["planned_line"] and not (view.fan or view.goal is not None):
        labels.append(Label(down(target["planned_line"][-1]["value"]), "planned", target["planned_line"][-1]["value"]))
    return labels


def _apart(labels, top, bottom):
    """The labels moved up and down until none stands on another."""
    labels = sorted(labels)
    places = [label.y for label in labels]
    for _round in range(12):
        for a in range(len(places) - 1):
            overlap = LINE - (places[a + 1] - places[a])
            if overlap > 0:
                places[a] -= overlap / 2
                places[a + 1] += overlap / 2
    over = max(0, (places[-1] if places else 0) - bottom)
    under = max(0, top - (places[0] if places else top))
    return [label._replace(y=round(place - over + under, 1)) for label, place in zip(labels, places, strict=True)]
