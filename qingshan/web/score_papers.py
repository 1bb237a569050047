"""A score sheet as a workbook and as a paper to be circulated."""

import io
from decimal import Decimal

from django.utils.translation import gettext as _
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.shared import Pt

from qingshan.web import wording
from qingshan.web.scores import STATES, Opened
from qingshan.web.sheets import workbook
from qingshan.web.wording import said


def notes_of(opened: Opened) -> list[str]:
    """What stands above the table, on paper as in a workbook."""
    sheet, rules = opened.sheet, opened.rules
    notes = [
        f"{said(sheet.programme, 'title')} · {_('部门评分')} {sheet.period} · {STATES[sheet.state]}",
        _(
            "评估日 %(day)s；区间为 %(level)s %% Wilson 区间，向外取到 0.01 %%；应计事项不足的部分不排名；区间相交的分不出先后。"
        )
        % {"day": sheet.as_of, "level": Decimal(rules.level) * 100},
        said(rules.why.model_dump()),
        _("校验码 %(digest)s") % {"digest": sheet.digest},
    ]
    if opened.simulated:
        notes.append(_("打斜线的行用的是模拟数据，不是实测。"))
    if sheet.demonstration:
        notes.append(_("这份评分表由系统为演示而作：异议是模拟的，所依据的评估没有人签署。"))
    return notes


def workbook_of(opened: Opened, rows) -> bytes:
    """The table as it is shown, in the order it is shown."""
    head, widths = [_("部门")], [24]
    for part in opened.parts:
        name = said(part.name.model_dump())
        head += [
            f"{name} {word}" for word in (_("占比"), _("合格"), _("应计"), _("区间下限"), _("区间上限"), _("名次"))
        ]
        widths += [9, 8, 8, 9, 9, 30]
    head += [_("扣分"), _("合计")]
    cells = [[said(row.body), *_cells(row), row.deducted, _total(row)] for row in rows]
    marked = [row.simulated for row in rows]
    return workbook(f"{_('部门评分')} {opened.sheet.period}", notes_of(opened), head, cells, marked, [*widths, 8, 10])


def _cells(row) -> list:
    found = []
    for cell in row.cells:
        numbers = [cell.told["share"], cell.told["good"], cell.told["of"], cell.told["low"], cell.told["high"]]
        found += [_number(one) for one in numbers] + [cell.rank]
    return found


def _number(text: str | None) -> Decimal | None:
    if text is None:
        return None
    above, _slash, below = text.partition("/")
    return Decimal(above) / Decimal(below) if below else Decimal(text)


def _total(row) -> Decimal | None:
    return Decimal(row.total["points"]) if row.total else None


def paper_of(opened: Opened, log: list[dict]) -> bytes:
    """The table, every deduction with its basis, and the objections, as .docx on a page laid across."""
    paper = Document()
    page = paper.sections[0]
    page.orientation, page.page_width, page.page_height = WD_ORIENT.LANDSCAPE, page.page_height, page.page_width
    paper.styles["Normal"].font.size = Pt(9)
    title, *notes = notes_of(opened)
    paper.add_heading(title, 1)
    for note in notes:
        paper.add_paragraph(note)
    names = [said(part.name.model_dump()) for part in opened.parts]
    _table(paper, [_("部门"), *names, _("扣分"), _("合计")], [_line(row) for row in opened.rows])
    paper.add_heading(_("扣分"), 2)
    _table(paper, [_("部门"), _("事项"), _("规则"), _("依据"), _("扣分")], list(_deductions(opened)))
    paper.add_heading(_("异议"), 2)
    _table(paper, [_("部门"), _("事项"), _("异议理由"), _("答复")], [_objection(one) for one in log])
    file = io.BytesIO()
    paper.save(file)
    return file.getvalue()


def _line(row) -> list[str]:
    told = [
        cell.rank if cell.none else f"{cell.percent}（{cell.fraction}）\n{cell.range}\n{cell.rank}"
        for cell in row.cells
    ]
    made_up = f"（{_('模拟')}）" if row.simulated else ""
    return [said(row.body) + made_up, *told, wording.number(row.deducted), row.total["points"] if row.total else "—"]


def _deductions(opened: Opened):
    for row in opened.rows:
        for _criterion, lines in opened.lines(row.body.code):
            for line in lines:
                for one in line.moved:
                    rule = one["rule"]
                    basis = f"{said(rule.basis.document.model_dump())} {said(rule.basis.clause.model_dump())}"
                    off = f"{one['points']} {one['uncounted_words']}".strip()
                    yield [said(row.body), said(line.told, "title"), said(rule.name.model_dump()), basis, off]


def _objection(one: dict) -> list[str]:
    answer = one["answer"]
    told = _("尚未答复") if answer is None else f"{_('支持') if answer.upheld else _('驳回')}：{answer.reason}"
    reason = one["it"].reason if one["open"] else _("理由只给该部门和计划办看")
    return [said(one["it"].body), said(one["line"], "title"), reason, told]


def _table(paper, head: list[str], rows: list[list[str]]) -> None:
    if not rows:
        paper.add_paragraph(_("没有"))
        return
    table = paper.add_table(rows=1, cols=len(head), style="Table Grid")
    for cells, words in [(table.rows[0].cells, head), *((table.add_row().cells, row) for row in rows)]:
        for cell, word in zip(cells, words, strict=True):
            cell.text = str(word)
