"""lists.yaml: the demonstration's past lists as data, and what Jinshan's make of them."""

from datetime import date

import pytest

from qingshan.plan.annual.models import Completion
from qingshan.plan.annual.queries import completion, cover_of, overdue, sheets_of
from qingshan.programme.check import inspect
from qingshan.programme.past_lists import NOTE, issue_past_lists

from .folder import JINSHAN, copied

WHOLE = "lists:\n- year: 2025\n  issued: 2025-02-03\n  nodes:\n  - {item: '1.1', quarter: 2, done: 2025-05-06}\n  - {item: phosphorus, quarter: 4}\n"


def problems(tmp_path, text: str) -> list[tuple[int, str]]:
    folder = copied(tmp_path)
    (folder / "lists.yaml").write_text(text, "utf8")
    return [(one.line, one.zh) for one in inspect(folder)[1] if one.file == "lists.yaml"]


def test_a_folder_needs_no_past_lists_and_may_have_some(tmp_path):
    assert inspect(copied(tmp_path / "a"))[0].lists == []
    assert problems(tmp_path / "b", WHOLE) == []


@pytest.mark.parametrize(("old", "new", "line", "words"), [
    ("'1.1'", "'1.9'", 5, "“1.9”既不是“任务.举措”序号，也不是规划目标的代码"),
    ("year: 2025", "year: 2031", 2, "清单年份 2031 不在计划期 2025—2027 之内"),
    ("quarter: 2", "quarter: 5", 5, "不能大于 4"),
    ("done: 2025-05-06", "done: 2025-05-36", 5, "应为存在的日期"),
    ("issued: 2025-02-03", "issued: 3", 3, "应为存在的日期"),
    ("  nodes:", "  node:", 4, "不认识"),
])  # fmt: skip
def test_what_is_wrong_is_said_at_its_line(tmp_path, old, new, line, words):
    assert WHOLE.count(old) == 1
    ((place, said),) = problems(tmp_path, WHOLE.replace(old, new))
    assert place == line and words in said


def test_a_year_stands_once(tmp_path):
    assert ["重复" in said for _, said in problems(tmp_path, WHOLE + WHOLE.removeprefix("lists:\n"))] == [True]


@pytest.mark.django_db
def test_jinshans_past_lists_fit_its_plan(loaded_jinshan):
    programme, found = loaded_jinshan, inspect(JINSHAN)[0]
    first, second = issue_past_lists(programme, found)
    assert [(one.year, one.number, one.demonstration) for one in (first, second)] == [
        (2024, "2024-1", True),
        (2025, "2025-1", True),
    ]
    told = {one.year: one for one in found.lists}
    for annual in (first, second):
        assert annual.items.count() == len(told[annual.year].nodes)  # every item is told, and nothing else
        assert annual.items.filter(completions__isnull=False).count() == sum(
            bool(one.done) for one in told[annual.year].nodes
        )
        assert not annual.items.filter(lead_code="").exists()
    assert set(Completion.objects.values_list("note", flat=True)) == {NOTE}
    left = sum(not one.done for one in told[2024].nodes)
    assert second.items.exclude(carried_from=None).count() == left > 0
    day = date(2025, 10, 31)
    assert overdue(programme, day)
    counts = completion(programme, date(2025, 1, 1), date(2025, 9, 30), day).values()
    assert all(sum(getattr(one, name) for one in counts) > 0 for name in ("on_time", "late", "open"))
    assert cover_of(second.edition, sheets_of(programme)).missing == []
