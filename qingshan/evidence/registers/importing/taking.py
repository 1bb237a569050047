"""The rows of a file are tried, or taken in: all of them or none."""

from collections.abc import Sequence
from datetime import date

from qingshan.people.models import User
from qingshan.plan.actions import Refused
from qingshan.plan.models import Programme

from ..actions import Invalid, Outcome, examine, put_entries
from ..darwin_core import is_archive
from ..queries import entries, names_of_bodies, register_of
from ..schema import Definition
from ..workbook import STATE
from .files import read_rows
from .sheets import MOST_FAULTS, Fault, Sheet, Watch


class FaultyFile(Refused):
    """A file with faults, of which nothing was kept."""

    def __init__(self, faults: Sequence[Fault]):
        super().__init__(
            f"文件有 {len(faults)} 处问题，一条也没有导入。{faults[0]}",
            f"The file has {len(faults)} faults; nothing was imported. {faults[0].sheet} {faults[0].cell}: {faults[0].en}",
        )
        self.faults = list(faults)


def dry_run(
    *,
    by: User | None,
    programme: Programme,
    register: str,
    content: bytes,
    name: str,
    known_on: date,
    watch: Watch = iter,
) -> tuple[Outcome, list[Fault]]:
    """What importing the file would do, and all its faults."""
    definition = register_of(programme, register)
    sheet = _read(programme, definition, content, name, known_on, watch)
    outcome = examine(by=by, programme=programme, register=register, rows=sheet.rows, watch=watch)
    return outcome, _all_faults(definition, sheet, outcome)


def import_rows(
    *, by: User | None, programme: Programme, register: str, content: bytes, name: str, known_on: date, why: str = "",
    watch: Watch = iter,
) -> Outcome:  # fmt: skip
    """Keep the file's rows: all of them, or none. Raises FaultyFile with every fault."""
    definition = register_of(programme, register)
    sheet = _read(programme, definition, content, name, known_on, watch)
    if sheet.faults:
        outcome = examine(by=by, programme=programme, register=register, rows=sheet.rows)
        raise FaultyFile(_all_faults(definition, sheet, outcome))
    try:
        return put_entries(
            by=by,
            programme=programme,
            register=register,
            rows=sheet.rows,
            why=why or f"导入 {name}",
            watch=watch,
            detail={"file": name[:120]},
        )
    except Invalid as wrong:
        raise FaultyFile(_all_faults(definition, sheet, Outcome(problems=wrong.problems))) from None


def _read(
    programme: Programme, definition: Definition, content: bytes, name: str, known_on: date, watch: Watch
) -> Sheet:
    sheet = read_rows(definition, names_of_bodies(programme), content, name, known_on, watch)
    if content.startswith(b"PK") and is_archive(content):
        _at_home(programme, definition, sheet)
    return sheet


def _all_faults(definition: Definition, sheet: Sheet, outcome: Outcome) -> list[Fault]:
    found = list(sheet.faults)
    for place, problem in outcome.problems[: MOST_FAULTS * 2]:
        letter, row = sheet.columns.get(problem.field, "A"), sheet.rows[place]
        value = row.data.get(problem.field, row.state if problem.field == STATE else "")
        found.append(Fault(sheet.name, f"{letter}{sheet.lines[place]}", str(value)[:60], problem.zh, problem.en))
    return sorted(found, key=lambda one: (int("0" + "".join(filter(str.isdigit, one.cell))), one.cell))[:MOST_FAULTS]


def _at_home(programme: Programme, definition: Definition, sheet: Sheet) -> None:
    """Give rows of an archive what stands of them in fields without a term: what was never sent out is not taken away."""
    free = [one.code for one in definition.fields if not one.term]
    keys = [definition.key_of(row.data) for row in sheet.rows]
    rows, stand = entries(programme, definition.code), {}
    for at in range(0, len(keys), 1000):
        stand |= dict(rows.filter(key__in=keys[at : at + 1000]).values_list("key", "data"))
    for place, (key, row) in enumerate(zip(keys, sheet.rows, strict=True)):
        kept = {code: stand[key][code] for code in free if code in stand.get(key, {})}
        sheet.rows[place] = row._replace(data=kept | row.data)
