"""The facts of a document: title, number, issuer, date of issue, period."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .outline import marker, paragraphs
from .shapes import Facts

_NUMBER = re.compile(
    r"(?P<code>[\u4e00-\u9fff]{1,14}(?:〔|\[|（|【)(?P<year>(?:19|20)\d\d)年?(?:〕|\]|）|】)第?\d{1,4}号)"
)
_DIGITS = {**{c: str(i) for i, c in enumerate("〇一二三四五六七八九")}, "○": "0", "零": "0", "Ｏ": "0", "O": "0"}
_DATE = re.compile(
    r"(?P<y>(?:19|20)\d\d|[一二][〇○零ＯO一二三四五六七八九九]{3})年(?P<m>\d{1,2}|[一二三四五六七八九十]{1,3})月(?P<d>\d{1,2}|[一二三四五六七八九十]{1,3})日"
)
_ISO = re.compile(r"(?P<y>20\d\d)[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})")
_KINDS = r"(?:意见|方案|计划|规划|纲要|要点|措施|举措|通知|通告|公告|公报|批复|答复|复函|函|决定|决议|条例|规定|办法|细则|规则|规程|规范|制度|行动|清单|任务|目标|部署|安排|工程|战略|政策|承诺书|责任书|指南|目录|标准|预案|报告|总结|纪要|名单|分工|蓝图|路线图|指引|导则|十条|条|令|通报|说明|解读)"
_TITLE_END = re.compile(rf"{_KINDS}(?:[（\[〔][^（）]{{1,30}}[）\]〕])*$")
_TITLE_TAIL = re.compile(
    r"^[（〔\[](?!此件|公开|主动|不予|依申请)(?![^（）]{2,24}(?:局|委|厅|部|政府|办公室|委员会|办)[）〕\]])[^（）]{2,24}[）〕\]]$"
)
_RELEASE = re.compile(r"^（?(?:此件)?(?:主动公开|公开发布|依申请公开|不予公开|删减发布|公开)")
_ISSUED_LINE = re.compile(r"印发$|印制$")
_META = re.compile(
    r"^(?P<key>索引号|信息索引|发文机关|发布机构|发文单位|制发机关|发布机关|信息来源|来源|公开主体|主题分类|体裁分类|公文种类|成文日期|发文日期|印发日期|发布日期|公开日期|生成日期|日期|发文字号|文号|文件编号|标题|名称|信息名称|主题词|有效性|时效性|关键词|分类|字号|发布时间|时间|浏览次数|公文时效|实施日期|统一编号|登记号)：?(?P<value>.*)$"
)
_ORGAN_END = re.compile(
    r"(?:政府|办公室|办公厅|委员会|部|局|厅|署|院|国务院|委|办|会|领导小组|指挥部|总局|中央|联席会议)$"
)
_WRAPPER = re.compile(r"(?:关于)?(?:印发|转发|发布|下发|颁发|批转)(?P<what>.+?)(?:的)?通知$")
_SPAN = re.compile(r"(?P<a>20\d\d)年?[-—–－~～〜―至到]{1,2}(?P<b>20\d\d)年?")
_FIVE = {"十二": 2011, "十三": 2016, "十四": 2021, "十五": 2026, "十六": 2031}
_PLAN_YEARS = re.compile(r"[“\"]?(?P<n>十[二三四五六])五[”\"]?")
_SINGLE = re.compile(
    r"(?<![\d—-])(20\d\d)年(?!底|末|前).{0,30}(?:要点|计划|安排|任务|行动|方案|清单|目标|工作|实事|项目|措施)"
)
_LASTS = re.compile(
    r"(?:规划|实施|计划|行动|执行|方案)(?:期限|期|时间|周期|年限)(?:为|是|：|自)?(?P<a>20\d\d)年?(?:\d{1,2}月(?:\d{1,2}日)?)?(?:[-—–－~～〜―至到]{1,2})(?P<b>20\d\d)年?"
)


@dataclass(frozen=True, slots=True)
class Front:
    facts: Facts
    wrapper: str | None
    body: int
    end: int


def front(text: str) -> Front:
    """The facts, and where the body of the plan begins and its tail (copies, imprint) ends."""
    lines = [(s, e, text[s:e]) for s, e in paragraphs(text)]
    head = lines[: _head_length(lines)]
    titles = _titles(head)
    wrapper, title, body = _chosen(lines, titles)
    meta = _meta(head[:40])
    signed, issuer = _signature(lines)
    number = meta.get("number") or _number(head)
    title = title or meta.get("title")
    body_text = text[body : body + 3000]
    issuer = issuer or _letterhead(head, number) or meta.get("issuer") or _from_title(wrapper or title)
    issued = signed or meta.get("issued") or _below_title(lines, body) or _imprint(lines)
    facts = Facts(title, number, issuer, issued, _period(title, wrapper, body_text, issued))
    return Front(facts, wrapper, body, _tail_start(lines, text, body))


def _head_length(lines) -> int:
    """Lines before the first chapter of the plan; a notice may hold a chapter list of its own, so two titles are sought."""
    for i, (_, _, line) in enumerate(lines[:160]):
        found = marker(line)
        if found and i >= 2 and found[0] >= 2 and line[:1] != "附":
            return i
    return min(len(lines), 60)


def _clean(line: str) -> str:
    return line.strip(" \t★☆*#")


def _titles(head) -> list[tuple[int, int, str]]:
    """Candidate titles: (first line, line after the last, text)."""
    found, i = [], 0
    while i < len(head):
        line = _clean(head[i][2])
        if _could_be_title(line) or (_plain(line) and _grows(head, i)):
            j, title = _grown(head, i)
            if _TITLE_END.search(title) and len(title) >= 6:
                found.append((i, j, title))
                i = j
                continue
        i += 1
    return found


def _plain(line: str) -> bool:
    return (
        2 <= len(line) <= 60
        and not _RELEASE.match(line)
        and not re.search(r"[。；！？：\t]|，.*，", line)
        and not _NUMBER.fullmatch(line)
        and not _DATE.search(line)
        and not _META.match(line)
        and not re.match(r"附件|抄送|主送|第\d+页", line)
    )


def _could_be_title(line: str) -> bool:
    return _plain(line) and bool(_TITLE_END.search(line)) and len(line) <= 100


def _grows(head, i: int) -> bool:
    text = ""
    for j in range(i, min(i + 5, len(head))):
        line = _clean(head[j][2])
        if not _plain(line):
            return False
        text += line
        if _TITLE_END.search(text):
            return j > i and ("关于" in text or not _ORGAN_END.search(_clean(head[i][2])))
    return False


def _grown(head, i: int) -> tuple[int, str]:
    """A title over several lines: on until a word of the kind (方案, 通知 …), and its bracket (2024—2026年)."""
    title, j = _clean(head[i][2]), i + 1
    while not _TITLE_END.search(title) or _open(title):
        if j >= len(head) or j - i > 5 or not _plain(_clean(head[j][2])):
            break
        title += _clean(head[j][2])
        j += 1
    while j < len(head) and (
        _TITLE_TAIL.match(_clean(head[j][2])) and not _DATE.search(head[j][2]) or _continues(title, _clean(head[j][2]))
    ):
        title += _clean(head[j][2])
        j += 1
    return j, title


def _open(title: str) -> bool:
    return title.count("（") > title.count("）") or title.count("《") > title.count("》")


_CLOSED_TITLE = re.compile(r"(?:通知|意见|决定|通报|公告|批复|函|方案|规划|报告)(?:（[^（）]*）)*$")
_TITLE_REST = re.compile(r"的(?:通知|意见|决定|通报|公告|批复|函|实施意见|若干意见|报告)$")


def _continues(title: str, line: str) -> bool:
    """关于印发…行动计划 / 的通知."""
    if re.match(r"^(?:（[^（）]{2,24}）)?(?:的)?(?:通知|意见|实施方案|工作方案|实施意见)$", line):
        return "关于" in title or line.startswith("的") or "印发" in title
    opened = "关于" in title and not _CLOSED_TITLE.search(title) and "关于" not in line
    return opened and len(line) <= 40 and _plain(line) and bool(_TITLE_REST.search(line))


def _chosen(lines, titles) -> tuple[str | None, str | None, int]:
    """The wrapping notice, the title of the plan, and where its body begins."""
    if not titles:
        return None, None, 0
    wrapper = next((t for t in titles if _WRAPPER.search(t[2])), None)
    if wrapper:
        return _attached(lines, titles, wrapper)
    best = next((t for t in titles if "关于" in t[2]), titles[0])
    return None, best[2], lines[min(best[1], len(lines)) - 1][1]


def _attached(lines, titles, wrapper):
    inner = _WRAPPER.search(wrapper[2])["what"].strip("的")
    named = re.search(r"《(.+)》", inner)
    name = named[1] if named else inner.removesuffix("的")
    after = _after(lines, wrapper, name)
    if after:
        return wrapper[2], after[2], lines[after[1] - 1][1]
    return wrapper[2], name, lines[wrapper[1] - 1][1]


def _after(lines, wrapper, name: str):
    """The title of the attached document as printed: the later lines that repeat the notice's words for it."""
    want = _bones(name)
    for i in range(wrapper[1], min(len(lines), wrapper[1] + 120)):
        joined, j = "", i
        while j < min(i + 5, len(lines)):
            line = _clean(lines[j][2])
            if not _plain(line) and not _TITLE_TAIL.match(line):
                break
            joined += line
            j += 1
            bones = _bones(joined)
            if len(bones) >= 5 and _same(bones, want) and not _goes_on(lines, j, want, bones):
                return i, j, joined
    return None


def _goes_on(lines, j: int, want: str, bones: str) -> bool:
    if j >= len(lines):
        return False
    line = _clean(lines[j][2])
    return (len(bones) < len(want) and want.startswith(bones + _bones(line)) and bool(_bones(line))) or bool(
        _TITLE_TAIL.match(line) and not _DATE.search(line)
    )


def _same(bones: str, want: str) -> bool:
    return bones == want or (
        len(bones) >= 8
        and (
            want.endswith(bones)
            or bones.endswith(want)
            or want.startswith(bones)
            and _TITLE_END.search(bones)
            or bones.startswith(want)
        )
    )


def _bones(title: str) -> str:
    return re.sub(r"[^\w]|的", "", title)


def _number(head) -> str | None:
    alone = (
        m
        for _, _, line in head
        for m in [_NUMBER.search(line) if len(line) < 80 else None]
        if m and len(line) <= len(m[0]) + 12
    )
    return next((m["code"] for m in alone), None)


def _meta(head) -> dict:
    """What the label table of a web page states (发文机关, 成文日期, 发文字号 …)."""
    found: dict = {}
    cells = [cell for _, _, line in head for cell in _labelled(line[:400])]
    for cell, following in zip(cells, [*cells[1:], ""], strict=True):
        match = _META.match(cell)
        if match:
            _keep(found, match["key"], match["value"].strip() or following)
    return found


_LABEL = re.compile(
    r"(?:索引号|发文机关|发布机构|发文单位|制发机关|发布机关|成文日期|发文日期|印发日期|发布日期|公开日期|生成日期|发文字号|文号|文件编号|标题|名称|主题分类|主题词|有效性|时效性|公文时效)："
)


def _labelled(line: str) -> list[str]:
    """The cells of a line, parted by tabs or bars, or a row of labels run together."""
    cells = [cell.strip() for cell in re.split(r"[\t|｜]", line)]
    return [part for cell in cells for part in _at_labels(cell)]


def _at_labels(cell: str) -> list[str]:
    starts = [match.start() for match in _LABEL.finditer(cell)]
    if len(starts) < 2:
        return [cell]
    return [cell[a:b].strip() for a, b in zip(starts, [*starts[1:], len(cell)], strict=True)]


def _keep(found: dict, key: str, value: str):
    if not value or _META.match(value):
        return
    if key in ("发文字号", "文号", "文件编号", "字号") and _NUMBER.search(value):
        found.setdefault("number", _NUMBER.search(value)["code"])
    elif key in ("发文机关", "发布机构", "发文单位", "制发机关", "发布机关", "公开主体") and 2 <= len(value) <= 60:
        found.setdefault("issuer", value)
    elif key in ("标题", "名称", "信息名称"):
        found.setdefault("title", value)
    elif key in ("成文日期", "发文日期", "印发日期"):
        found["issued"] = _date(value) or found.get("issued")
    elif key in ("发布日期", "公开日期", "生成日期", "日期", "发布时间"):
        found.setdefault("issued", _date(value))


def _date(line: str) -> str | None:
    match = _DATE.search(line) or _ISO.search(line)
    if not match:
        return None
    year = "".join(_DIGITS.get(c, c) for c in match["y"])
    month, day = _small(match["m"]), _small(match["d"])
    good = year.isdigit() and 1 <= month <= 12 and 1 <= day <= 31
    return f"{year}-{month:02d}-{day:02d}" if good else None


def _small(number: str) -> int:
    """A Chinese or Arabic number below one hundred."""
    if number.isdigit():
        return int(number)
    tens, ten, ones = number.partition("十")
    if not ten:
        return int("".join(_DIGITS.get(c, "0") for c in number))
    return (int(_DIGITS.get(tens, "1")) if tens else 1) * 10 + (int(_DIGITS.get(ones, "0")) if ones else 0)


def _signature(lines) -> tuple[str | None, str | None]:
    """Date and bodies of the first signature: bodies on the lines above a line that is only a date."""
    for i, (_, _, line) in enumerate(lines):
        line = _clean(line)
        match = _DATE.search(line) if len(line) <= 60 else None
        if not match or match.end() != len(line):
            continue
        before = _clean(line[: match.start()])
        names = [before] if before and _signs(before) else [] if before else _signers(lines, i)
        if names:
            return _date(line), "、".join(names)
    return None, None


def _signers(lines, i: int) -> list[str]:
    names: list[str] = []
    for j in range(i - 1, max(-1, i - 30), -1):
        name = _clean(lines[j][2])
        if not _signs(name):
            break
        names.insert(0, name)
    return names


def _signs(name: str) -> bool:
    return (
        2 <= len(name) <= 40
        and not re.search(r"[，。；：、]|^关于|抄送", name)
        and bool(_ORGAN_END.search(name))
        and not marker(name)
    )


def _letterhead(head, number) -> str | None:
    for _, _, line in head[:12]:
        line = _clean(line)
        name = line.removesuffix("文件")
        if _signs(name) and len(name) >= 3 and not _TITLE_END.search(name) and (line.endswith("文件") or number):
            return name
    return None


def _from_title(title: str | None) -> str | None:
    match = re.match(r"^(?P<who>[^《》“”]{2,40}?)(?:关于|印发)", title or "")
    return match["who"].strip() if match and _ORGAN_END.search(match["who"].strip()) else None


def _below_title(lines, body: int) -> str | None:
    for start, _, line in lines:
        if (
            start >= body
            and len(line) < 30
            and _DATE.search(line)
            and re.fullmatch(r"（?[^（）]{8,14}(?:日|发布|通过)?）?", line)
        ):
            return _date(line)
        if start > body + 80:
            break
    return None


def _imprint(lines) -> str | None:
    for _, _, line in reversed(lines[-40:]):
        if _DATE.search(line) and _ISSUED_LINE.search(line) and len(line) < 60:
            return _date(line)
    for _, _, line in lines:
        if len(line) < 24 and (
            _DATE.fullmatch(_clean(line)) or re.fullmatch(r"（?" + _DATE.pattern + r"）?", _clean(line))
        ):
            return _date(line)
    return None


def _period(title, wrapper, body_text, issued) -> tuple[int, int] | None:
    for source in (title or "", wrapper or ""):
        found = _years(source)
        if found:
            return found
    match = _LASTS.search(body_text)
    if match and match["a"] <= match["b"]:
        return int(match["a"]), int(match["b"])
    return None


def _years(title: str) -> tuple[int, int] | None:
    span = _SPAN.search(title)
    if span and span["a"] <= span["b"]:
        return int(span["a"]), int(span["b"])
    five = _PLAN_YEARS.search(title)
    if five and ("“" in title or "规划" in title or "计划" in title):
        return _FIVE[five["n"]], _FIVE[five["n"]] + 4
    single = _SINGLE.search(title)
    return (int(single[1]),) * 2 if single else None


def _tail_start(lines, text: str, body: int) -> int:
    """Where the copies-to list or the imprint begins."""
    for start, _, line in reversed(lines[-30:]):
        if start > body and re.match(r"(?:抄送|抄报|主送|分送)[：:]", line):
            return start
    return len(text)
