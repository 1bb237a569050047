"""Forms of files that are read for every medium: the workbook to be filled in, and the plain long and wide tables."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from .mapping import Source, checked
from .naming import Item, items
from .rows import FLAGS

ROWS, NOTES = "数据", "说明"
SITE, TIME, STATE = "点位*", "时间*", "状态"
BOLD, NEEDED, TOP = Font(bold=True), PatternFill("solid", fgColor="FFF3E0"), Alignment(vertical="top", wrap_text=True)
LAST = 20_000  # row up to which the drop-down reaches
WORDS = {"正常": "", **{FLAGS[one].zh: one for one in ("maintenance", "calibration", "fault", "stopped")}}


@dataclass(frozen=True, slots=True)
class Form:
    """What a medium's template is for: its name, the period of a row, how its time is written, the items it names first."""

    zh: str
    period: str
    time: str
    first: Sequence[str] = ()


FORMS = {
    "air": Form("环境空气小时值", "hour", "整点，写这一小时的开始，如 2025-01-31 08:00 表示 8 时至 9 时", ("SO2", "NO2", "CO", "O3", "PM10", "PM25")),
    "water": Form("地表水监测值", "sample", "采样时间，如 2025-01-31 或 2025-01-31 08:00"),
    "groundwater": Form("地下水监测值", "sample", "采样日期，如 2025-01-31"),
    "soil": Form("土壤监测值", "sample", "采样日期，如 2025-01-31"),
    "noise": Form("声环境监测值", "sample", "测量开始的时间，如 2025-01-31 22:00；昼间、夜间等效声级写当天日期", ("Leq", "Ld", "Ln", "Lmax")),
    "sea": Form("近岸海域水质监测值", "sample", "采样日期，如 2025-01-31"),
    "rain": Form("日降水量", "day", "日期，如 2025-01-31；20 时至次日 20 时的日雨量写后一天"),
}  # fmt: skip


def listed(medium: str) -> list[Item]:
    """The items of a template, those it names first before the others."""
    known, first = items(medium), FORMS[medium].first
    return [*(known[one] for one in first), *(one for code, one in known.items() if code not in first)]


def heading(item: Item) -> str:
    name = (
        f"{item.zh} {item.code}"
        if item.code.isascii() and item.code != item.zh and item.code.lower() != item.zh.lower()
        else item.zh
    )
    return f"{name}（{item.unit}）" if item.unit else name


def template(medium: str) -> Source:
    """How a filled template of the medium is read; it may lack any of its items."""
    form = FORMS[medium]
    values = {heading(one): {"item": one.code, "unit": one.unit, "optional": True} for one in listed(medium)}
    return checked(f"template-{medium}", {
        "name": f"{form.zh}（模板）", "name_en": f"template of {medium}", "medium": medium, "period": form.period, "site": [SITE],
        "time": {"column": TIME}, "state": {"column": STATE, "flags": WORDS, "optional": True}, "values": values,
    })  # fmt: skip


def long(medium: str) -> Source:
    """site, item, time, value, unit: one value to a row."""
    return checked(f"long-{medium}", {
        "name": f"{FORMS[medium].zh}，长表：site item time value unit", "name_en": f"{medium}, one value to a row: site item time value unit",
        "medium": medium, "period": FORMS[medium].period, "site": ["site"], "time": {"column": "time"},
        "long": {"item": "item", "value": "value", "unit": "unit"},
    })  # fmt: skip


def wide(medium: str) -> Source:
    """site, time, and a column for each item, called by its code, in the unit that it is kept in."""
    return checked(f"wide-{medium}", {
        "name": f"{FORMS[medium].zh}，宽表：site time 和各项目代码", "name_en": f"{medium}, a column for each item: site time and the items' codes",
        "medium": medium, "period": FORMS[medium].period, "site": ["site"], "time": {"column": "time"},
        "values": {one.code: {"item": one.code, "optional": True} for one in listed(medium)},
    })  # fmt: skip


def workbook(medium: str, sites: Sequence[str] = ()) -> bytes:
    """The workbook; `sites` are names to choose from."""
    book, form = Workbook(), FORMS[medium]
    sheet = book.active
    sheet.title = ROWS
    sheet.freeze_panes = "C2"
    heads = {
        SITE: "点位的编码或名称，与登记的一致。",
        TIME: form.time + "。",
        STATE: "不填为正常；维护、校准等时段的值不参加评价。",
    }
    heads |= {heading(one): note(one) for one in listed(medium)}
    for number, (head, words) in enumerate(heads.items(), 1):
        cell = sheet.cell(1, number, head)
        cell.font, cell.alignment, cell.comment = BOLD, TOP, Comment(words, "青山")
        if head.endswith("*"):
            cell.fill = NEEDED
        sheet.column_dimensions[get_column_letter(number)].width = max(11, min(2 * len(head), 22))
    sheet.column_dimensions["B"].width = 20
    for row in range(2, 502):
        sheet.cell(row, 2).number_format = "yyyy-mm-dd hh:mm" if form.period != "day" else "yyyy-mm-dd"
    _choices(sheet, "C", list(WORDS))
    _notes(book, form, sites)
    if sites:
        _choices(sheet, "A", [], f"={NOTES}!$C$2:$C${len(sites) + 1}")
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def note(item: Item) -> str:
    if item.whether:
        return "写“无”或“有”。"
    return f"单位 {item.unit or '无'}；低于检出限写 <0.01 或 0.01L；没有测的留空。"


def _choices(sheet, letter: str, words: Sequence[str], formula: str = "") -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    rule = DataValidation("list", formula1=formula or f'"{",".join(words)}"', allow_blank=True)
    rule.errorTitle, rule.error = "不在可选项中", "请从下拉项中选。"
    rule.add(f"{letter}2:{letter}{LAST}")
    sheet.add_data_validation(rule)


def _notes(book: Workbook, form: Form, sites: Sequence[str]) -> None:
    sheet = book.create_sheet(NOTES)
    lines = [
        f"{form.zh}：一行是一个点位在一个时间的各项监测值。", f"时间：{form.time}。", "带 * 的列必填；没有测的项目留空，整列不用可以删去。",
        "单位写在列名里，不要改；单位不同请先换算，或用命令 qingshan observations map 另做对照。",
        "低于检出限写检出限本身，如 <0.001 或 0.001L；不要写“未检出”。", "不要合并单元格，不要写公式：公式不会被计算。",
    ]  # fmt: skip
    for number, line in enumerate(lines, 1):
        sheet.cell(number, 1, line).alignment = TOP
    sheet.column_dimensions["A"].width = 90
    if sites:
        sheet["C1"] = "已登记的点位"
        for number, name in enumerate(sites, 2):
            sheet.cell(number, 3, name).data_type = "s"
