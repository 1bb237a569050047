import json
import os
import stat

import pytest
from click.testing import CliRunner

from qingshan.cli import main
from qingshan.evaluation.models import Run
from qingshan.people.actions import SYSTEM
from qingshan.people.models import AuditLine, User
from qingshan.plan.models import Programme

from .district import SAMPLE

pytestmark = pytest.mark.django_db
PASSWORD = "qingshui-1234"


def call(*words: str, expected: int = 0):
    done = CliRunner().invoke(main, [str(word) for word in words])
    assert done.exit_code == expected, done.output
    return done


@pytest.fixture
def loaded(db) -> Programme:
    call("programme", "load", SAMPLE)
    return Programme.objects.get()


def test_loading_again_writes_nothing(loaded):
    lines = AuditLine.objects.count()
    assert loaded.title in call("programme", "load", SAMPLE).output
    assert AuditLine.objects.count() == lines > 0


def test_a_faulty_folder_is_told_file_and_line_and_nothing_is_loaded(tmp_path):
    (tmp_path / "programme.yaml").write_text("code: 1\n", encoding="utf-8")
    told = call("programme", "load", tmp_path, expected=1).output
    assert "programme.yaml:" in told
    assert not Programme.objects.exists()


def test_evaluating_keeps_a_run_and_says_how_it_went(loaded):
    told = call("evaluate", "--as-of", "2025-10-31").output
    run = Run.objects.get()
    assert f"第 {run.id} 次评估，评估日 2025-10-31" in told
    assert run.created_by is None and AuditLine.objects.get(verb="evaluate").by == SYSTEM


def test_a_day_already_judged_is_reproduced(loaded):
    first = call("evaluate", "--as-of", "2025-10-31", "--json").stdout
    again = call("evaluate", "--as-of", "2025-10-31", "--json")
    assert again.stdout == first == Run.objects.get().record
    assert "逐字节相同" in again.stderr
    assert json.loads(first)["as_of"] == "2025-10-31"


def test_a_record_that_differs_is_told_with_both_versions(loaded):
    call("evaluate", "--as-of", "2025-10-31")
    record = Run.objects.get().record.replace('"off_track":', '"off_track":1')
    Run.objects.update(record=record, code_version="0.0.1+rules.000000000000")
    told = call("evaluate", "--as-of", "2025-10-31", expected=1).stderr
    assert "不同" in told and "0.0.1+rules.000000000000" in told


def test_evaluating_anew_is_a_second_run(loaded):
    call("evaluate", "--as-of", "2025-10-31")
    call("evaluate", "--as-of", "2025-10-31", "--new")
    assert Run.objects.count() == 2


def test_without_a_programme_the_command_says_so(db):
    assert "现有：（没有）" in call("evaluate", expected=1).output


def test_the_audit_trail_is_verified(loaded):
    assert f"共 {AuditLine.objects.count()} 条" in call("audit", "verify").output


def test_the_first_account_is_opened(loaded):
    call("account", "open", "chief", "--role", "admin", "--name", "系统管理", "--password", PASSWORD)
    user = User.objects.get()
    assert user.check_password(PASSWORD) and user.role == "admin" and user.jurisdiction == loaded.jurisdiction
    assert AuditLine.objects.filter(verb="open_account", thing="people.user chief").exists()


@pytest.mark.parametrize(
    "words, told",
    [
        (["--role", "liaison", "--name", "联络员", "--password", PASSWORD], "--body"),
        (["--role", "office", "--name", "计划办", "--password", PASSWORD, "--body", "none-such"], "--body"),
        (["--role", "office", "--name", "计划办", "--password", "12345678"], "密码"),
    ],
    ids=["liaison without a body", "unknown body", "weak password"],
)
def test_an_account_that_cannot_be_is_refused_with_a_sentence(loaded, words, told):
    assert told in call("account", "open", "someone", *words, expected=1).output
    assert not User.objects.exists()


def test_an_account_is_not_opened_twice(loaded):
    words = ["account", "open", "chief", "--role", "admin", "--name", "系统管理", "--password", PASSWORD]
    call(*words)
    assert "已经存在" in call(*words, expected=1).output


def test_the_demonstration_starts_twice_and_says_the_same(settings, tmp_path):
    settings.HOME = tmp_path
    settings.STATIC_ROOT = tmp_path / "static"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    first = call("demo", "--no-serve", "--folder", SAMPLE)
    kept = (AuditLine.objects.count(), Run.objects.count())
    again = call("demo", "--no-serve", "--folder", SAMPLE)
    assert again.stdout == first.stdout
    assert (AuditLine.objects.count(), Run.objects.count()) == kept
    secret = tmp_path / "demonstration-password"
    assert f"密码：{secret.read_text()}" in first.stdout
    assert stat.S_IMODE(os.stat(secret).st_mode) == 0o600


HOURS = "timepoint,stationcode,so2,no2,co,o3,o3_24h,pm10,pm2_5\n" + "".join(
    f"2026-03-05T{hour:02}:00:00,S1,4,30,0.6,50,90,60,40\n" for hour in range(1, 24)
)


@pytest.fixture
def hours(tmp_path, settings, monkeypatch):
    """A file of a station's hours, and a store of this home."""
    settings.OBSERVATIONS = str(tmp_path / "observations")
    monkeypatch.setenv("QINGSHAN_OBSERVATIONS", settings.OBSERVATIONS)
    file = tmp_path / "hours.csv"
    file.write_text(HOURS, encoding="utf-8")
    return file


def written(verb: str) -> list[dict]:
    return list(AuditLine.objects.filter(verb=verb).order_by("id").values_list("detail", flat=True))


def test_measurements_taken_in_leave_a_line_once(loaded, hours):
    for _ in range(2):
        call("observations", "import", hours)
    (told,) = written("import_measurements")
    assert (told["new"], told["corrected"], told["left_out"]) == (23 * 6, 0, 0)
    assert [one["file"] for one in told["files"]] == ["hours.csv"] and len(told["files"][0]["sha256"]) == 64
    assert AuditLine.objects.get(verb="import_measurements").by == SYSTEM and "完好" in call("audit", "verify").output


def test_flags_that_are_written_leave_a_line_and_a_try_none(loaded, hours):
    call("observations", "import", hours)
    call("observations", "flag", "--medium", "air")
    assert written("flag_measurements") == []
    call("observations", "flag", "--medium", "air", "--write")
    (told,) = written("flag_measurements")
    assert told["medium"] == "air" and ["NO2", "", "stuck", 23] in told["changes"]


def test_another_store_than_this_homes_leaves_no_line(loaded, hours, tmp_path):
    call("observations", "import", hours, "--store", tmp_path / "elsewhere")
    assert written("import_measurements") == []
