"""Reproducing an old run and verifying the trail, also after someone had the database in hand."""

import json
from datetime import date

import pytest
from click.testing import CliRunner

from qingshan.cli import main
from qingshan.cycle import run_cycle
from qingshan.evaluation.models import Run
from qingshan.evaluation.record import digest
from qingshan.evidence.figures.models import Figure
from qingshan.people.models import AuditLine
from qingshan.programme.loading import load
from tests.district import SAMPLE, programme, triggers_off

DAY = "2026-07-31"


def call(*words: str):
    result = CliRunner().invoke(main, words)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.fixture
def run(db) -> Run:
    return run_cycle(programme=load(SAMPLE), as_of=date.fromisoformat(DAY))


def test_a_day_judged_for_the_first_time_is_kept(db):
    load(SAMPLE)
    result = call("evaluate", "--as-of", DAY)
    assert result.exit_code == 0 and "评估日 2026-07-31：3 项任务，6 项规划目标：" in result.output
    assert Run.objects.get().as_of == date.fromisoformat(DAY)


def test_a_day_judged_before_is_reproduced_to_the_byte(run):
    result = call("evaluate", "--as-of", DAY, "--json")
    assert result.exit_code == 0 and result.stdout == run.record
    assert f"已重现第 {run.id} 次评估，与存档逐字节相同（SHA-256 {run.digest[:12]}…）" in result.stderr
    assert Run.objects.count() == 1


def test_a_new_evaluation_of_a_day_can_be_asked_for(run):
    result = call("evaluate", "--as-of", DAY, "--new", "--json")
    assert result.exit_code == 0 and Run.objects.count() == 2
    assert json.loads(result.stdout)["targets"] == json.loads(run.record)["targets"]


def different(result) -> str:
    assert result.exit_code == 1
    return result.stderr


def test_a_record_that_was_changed_is_found_out(run):
    Run.objects.update(record=run.record.replace("at_risk", "on_track"))
    assert "存档被改动过，校验值应为" in different(call("evaluate", "--as-of", DAY))


def test_a_record_that_is_no_record_any_more_is_found_out(run):
    Run.objects.update(record="")
    assert "存档被改动过" in different(call("evaluate", "--as-of", DAY))


def test_a_record_changed_with_its_digest_is_found_out(run):
    forged = run.record.replace("at_risk", "on_track")
    Run.objects.update(record=forged, digest=digest(forged))
    assert "被改动过。请运行 qingshan audit verify" in different(call("evaluate", "--as-of", DAY))


def test_evidence_that_was_changed_is_found_out(run):
    with triggers_off("figures_figure"):
        Figure.objects.filter(series="phosphorus-monthly").update(value=1)
    assert "所依据的数据被改动过" in different(call("evaluate", "--as-of", DAY))


def test_a_record_of_another_version_of_the_rules_says_which(run):
    Run.objects.update(code_version="0.0.1+rules.000000000000")
    assert "由程序版本 0.0.1+rules.000000000000 评估，现在是" in different(call("evaluate", "--as-of", DAY))


def test_without_a_plan_in_force_the_sentence_is_shown(db):
    programme()
    result = call("evaluate")
    assert result.exit_code == 1 and "还没有采用的规划" in result.stderr


@pytest.mark.parametrize("words", [("evaluate",), ("evaluate", "--programme", "nowhere")])
def test_a_programme_that_is_not_named_well_is_asked_for(db, words):
    load(SAMPLE)
    if len(words) == 1:
        programme()
    result = call(*words)
    assert result.exit_code == 1 and "请用 --programme 指明规划" in result.stderr and "riverbend" in result.stderr


# audit verify


def test_a_whole_trail_is_said_to_be_whole(run):
    result = call("audit", "verify")
    assert result.exit_code == 0 and f"完好，共 {AuditLine.objects.count()} 条" in result.output


def test_a_changed_line_of_the_trail_is_named(run):
    line = AuditLine.objects.order_by("id")[2]
    with triggers_off("people_auditline"):
        AuditLine.objects.filter(pk=line.pk).update(by="another")
    result = call("audit", "verify")
    assert result.exit_code == 1 and f"第 {line.pk} 条" in result.stderr and line.verb in result.stderr


def test_a_trail_cut_short_is_found_out(run):
    with triggers_off("people_auditline"):
        AuditLine.objects.last().delete()
    result = call("audit", "verify")
    assert result.exit_code == 1 and "末尾有记录被删除" in result.stderr
