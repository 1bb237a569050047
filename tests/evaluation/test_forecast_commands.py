"""`qingshan forecast …` as it is typed."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from qingshan.evaluation.commands import forecast

SHAPE = [50, 40, 35, 30, 28, 24, 20, 18, 20, 26, 34, 46]
LEVELS = {2016: 1.0, 2017: 0.9, 2018: 0.95, 2019: 0.8, 2020: 0.85}


@pytest.fixture
def table(tmp_path):
    rows = [
        f"{y},{m},{name},{SHAPE[m - 1] * level * scale:.1f}"
        for name, scale in (("东区", 1), ("西区", 1.2))
        for y, level in LEVELS.items()
        for m in range(1, 13)
    ]
    file = tmp_path / "table.csv"
    file.write_text("year,month,district,no2\n" + "\n".join(rows), encoding="utf-8")
    return file


def typed(*arguments):
    return CliRunner().invoke(forecast, [str(a) for a in arguments])


def test_backtest_prints_figures_and_writes_a_report(table, tmp_path):
    report = tmp_path / "new" / "report.md"
    done = typed("backtest", table, "--series", "no2", "--report", report)
    assert done.exit_code == 0, done.output
    assert "80% 区间覆盖" in done.output
    text = report.read_text(encoding="utf-8")
    assert "| 东区 | 48 |" in text and "| 12 | 8 |" in text and "| 23 |" in text
    assert "qingshan forecast backtest table.csv --series no2" in text
    assert str(tmp_path) not in text


def test_it_is_part_of_the_command_line():
    from qingshan.cli import main

    assert "backtest" in CliRunner().invoke(main, ["forecast", "--help"]).output


def test_the_report_is_the_same_each_time(table, tmp_path):
    one, other = tmp_path / "one.md", tmp_path / "other.md"
    typed("backtest", table, "--series", "no2", "--report", one)
    typed("backtest", table, "--series", "no2", "--report", other)
    assert one.read_bytes() == other.read_bytes()


def test_calibrate_prints_a_module_that_holds_what_it_learned(table):
    done = typed("calibrate", table, "--series", "no2", "--source", "两个区", "--made", "2026-01-31")
    assert done.exit_code == 0, done.output
    module: dict = {}
    exec(done.output, module)
    assert module["DEFAULT"].source == "两个区"
    assert len(module["DEFAULT"].profile) == 12 and len(module["DEFAULT"].spread) == 24
    assert "2026-01-31" in module["__doc__"]
    imports = [line for line in done.output.splitlines() if line.startswith(("from", "import"))]
    assert imports == ["from qingshan.evaluation.seasonal import Calibration"], "a pure file"


@pytest.mark.parametrize("command", [["backtest"], ["calibrate", "--source", "x", "--made", "2026-01-31"]])
def test_a_bad_table_is_one_sentence(command, tmp_path):
    file = tmp_path / "bad.csv"
    file.write_text("year,month,district,pm25_ugm3\n2020,1,a,x\n", encoding="utf-8")
    done = typed(command[0], file, *command[1:])
    assert done.exit_code == 2
    assert done.output.strip().endswith("第 2 行“pm25_ugm3”列应为数字，现为“x”")
    file.write_text("year,month,district,pm25_ugm3\n2020,1,a,7\n", encoding="utf-8")
    done = typed(command[0], file, *command[1:])
    assert done.exit_code == 2
    assert "年份" in done.output and "Traceback" not in done.output


def test_the_committed_report_is_of_the_committed_method():
    """Its figures come from the command; here only that it is there and says what is asked of it."""
    text = (Path(__file__).parents[2] / "docs" / "forecast-backtest.md").read_text(encoding="utf-8")
    assert text.count("是 yes") == 5 and "否 no" not in text
