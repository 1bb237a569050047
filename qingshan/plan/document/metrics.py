"""Names of what is measured, cut out of the words around a number."""

from __future__ import annotations

import re

from .brackets import split_outside
from .wording import NOUN, VERB_END

_LEAD = re.compile(
    r"^(?:其中|并且|并|且|同时|以及|和|及|与|使|让|确保|力争|争取|努力|到|至|在|全部|累计|总体|要|将|把|对|对于|每年|年均|每月|平均|预计|计划|推动|推进|促进|实现|保持|保证|基本|稳步|持续|进一步|加快|年内|全年|按期|[、，：:的]|"
    r"(?:到|至|在|于|比|较)?“?十[二三四五六]五”?(?:期)?(?:末|期间|时期)|(?:到|至|在|于|力争)?\d{0,4}[-—–~至]?20\d\d年(?:\d{1,2}月)?(?:\d{1,2}日)?(?:上半年|下半年|底|末|初)?(?:之前|以前|前|内|期间|起)?|\d{1,2}月(?:\d{1,2}日|底|末)?(?:之前|以前|前)?|年底(?:之前|前)?|[一二三四五六七八九十]{1,2}年内)+"
)
_BASE = re.compile(
    r"(?:比|较|与)(?:\d{4}年|20\d\d年|上年|去年|基准年|“?十.五”?末|全国|全省|全市|上一年度?)(?:\d+月)?(?:末|底|同期|水平|平均水平|相比)*$"
)
_KIND = re.compile(
    r"(?:新建|新增|净增|改造|修复|整治|淘汰|更新|恢复|治理|改建|扩建|引进|培养|培训|推广|选拔|创建|关停|拆除)$"
)
_PLAIN_HEAD = re.compile(
    r"^(?:全面|基本|加快|持续|深入|积极|大力|稳步|有序|力争|确保|争取|共|再|努力|进一步|按期|如期|组织|巩固|继续|同步|并|对|累计|完成|建设|建成|打造|实施|开展|推进|推动|实现|形成|建有|建立|设立|达到|推广|建)+"
)
_JOIN = re.compile(r"[、和与]|以及|及(?!以上|以下|其|时)")
_SUFFIX = re.compile(
    r"(?:(?:安全|综合|有效|集中|资源化|无害化|规范化)?(?:机械化|利用|处置|处理|收集|达标|覆盖|优良|排放|使用|消费|普及|回收|达产|治理|建设|入学|参保|就业|完成|种植|合格|减排|机收|机播|机插|清扫|转化|供水|保有|绿化|入户|接种|满意|知晓|签约|清运|资源化|循环|再生)*(?:率|比例|比重|占比|浓度|总量|面积|数量|人数|量|数|强度|能力|指数|规模|产能|水平))$"
)


_BETWEEN = re.compile(r"(?:[、和及与，]|以及|以上|左右|以内|以下)+")
_OBJECT_LEAD = re.compile(r"^(?:以上|左右|以内|的|及以上|（[^）]{0,12}）)+")
_MORE_END = re.compile(r"(?:以上|左右)$")
_NO_OBJECT = re.compile(r"并|且|等$|和$|及$|，")
_POINTING = re.compile(r"(?:其|该|这一|上述|其中)(?:比例|占比|比重|指标|数量|面积|总量)?")
_EACH = re.compile(r"(?:分别|均|都)$")
_DATE_END = re.compile(r"(?:到|至|在)?20\d\d年(?:底|末)?(?:前)?$")
_OF_AREA = re.compile(r"[市县区镇乡村城省]$|^(?:其中|男|女)")


def between(words: str) -> bool:
    """Whether only a separator stands between two numbers of one series."""
    return 0 < len(words) < 8 and bool(_BETWEEN.fullmatch(words))


def metric_of(before: str, after: str, counted: bool = False) -> str:
    """The name of what a number counts: the words after its unit for 建成20个…, else the subject before it."""
    thing = _object(after) if after else ""
    if counted and len(thing) >= 2:
        subject = _subject(before, True)
        kind = _KIND.search(before)
        named = kind[0] + thing if kind else thing
        return named if len(thing) >= 4 or not subject else subject + thing
    return _subject(before, counted) or thing


def _object(after: str) -> str:
    words = _OBJECT_LEAD.sub("", after[:120])
    part = _MORE_END.sub("", split_outside(words, "，；：。")[0])
    return part[:40].strip("、 ") if not _NO_OBJECT.match(part) else ""


def _subject(before: str, verbs_off: bool) -> str:
    words = split_outside(before[-200:], "，；：")[-1]
    if _POINTING.fullmatch(words):
        return ""
    words = _DATE_END.sub("", _BASE.sub("", _LEAD.sub("", words))).strip("、，： 的")
    words = _EACH.sub("", words)
    if verbs_off:
        headless = _PLAIN_HEAD.sub("", words)
        words = headless if headless != words and len(headless) >= 2 else VERB_END.sub("", words)
    words = _EACH.sub("", _LEAD.sub("", words))
    return words[-60:].strip("、，的 （）") if len(words) >= 2 else ""


_AREA_HEAD = re.compile(
    r"^(?:全(?:国|省|市|区|县)|(?:设市|地级及以上)?城市(?:建成区)?|城区|城镇|市区|县城|农村|乡镇|区域)+"
)


def completed(subject: str, last: str) -> str:
    """县城达75% after 城市道路清扫率达85%: the measured noun is the one before."""
    if len(subject) > 6 or NOUN.search(subject) or not NOUN.search(last) or not _OF_AREA.search(subject):
        return subject
    return subject + _AREA_HEAD.sub("", last)


def several(subject: str, wanted: int) -> list[str]:
    """The things a joint subject names, each with the measured noun they share: 花生种植、收获机械化率."""
    parts = [part for part in _JOIN.split(subject) if part]
    if len(parts) < 2 or (wanted and len(parts) != wanted):
        return [subject] * max(wanted, 1)
    suffix = _SUFFIX.search(parts[-1])
    tail = suffix[0] if suffix and suffix.start() > 0 else ""
    ends = [part if _SUFFIX.search(part) or not tail else part + tail for part in parts]
    return _with_head(parts, ends)


def _with_head(parts: list[str], ends: list[str]) -> list[str]:
    """花生种植、收获…: the crop named once stands before each."""
    suffix = _SUFFIX.search(parts[-1])
    short = len(parts[-1]) - len(suffix[0] if suffix else "")
    head = parts[0][:-short] if 0 < short <= 2 and len(parts[0]) > short + 1 else ""
    return [
        ends[0],
        *(
            head + end if head and len(part) <= short + 12 else end
            for part, end in zip(parts[1:], ends[1:], strict=True)
        ),
    ]
