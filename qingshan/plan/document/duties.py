"""Responsibility clauses: who answers for the sentences before them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .brackets import closing, split_outside

_WHO = r"(?:部门|单位|主体|机构|处室|科室|领导|方)"
_DO = r"(?:责任|负责|牵头|配合|实施|落实|承办|主办|协办|参与|参加|参建|指导|监督|主管|协同|协作|支持|主责|主体责任|执行|建设|承担|完成)"
_LABEL = re.compile(
    rf"(?:主要|市级|区级|县级|省级|主|共同)?{_DO}(?:{_DO}|[和及与、/（）]|主要|其他)*{_WHO}(?:[及和与、]{_WHO})?(?:和个人)?[:：]|(?:牵头|负责|责任|配合|指导|参与|落实)[:：]|(?:责任|任务)?分工[:：]|责任人[:：]"
)
_RUN_ON = re.compile(
    r"(?<=[局委办厅署部府会心司团院站所队）位]) *(?=(?:责任|牵头|配合|参与|协办|承办|主办|实施|落实)(?:单位|部门|科室|领导)：)"
)
_LEADER = re.compile(r"领导[:：]|^责任人[:：]")
_PERSON = re.compile(
    r"(?:书记|(?:宣传|组织|统战|政法|纪检|人武|班子)委员|副?[镇乡区县市省局科处所站院校]长|主任|主席|负责人|责任人|分管领导|同志|总工程师|经理|董事长)$"
)
_FIELD = re.compile(r"(?:[^，；：。、（）]{2,10})：")
_TAIL = re.compile(
    r"(?:等)?(?:相关|有关)?(?:部门|单位)?(?:按照?|依据?|根据|依照|结合)?(?:各自)?(?:的)?(?:职能|职责|职责权限)?(?:范围)?(?:和)?(?:任务)?(?:分工)?(?:分别|共同|具体|联合|统筹|组织|协调|协同|会同|给予|予以|做好|分头|抓好)*"
    r"(?P<do>(?:牵头|负责|配合|参与|参加|指导|落实|实施|承担|推进|督导|监督|支持|协助|协同|组织|主办|协办|协调)+)(?:工作|完成|推进)?$"
)
_LEADS = re.compile(
    r"(?:列|排)(?:在)?(?:第一|首)位(?:的|者)?(?:部门|单位|的单位)?(?:为|是)牵头|第一个?(?:单位|部门)为牵头"
)
_INHERITS = re.compile(r"以下(?:任务|各项|各项任务|工作)?均需(?:由)?(?P<who>.{2,20}?)(?:落实|负责|参与|配合)")
_ORGAN = re.compile(
    r"(?:部|委|局|办|厅|署|院|会|行|处|科|室|中心|政府|公司|集团|单位|部门|大队|支队|总队|站|所|队|校|企业|法院|检察院|分局|海关|社|总社|团委|区委|市委|县委|党委|党校|管委|委员会|办公室|机构|街道|街镇|乡镇|镇街|镇乡|镇|乡|"
    r"街办|园区|开发区|新区|区|县|市|州|省|盟|旗|级|地方|地区|企业|协会|学会|联盟|银行|税务|电网|妇联|残联|科协|工会|总工会|团市委|团省委|团中央|工商联|文联|侨联|台办|专班|指挥部|领导小组|联席会议|组|台|报社|学校|高校|医院|馆|局等|人行|分行|支行|铁塔|电信|移动|联通|供电|水务|燃气|主体|工商|公安|法制|武警|消防|气象|邮政|高新区|经开区|度假区|保税区|示范区)(?:[（〔][^（）〔〕]{1,40}[）〕])?$"
)
_OFFICE = re.compile(
    r"(?:部|委|局|办|厅|署|总队|支队|政府|管委会|委员会|办公室|中心|公司|集团|街道|街镇|镇|乡|院|团委|残联|妇联|工会|联合会|科协|工商联)(?:[（〔][^（）〔〕]{1,40}[）〕])?$"
)
_LEFT_ORGAN = re.compile(r"(?:部|委|局|办|厅|署|院|政府|公司|集团|会|中心|行|街道|镇|乡|单位|总队|支队|社)$")
_JOINER = re.compile(r"(?:要|应|须)?会同|商|以及|和|及|与")
_AREA = re.compile(r"^(?:各|有关|相关|各有关|各相关|相关各)[市区县州盟旗镇乡]{1,2}(?:（[^（）]{1,12}）)?$")
_OF_AREAS = re.compile(
    r"^(?!各|有关|相关)(?:(?:[^（）]|（[^（）]{1,8}）){0,8}(?:政府|管委会|办事处)|(?:县级)?[市区县州盟旗镇乡])$"
)
_FOREWORD = re.compile(r"^(?:由|请|其中|并由|会同|联合)")
_ETC = re.compile(
    r"(?:等(?:\d{1,3}个)?(?:[^，、]{0,4}(?:部门|单位|地区|市|区|县))?|按(?:照)?(?:各自)?职责(?:分工)?(?:负责|落实)?|依职责.*|根据职责.*)$"
)
_ROLE_NOTE = re.compile(r"（(牵头|主责|负责|配合|参与|牵头单位|牵头部门|主牵头|双牵头)）$")
_ROLES = (
    ("lead", "牵头|主办|主责|主管"),
    ("guide", "指导|督导|监督"),
    ("support", "配合|参与|参加|协办|协助|协同|支持|协作"),
)


@dataclass(slots=True)
class Duty:
    """One clause: where it stands and whom it names, by role."""

    start: int
    end: int
    names: dict[str, list[str]]
    leads: bool = False
    inherits: tuple[str, ...] = ()
    until: int | None = None

    @property
    def departments(self) -> list[str]:
        return list(dict.fromkeys(name for names in self.names.values() for name in names))


def duties(text: str) -> list[Duty]:
    """All responsibility clauses of a text, in order."""
    found = [*_in_brackets(text), *_on_lines(text)]
    return _apart(sorted(found, key=lambda duty: (duty.start, -duty.end)))


def bodies(cell: str) -> dict[str, list[str]]:
    """The bodies named in a table cell, by role where the cell tells it."""
    duty = Duty(0, 0, {})
    _fields(cell.replace("\n", ""), duty, True)
    return duty.names


def looks_like_bodies(cell: str) -> bool:
    """Whether a cell holds names of bodies and nothing else."""
    names = [name for part in split_outside(cell, "，,；;") for name in _names(part)[0]]
    return bool(names) and all(_plausible(name) for name in names) and not re.search(r"[。]|\d", cell)


def _apart(found: list[Duty]) -> list[Duty]:
    kept: list[Duty] = []
    for duty in found:
        if not kept or duty.start >= kept[-1].end:
            kept.append(duty)
    return kept


def _in_brackets(text: str):
    at = 0
    for match in re.finditer(r"[（【〔\[]", text):
        if match.start() < at:
            continue
        end = closing(text, match.start(), 800)
        if not end:
            continue
        content = text[match.end() : end - 1]
        duty = _read(content, match.start(), end) or _bodies_only(text, content, match.start(), end)
        if duty:
            at = end
            yield duty


def _bodies_only(text: str, content: str, start: int, end: int) -> Duty | None:
    """A bracket after a full stop that holds nothing but bodies."""
    if not (4 <= len(content) <= 200) or text[start - 1 : start] != "。":
        return None
    names = [name for part in split_outside(content, "，；") for name in _names(part)[0]]
    offices = all(_OFFICE.search(name) and len(name) <= 28 for name in names)
    return Duty(start, end, {"": names}) if names and offices else None


_LINE = re.compile(r"(?:^|[\n。；])[·●◆★※—☆]*")
_PARTING = frozenset("。；，\n")
_TOLD = re.compile(
    r"。((?:由)?(?:[^。；：，（）\n]{2,20}?(?:牵头，)?会同[^。；：，（）\n]{2,80}(?:负责|落实|实施)|"
    r"[^。；：（）\n]{2,60}(?:牵头|负责)(?:，[^。；：\n]{2,80}(?:配合|参与|参加|负责))?)(?=[。\n]|$))"
)
_TOLD_WITHIN = re.compile(
    r"(由[^。；：，（）\n]{2,60}(?:牵头|负责)(?:组织|实施|落实)*，[^。；：，\n]{2,80}(?:配合|参与|参加|协助)(?:实施|落实)?(?=[。\n]|$))"
)


def _on_lines(text: str):
    for match in _LINE.finditer(text):
        start = match.end()
        if text.find("：", start, start + 40) < 0 or not _LABEL.match(text, start):
            continue
        end = text.find("\n", start)
        end = _through(text, start, len(text) if end < 0 else end)
        duty = _read(text[start:end], start, end)
        if duty:
            yield duty
    for match in _TOLD.finditer(text):
        yield from filter(None, [_read(match[1], match.start(1), match.end())])
    for match in _TOLD_WITHIN.finditer(text):
        if text[match.start() - 1 : match.start()] in _PARTING:
            yield from filter(None, [_read(match[1], match.start(), match.end())])


def _through(text: str, start: int, end: int) -> int:
    """A label alone on its line goes on to the next line; otherwise the clause stops at its full stop."""
    stop = text.find("。", start, end)
    if stop >= 0:
        return stop + 1
    if text[end - 1] in "：:" and end < len(text):
        following = text.find("\n", end + 1)
        return len(text) if following < 0 else following
    return end


def _read(content: str, start: int, end: int) -> Duty | None:
    if len(content) < 3 or not _hints(content):
        return None
    flat = content.strip("。 \n").replace("\n", "")
    duty = Duty(start, end, {}, leads=bool(_LEADS.search(flat)), inherits=_inherited(flat), until=_until(flat))
    labelled = bool(_LABEL.match(flat) or _TIMED.match(flat))
    doers = _fields(flat, duty, labelled)
    return duty if duty.names and (labelled or doers or duty.leads) else None


_TIMED = re.compile(
    rf"(?:(?:完成|时间|办结|推进|实施)?(?:时限|期限|时间|节点|进度)(?:要求|安排|节点)?|(?:牵头|分管|责任|市级|区级|县级)领导|责任人)：[^；;：]{{1,40}}[；;](?={_LABEL.pattern})"
)
_HINTS = re.compile(r"负责|牵头|责任|配合|参与|落实|指导|实施|参加|分工|承担|推进|主办|督导|支持")


def _hints(content: str) -> bool:
    return bool(_HINTS.search(content))


def _inherited(flat: str) -> tuple[str, ...]:
    match = _INHERITS.search(flat)
    return tuple(match["who"].split("、")) if match else ()


_DEADLINE = re.compile(
    r"(?:完成|时间|办结|推进|实施)?(?:时限|期限|时间|节点|进度)(?:要求|安排|节点)?：[^；;。]*?(?P<y>20\d\d)年(?!.*?20\d\d年)"
)


def _until(flat: str) -> int | None:
    match = _DEADLINE.search(flat)
    return int(match["y"]) if match else None


def _fields(flat: str, duty: Duty, labelled: bool) -> bool:
    """Goes through a clause field by field; True when a verb of duty (负责, 牵头 …) closed one of them."""
    role, skipping, waiting, done = "", False, [], False
    for segment in split_outside(_RUN_ON.sub("；", flat), "；;。，,"):
        segment = segment.strip()
        if not segment or _LEADS.search(segment) or _INHERITS.search(segment) or segment in ("下同", "不再列出"):
            continue
        label = _LABEL.match(segment)
        if label:
            role, skipping, segment = _role(label[0]), bool(_LEADER.search(label[0])), segment[label.end() :]
        elif _FIELD.match(segment):
            skipping = True
        if skipping or not segment:
            continue
        names, verb = _names(segment)
        if not labelled and not all(_plausible(name) for name in names):
            if verb or waiting:
                return done
            continue
        if verb:
            done = True
            _put(duty, _role(verb), [*waiting, *names])
            waiting = []
        elif labelled:
            _put(duty, role, names)
        else:
            waiting.extend(names)
    if duty.leads and not duty.names:
        _put(duty, "", waiting)
    return done


def _put(duty: Duty, role: str, names: list[str]):
    for name in names:
        if _PERSON.search(name):
            continue
        note = _ROLE_NOTE.search(name)
        place = _role(note[1]) if note else role
        duty.names.setdefault(place, []).append(name[: note.start()] if note else name)


def _role(words: str) -> str:
    return next((role for role, pattern in _ROLES if re.search(pattern, words)), "")


def _names(segment: str) -> tuple[list[str], str]:
    """The bodies a segment names, and its verb of duty if it ends with one."""
    tail = _TAIL.search(segment, max(0, len(segment) - 40))
    if tail:
        before = segment[: tail.start()]
        if not before:
            lead = re.match(r"(?:各|有关|相关|各有关|各相关)(?:部门|单位)", segment)
            before = lead[0] if lead else ""
        elif _etc_kept(segment, tail):
            before = segment[: _etc_kept(segment, tail)]
        segment = before
    names = [part for name in _areas_joined(split_outside(segment, "、/")) for part in _split_joint(_bare(name))]
    return [name for name in names if len(name) > 1], tail["do"] if tail else ""


def _areas_joined(names: list[str]) -> list[str]:
    """各区、县级市政府 is one body: the areas share the word 政府 that only the last of them carries."""
    if len(names) > 1 and _OF_AREAS.match(_bare(names[-1])) and _AREA.match(_bare(names[-2])):
        return _areas_joined([*names[:-2], f"{names[-2]}、{names[-1]}"])
    return names


def _etc_kept(segment: str, tail: re.Match) -> int:
    """各有关部门, 市级有关单位 are bodies: the words that the tail took are given back unless 等 opened them."""
    kept = re.match(r"(?:相关|有关)?(?:部门|单位)", segment[tail.start() :])
    return tail.start() + kept.end() if kept and kept.end() else 0


def _bare(name: str) -> str:
    return _ETC.sub("", _FOREWORD.sub("", name.strip(" 。：:·"))).strip()


def _split_joint(name: str) -> list[str]:
    for joint in _JOINER.finditer(name):
        left, right = name[: joint.start()], name[joint.end() :]
        if _LEFT_ORGAN.search(left) and len(right) > 1 and left.count("（") == left.count("）"):
            return [left, *_split_joint(_bare(right))]
    return [name] if name else []


def _plausible(name: str) -> bool:
    return len(name) <= 28 and bool(_ORGAN.search(name))
