"""What each target and task rests on, and what is said where nothing is there."""

import re

import pytest

from qingshan.programme.binding import of_target, of_task, table
from qingshan.programme.check import inspect
from tests.programme.folder import JINSHAN, SAMPLE, copied, line_of


@pytest.fixture(scope="module")
def jinshan():
    found, problems = inspect(JINSHAN)
    assert problems == []
    return found


def test_every_target_and_task_of_jinshan_is_bound(jinshan):
    assert len(jinshan.official) == 27 and len(jinshan.tasks) == 24
    assert all(of_target(jinshan, target) for target in jinshan.targets)
    bound = [of_task(jinshan, task.no) for task in jinshan.tasks]
    assert all(one.registers or one.targets for one in bound)
    told = table(jinshan, "zh")
    assert all(f"{target.code} {target.short.zh}" in told for target in jinshan.targets)
    assert (
        "pm25-monthly" in told and "台账 buses（区交通委）" in told and "公布数据 pm25-monthly（区生态环境局）" in told
    )
    assert "register buses (" in table(jinshan, "en")


def test_nothing_else_is_wrong_with_the_sample():
    assert inspect(SAMPLE)[1] == []


def test_a_target_whose_number_nobody_brings_is_told_with_its_line(tmp_path):
    folder = copied(tmp_path)
    for table_ in (folder / "figures").glob("*.csv"):
        table_.unlink()
    metrics = (folder / "metrics.yaml").read_text("utf8")
    (folder / "metrics.yaml").write_text(_without_bodies(metrics), "utf8")
    found, problems = inspect(folder)
    without = {(one.file, one.line) for one in problems if "的数没有来处" in one.zh}
    assert without == {("targets.yaml", target.where.lines["metric"]) for target in found.targets}
    bare = [(one.file, one.line) for one in problems if "没有任何数据来处" in one.zh]
    assert bare == [("plan.yaml", task.where.lines["no"]) for task in found.tasks]


def _without_bodies(text: str) -> str:
    return re.sub(r",\s*body: [a-z]+", "", text)


def test_a_register_that_names_a_task_binds_it(tmp_path, jinshan):
    assert "stormwater-works" in of_task(jinshan, 12).registers
    assert line_of(JINSHAN, "registers.yaml", "- code: stormwater-works") > 1
