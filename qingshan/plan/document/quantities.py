"""Numbers with their units: 1.2亿千瓦, 40 万平方米, 0.8—1.1, 28微克/立方米."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_SCALE = {
    "百": 100,
    "千": 1000,
    "万": 10**4,
    "十万": 10**5,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "十亿": 10**9,
    "百亿": 10**10,
    "千亿": 10**11,
    "万亿": 10**12,
}
_CANON = {
    "微克/立方米": "μg/m³", "微克每立方米": "μg/m³", "ug/m3": "μg/m³", "μg/m3": "μg/m³", "μg/m³": "μg/m³", "ug/m³": "μg/m³",
    "毫克/立方米": "毫克/立方米", "毫克/升": "毫克/升", "mg/m3": "mg/m3", "mg/m³": "mg/m³", "mg/L": "mg/L",
    "平方米/人": "m²/人", "平方米": "m²", "平米": "m²", "㎡": "m²", "m2": "m²", "m²": "m²",
    "平方公里": "km²", "平方千米": "平方千米", "km2": "km²", "km²": "km²", "公里": "km", "千米": "千米", "km": "km",
    "千瓦": "kW", "kW": "kW", "KW": "kW", "兆瓦": "MW", "MW": "MW", "吉瓦": "GW", "GW": "GW", "千瓦时": "千瓦时", "吨/年": "t/a", "吨": "t",
    "个百分点": "pp", "百分点": "pp",
}  # fmt: skip


def _words(line: str) -> list[str]:
    return line.split()


_PLAIN_UNITS = _words(
    "吨/月·平方公里 吨/平方公里·月 吨/（月·平方公里） 吨/（平方公里·月） 克/千瓦时 千克标准煤/吨 吨标准煤/万元 吨标准煤/元 立方米/万元 立方米/日 立方米/天 立方米/年 "
    "万立方米 立方米 吨标准煤 吨标煤 吨/日 吨/天 吨/公顷 吨/小时 蒸吨/小时 蒸吨 吨公里 公斤/亩 "
    "千克/公顷 公斤 千克 毫克 克 亩次 亩 公顷 分贝 元/吨 元/平方米 元 人次 人日 人/次 户次 家次 "
    "车次 辆次 艘次 场次 班次 架次 台套 台（套） 台/套 标箱 标准箱 TEU 小时 分钟 秒 工作日 天 % ‰ 倍 "
    "路 班 标台 个 家 项 座 处 条 套 台 辆 艘 户 人 名 株 棵 场 次 批 件 所 片 块 根 只 头 段 支 种 "
    "篇 部 例 宗 期 对 组 间 栋 幢 起 眼 口 羽 尾 册 本 列 架 门 孔 枚 张 类 厘米 毫米 米 "
    "海里 ℃ 摄氏度 度 分 位 级 成 折 岁 周岁 桩 千伏安 千伏 伏 升 立方 方"
)
_UNITS = "|".join(re.escape(u) for u in sorted([*_CANON, *_PLAIN_UNITS], key=len, reverse=True))
_N = r"\d{1,3}(?:[,，]\d{3})+(?!\d)(?:\.\d+)?|\d{1,12}(?:\.\d{1,8})?"
QUANTITY = re.compile(
    rf"(?<![A-Za-z\d.])(?P<a>{_N})(?:(?P<pa>%|个百分点)?[-—–~～至]{{1,2}}(?P<b>{_N}))?(?P<few>余|多|来)?"
    rf"(?P<scale>万亿|千亿|百亿|十亿|亿|千万|百万|十万|万|千(?!瓦|米|克|伏)|百(?!分))?(?P<few2>余|多)?(?P<unit>{_UNITS})?(?P<per>(?:标准煤|标煤|二氧化碳)?/(?:年|日|天|月|人|小时|秒|次|户|车|平方米|亩|公顷|千瓦时|万元|元|吨|升|立方米|千克|公里|百公里|平方公里))?"
    r"(?P<more>(?:及|或)?以上|左右|以内|(?:及|或)?以下|之内|上下|之间)?"
)
_TENTHS = re.compile(
    r"(?<![十百第])(?P<n>[一二两三四五六七八九])成(?P<half>半)?(?P<more>以上|左右|以内|以下)?(?=[，。；、）\n]|$)"
)
_NEVER = re.compile(r"\s*(?:年|月(?!\w)|月|日|号|届|届|世纪|条|款|章|节|层|时|点|[A-Za-z.]|G|\+|[-—–~～]\d|/\d)")
_LIMIT = re.compile(r"(?:不超过|不少于|不低于|不高于|缩短至|缩短到|延长至|延长到|达到)$")
_COUNTED = frozenset(
    _words(
        "个 家 项 座 处 条 套 台 辆 艘 户 人 名 株 棵 场 次 批 件 所 片 块 根 只 头 段 支 种 "
        "篇 部 例 宗 对 组 间 栋 幢 眼 口 册 列 架 路 班 标台 辆次 艘次 人次 场次 家次 户次 台套 台（套） 羽 尾"
    )
)


@dataclass(frozen=True, slots=True)
class Quantity:
    start: int
    end: int
    value: Decimal
    upto: Decimal | None
    unit: str | None
    more: str
    text: str

    @property
    def counted(self) -> bool:
        return self.unit in _COUNTED


def quantities(text: str, start: int, end: int) -> list[Quantity]:
    """The quantities in a stretch of text; years, dates, document numbers and names such as PM2.5 are none."""
    found = [_quantity(match) for match in QUANTITY.finditer(text, start, end) if not _named(text, match)]
    tenths = [_tenths(match) for match in _TENTHS.finditer(text, start, end)]
    return sorted([*found, *tenths], key=lambda quantity: quantity.start) if tenths else found


def _tenths(match: re.Match) -> Quantity:
    """一成 is ten per cent, 两成半 twenty-five."""
    value = Decimal(
        "零一二三四五六七八九".replace("两", "二").index(match["n"].replace("两", "二")) * 10
        + (5 if match["half"] else 0)
    )
    return Quantity(match.start(), match.end(), value, None, "%", match["more"] or "", match[0])


def _named(text: str, match: re.Match) -> bool:
    before = text[max(0, match.start() - 1) : match.start()]
    if (
        not match["unit"]
        and text[match.end() : match.end() + 1] == "年"
        and _LIMIT.search(text, max(0, match.start() - 8), match.start())
    ):
        return False
    if before and (before in "第〔.-—+/" or before.isascii() and before.isalpha()):
        return True
    return not match["unit"] and bool(_NEVER.match(text, match.end(), match.end() + 3))


def _quantity(match: re.Match) -> Quantity:
    scale = _SCALE.get(match["scale"] or "", 1)
    unit = match["unit"]
    if unit is None and match.string[match.end() : match.end() + 1] == "年":
        unit = "年"
    unit = (_CANON.get(unit, unit) or "") + (match["per"] or "")
    end = match.end() + (unit == "年" and match["unit"] is None)
    low = _value(match["a"], scale)
    high = _value(match["b"], scale) if match["b"] else None
    return Quantity(
        match.start(),
        end,
        low,
        high,
        unit or None,
        (match["more"] or "").lstrip("及或"),
        match.string[match.start() : end],
    )


def _value(digits: str, scale: int) -> Decimal:
    return Decimal(digits.replace(",", "").replace("，", "")) * scale


def plain(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
