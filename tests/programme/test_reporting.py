"""reporting.yaml: what a folder may say of its rounds, and what is wrong with it."""

from qingshan.evidence.reports.models import Schedule
from qingshan.evidence.reports.queries import schedule_of
from qingshan.programme.check import inspect
from qingshan.programme.loading import load

from .folder import JINSHAN, SAMPLE, copied, line_of, spoil

FILE = "reporting.yaml"


def told(folder) -> list[tuple[str, int, str]]:
    return [(one.file, one.line, one.zh) for one in inspect(folder)[1]]


def test_the_schedule_is_loaded_once(db):
    programme = load(SAMPLE)
    (kind,) = schedule_of(programme)
    assert (kind.code, kind.every, kind.opens, kind.due, kind.lock, kind.calendar) == (
        "half-yearly",
        "half",
        1,
        25,
        30,
        "GB",
    )
    load(SAMPLE)
    assert Schedule.objects.count() == 1


def test_a_folder_may_do_without(tmp_path):
    folder = copied(tmp_path)
    (folder / FILE).unlink()
    assert told(folder) == []


def test_days_follow_each_other(tmp_path):
    folder = copied(tmp_path)
    spoil(folder, FILE, "due: 25", "due: 31")
    assert told(folder) == [(FILE, 3, "开放、截止、锁定应依次不早于前一个，现为 1、31、30")]


def test_a_country_without_a_calendar_is_named(tmp_path):
    folder = copied(tmp_path)
    spoil(folder, FILE, "calendar: GB", "calendar: ZZ")
    assert told(folder) == [(FILE, 3, "没有 ZZ 的节假日历，请用两个字母的国家代码，如 CN")]


def test_simulated_reports_belong_to_a_round_and_a_body(tmp_path):
    folder = copied(tmp_path)
    text = (folder / FILE).read_text("utf8")
    (folder / FILE).write_text(
        text
        + "rehearsed:\n"
        + "- {round: yearly, period: 2026-H1, body: nobody, submitted: 2026-07-20}\n"
        + "- {round: half-yearly, period: 2026-H1, body: farm, submitted: 2026-07-20, accepted: 2026-07-10}\n"
        + "- {round: half-yearly, period: 2026-H1, body: works, submitted: 2026-07-20, returned: 2026-07-21}\n",
        "utf8",
    )
    found = told(folder)
    first = line_of(folder, FILE, "round: yearly")
    assert (FILE, first, "没有填报轮次 yearly") in found
    assert any(line == first and "nobody" in zh for _, line, zh in found)
    orders = [line for _, line, zh in found if zh.startswith("报送、退回、补正、接受的日期应依次填写")]
    assert orders == [first + 1, first + 2]


def test_jinshan_s_simulated_reports_name_only_its_own_bodies_and_rounds():
    found, problems = inspect(JINSHAN)
    assert [one for one in problems if one.file == FILE] == []
    assert {one.period for one in found.rehearsed} == {"2025-Q1", "2025-Q2", "2025-Q3"}
