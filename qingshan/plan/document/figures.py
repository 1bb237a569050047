"""What one number in a clause promises: its comparator, what it measures, and the words that say so."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .metrics import between, completed, metric_of, several
from .quantities import Quantity
from .wording import NOUN, VERB, VERB_END, VERB_HEAD, YEARLY, change, comparator, operator

_LONGEST_SERIES = 12
_CHANGES = ("decrease", "increase")
_FROM = re.compile(r"(?P<what>.*?)(?:由|从)[^，]{0,10}?(?:\d[^，]{0,8})?")
_DATED = re.compile(r"\d(?:年|月)|年底|年内")
_DATE = re.compile(r"^.*?(?:年|月|日)(?:上半年|下半年|底|末|初)?(?:之前|以前|前|内|起)?(?=.)")
_LEVEL = re.compile(r"达|不低于|不少于|以上|超|突破")
_EACH = re.compile(r"(?<![平年])[均都]")
_SHARED = re.compile(r"(?:安全利用率|处置率|达标率|收集率|化率)$")
_WHOLE = re.compile(r".{2,30}(?:全部|均|全面)(?:完成|达到|实现|建成|安装|纳入|关停|退出|淘汰|通过|开展|配备)")
_PART = re.compile(r"其中[：，]?[^，；。]{2,12}|[^，；。\d]{2,8}")
_POLLUTED = re.compile(
    r"(?:PM2\.5|PM10|细颗粒物|可吸入颗粒物|二氧化硫|二氧化氮|氮氧化物|臭氧|降尘|总磷|总氮|氨氮|化学需氧量|高锰酸盐指数)[^，；]{0,12}(?:浓度|降尘量|值|指数)$"
    r"|(?:重污染|超标|污染)天数$|劣(?:V|Ⅴ|五)类[^，；]{0,8}比例$|漏损率$"
)
_AT_LEAST = re.compile(r"不低于|不少于|不小于|以上|至少|提高|增加|进水")
_YEARS = re.compile(r"20\d\d(?=年)")


@dataclass(frozen=True, slots=True)
class Promise:
    op: str
    metrics: list[str]
    note: str
    subject: str
    """What the next number of the sentence speaks of when it names nothing itself."""


@dataclass(slots=True)
class _Place:
    """A number and the words around it: the clause, its subject so far, comparator and what follows."""

    text: str
    start: int
    inside: list[Quantity]
    i: int
    words: str
    rest: str
    after: str
    last: str

    @property
    def q(self) -> Quantity:
        return self.inside[self.i]

    @property
    def note(self) -> str:
        return (self.words + self.q.text).strip()


def promise(text: str, start: int, end: int, inside: list[Quantity], i: int, last: str) -> Promise | None:
    """The promise of the i-th number of a clause, or None where the words do not tell one."""
    found = _promised(text, start, end, inside, i, last)
    return _sized(found) if found and found.op in _CHANGES else found


def _sized(found: Promise) -> Promise:
    """下降18%: a fall of at least 18 %, measured by the size of the fall."""
    word = change(found.note)
    names = [name if name.endswith(word) else name + word for name in found.metrics]
    return Promise(">=", names, found.note, found.subject)


def _promised(text: str, start: int, end: int, inside: list[Quantity], i: int, last: str) -> Promise | None:
    before = text[inside[i - 1].end if i else start : inside[i].start]
    if i and between(before):
        return _paired(text, start, inside, i, last)
    words, rest = comparator(before)
    rest = _raised(rest or text[start : inside[i - 1].start] if i else rest)
    after = text[inside[i].end : inside[i + 1].start if i + 1 < len(inside) else end]
    place = _Place(text, start, inside, i, words, rest, after, last)
    said = operator(words, inside[i].more)
    if VERB_END.search(rest[-24:]) or (not words and VERB_HEAD.match(_dateless(rest))):
        return _counted(place, said)
    return _stated(place, said) if said else _bare(place)


def _raised(words: str) -> str:
    """由72%提高到95%: what is raised stands before 由."""
    match = _FROM.fullmatch(words)
    return match["what"] if match else words


def _dateless(words: str) -> str:
    return _DATE.sub("", words) if _DATED.search(words) else words


def _counted(place: _Place, said: str | None) -> Promise | None:
    """建成 20 个公园 / 完成节能改造 40 万平方米."""
    op = said if said and said not in _CHANGES else ">="
    if op == ">=" and place.q.more == "左右" and "达" not in place.note:
        op = "="
    name = metric_of(place.rest, place.after, counted=True) or place.last
    lead = place.rest if len(place.rest) <= 4 else ""
    return Promise(op, [name], lead + place.note, name) if name else None


def _stated(place: _Place, op: str) -> Promise | None:
    """覆盖率达到 95%以上."""
    if not place.q.unit and op == ">=" and not _LEVEL.search(place.note) and not NOUN.search(place.rest):
        return None
    subject = _subject(place)
    if not subject:
        return None
    names = _each(place, subject)
    if op == ">=" and _POLLUTED.search(subject) and not _AT_LEAST.search(place.note):
        op = "<="
    return Promise(op, names, place.note, subject)


def _subject(place: _Place) -> str:
    own = metric_of(place.rest, "")
    if own:
        return completed(own, place.last)
    thing = metric_of("", place.after)
    return (thing if place.q.counted else "") or place.last or thing


def _each(place: _Place, subject: str) -> list[str]:
    if "分别" in place.note or "分别" in place.rest:
        count = _series(place.text, place.inside, place.i)
        return [several(subject, count)[0]] if count > 1 else several(subject, 0)
    return several(subject, 0) if _EACH.search(place.note) or _shared(subject, place.note) else [subject]


def _shared(subject: str, note: str) -> bool:
    """受污染耕地和建设用地安全利用率保持…: two things named, one share for each; 总体 makes it one."""
    two = subject.count("和") + subject.count("及") == 1 and "、" not in subject
    return bool(two and "总体" not in note and "平均" not in note and _SHARED.search(subject))


def _series(text: str, inside: list[Quantity], i: int) -> int:
    """How many numbers stand in a row from this one on: 65%和55%."""
    n = 1
    while n < _LONGEST_SERIES and i + n < len(inside) and between(text[inside[i + n - 1].end : inside[i + n].start]):
        n += 1
    return n


def _paired(text: str, start: int, inside: list[Quantity], i: int, last: str) -> Promise | None:
    """The second and later numbers of 分别达到65%和55%."""
    first = i
    while first and i - first < _LONGEST_SERIES and between(text[inside[first - 1].end : inside[first].start]):
        first -= 1
    words, rest = comparator(text[inside[first - 1].end if first else start : inside[first].start])
    count = _series(text, inside, first)
    if last and len(_YEARS.findall(text, start, inside[first].start)) == count:
        return Promise(">=", [last], inside[i].text, last)
    op = operator(words, inside[-1].more or inside[first].more)
    subject = metric_of(rest, "") or last
    names = several(subject, count) if subject else []
    return Promise(op, [names[i - first]], words + inside[i].text, subject) if op and i - first < len(names) else None


def _bare(place: _Place) -> Promise | None:
    """A number with no comparator before it: 优质学位率 95%, 公园 20 个, 80%的社区达到…."""
    name = _thing_first(place) or _noun_first(place)
    op = "=" if place.q.more == "左右" and place.q.counted else ">="
    return Promise(op, [name], place.note, name) if name else None


def _thing_first(place: _Place) -> str:
    """The words after the number name it."""
    q, thing = place.q, metric_of("", place.after)
    opens = q.counted and q.start == place.start
    if opens and (_WHOLE.match(place.after) or (place.last and len(thing) >= 2)):
        return thing
    if q.counted and place.text[place.start : q.start] in ("将", "对", "把"):
        return thing
    return thing if q.unit == "%" and place.after.startswith("的") and len(place.after) > 3 else ""


def _noun_first(place: _Place) -> str:
    """The words before the number name it."""
    q, rest, name = place.q, place.rest, metric_of(place.rest, "")
    closed = not place.after.strip("，。；、） ")
    if not q.unit or (not name and not closed):
        return ""
    if not name:
        return place.last
    if closed and place.last and not q.counted and q.unit not in ("%", "pp", "倍") and _PART.fullmatch(rest):
        return name
    if rest.endswith("的") and q.unit == "%" and VERB.search(rest):
        return metric_of(rest[:-1], "")
    if closed and (NOUN.search(name) or YEARLY.search(rest) or (q.counted and (place.last or VERB.search(rest)))):
        return name
    tells = VERB.search(rest) and not rest.endswith(("第", "占", "约"))
    return (metric_of(rest, place.after, counted=True) or name) if tells else ""
