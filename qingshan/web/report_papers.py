"""Reports as workbooks: one to fill in, and those the office takes away."""

from qingshan.evidence.reports.models import Report
from qingshan.evidence.reports.queries import lines_of
from qingshan.evidence.reports.workbook import Row, mark, workbook
from qingshan.web import wording
from qingshan.web.reporting import Board, drafted


def to_fill_in(report: Report) -> bytes:
    """The body's round as a workbook to fill in; it is in Chinese, as the forms of offices are."""
    held = report.round
    notes = [
        f"{held.programme.title} · {held} · {report.body}",
        f"{held.due_on} 截止，{held.locks_on} 锁定。填好后在“填报”页上传；上传时逐格核对，有一处不对则一格也不写入。",
        "只填浅黄色的格子：本次填报、进展、困难。百分比填 0 到 100 的数；是否完成、是否属实从下拉项中选。",
        "格子里不要写公式。佐证材料在网页上逐行上传。",
    ]
    if held.simulated:
        notes.append("这一轮是演示：打斜线的格子是模拟数据。")
    rows = [_row(one, held) for one in lines_of(report)]
    return workbook(mark(held.kind, held.period, report.body.code), rows, notes)


def _row(line, held) -> Row:
    row = drafted(line, held.programme)
    asked = line.asked
    about = "；".join(
        filter(None, (asked.get("about_zh", ""), f"应于 {asked['due']} 前完成" if asked.get("due") else ""))
    )
    return Row(
        place=f"{line.pk}:{line.number}", kind=str(wording.REPORT_LINES[line.kind]), title=asked["zh"], about=about,
        unit="%" if line.form == "percent" else asked.get("unit", ""), last=row.last, known=row.system, form=line.form,
        claim=line.claim, progress=line.progress, obstacle=line.obstacle, least=asked.get("least"), most=asked.get("most"),
        simulated=row.simulated and bool(row.last or row.system),
    )  # fmt: skip


def board_rows(board: Board, words) -> list[list]:
    """The board as rows of a sheet; `words` says a state."""
    rows = []
    for body, cells, rates in board.rows:
        told = list(rates) if rates else [0] * 6
        rows.append([wording.said(body), *(words(cell.state) if cell else "" for cell in cells), *map(str, told)])
    return rows
