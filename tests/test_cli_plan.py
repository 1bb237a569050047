import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from qingshan.cli import main
from qingshan.plan.importing import LIMIT

from .plan.texts import plan, task

TEXT = plan(task("新建泵站12座。"), task("沿线居民300户。"), goals="到2027年，水质达标率力争达到90%。")


def run(path, *options: str):
    return CliRunner().invoke(main, ["plan", "read", str(path), *options])


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "plan.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_json_holds_the_whole_reading(file):
    told = json.loads(run(file, "--json").stdout)
    assert told["title"] == "青溪区水环境治理行动计划（2025—2027年）"
    assert [t["no"] for t in told["tasks"]] == [1, 2]
    assert [(t["scope"], t["value"]) for t in told["targets"]] == [("overall", 90), (1, 12)]


def test_by_default_people_can_read_it(file):
    ran = run(file)
    assert ran.exit_code == 0
    for words in (
        "青溪区水环境治理行动计划",
        "任务（2）",
        "区水务局",
        "目标（2）",
        "12座",
        "未读懂的数字（1）",
        "300户",
    ):
        assert words in ran.stdout


def test_what_is_no_plan_exits_with_three_and_says_why(tmp_path):
    path = tmp_path / "reply.txt"
    path.write_text("青溪区人民政府关于东湖镇规划的批复\n一、原则同意。\n", encoding="utf-8")
    ran = run(path)
    assert (ran.exit_code, ran.stdout) == (3, "")
    assert ran.stderr.startswith("not a plan: ") and ran.stderr.count("\n") == 1


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04nothing", b"%PDF-1.4 nothing", bytes(range(256)) * 9])
def test_what_cannot_be_read_exits_with_two_and_one_line(tmp_path, data):
    path = tmp_path / "plan.bin"
    path.write_bytes(data)
    ran = run(path)
    assert (ran.exit_code, ran.stdout, ran.stderr.count("\n")) == (2, "", 1)


def test_a_missing_file_and_a_folder_are_told_in_one_line(tmp_path):
    for path in (tmp_path / "none.txt", tmp_path):
        ran = run(path)
        assert (ran.exit_code, ran.stderr.count("\n")) == (2, 1)


def test_a_hundred_megabytes_are_refused_unread(tmp_path):
    path = tmp_path / "large.docx"
    with path.open("wb") as hole:
        hole.truncate(100 * 2**20)
    ran = run(path)
    assert ran.exit_code == 2
    assert "100.0 MB" in ran.stderr and f"{LIMIT // 2**20} MB" in ran.stderr


def test_reading_a_plan_does_not_load_django(file):
    code = "import sys; from qingshan.cli import main; main(['plan', 'read', sys.argv[1]], standalone_mode=False); sys.exit('django' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code, str(file)], capture_output=True)
    assert ran.returncode == 0, ran.stderr
