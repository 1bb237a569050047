import json

import pytest
from click.testing import CliRunner

from qingshan.cli import main
from qingshan.evaluation.scores import actions
from qingshan.evaluation.scores.models import Sheet

from .rulesets import AS_OF, county, person
from .test_actions import LATE, REASON

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return county()


def run(*words):
    return CliRunner().invoke(main, ["scores", *words])


def test_a_sheet_is_computed_told_and_verified(programme):
    told = run("compute", "2026-H1")
    assert told.exit_code == 0, told.output
    assert told.stdout.startswith("2026-H1 评分表（草稿），评估日 2026-07-31：\n")
    assert "works：" in told.stdout and "mending 2/4" in told.stdout
    whole = run("compute", "2026-H1", "--json")
    assert json.loads(whole.stdout)["period"]["code"] == "2026-H1"
    assert whole.stdout == Sheet.objects.get().record
    assert "核验一致" in run("verify", "2026-H1").stdout


def test_what_cannot_be_computed_or_verified_is_said(programme):
    assert "应写作 2025" in run("compute", "2026-Q1").stderr
    assert "请先运行 qingshan scores compute 2026-H1" in run("verify", "2026-H1").stderr


def test_a_sheet_verifies_after_an_objection_was_upheld(programme):
    run("compute", "2026-H1")
    Sheet.objects.update(demonstration=True)
    found = actions.publish(
        by=None,
        sheet=actions.compute_sheet(by=None, programme=programme, period="2026-H1", demonstration=True),
        on=AS_OF,
    )
    made = actions.object_to(
        by=person("liaison", programme), sheet=found, line=LATE, reason=REASON, evidence="", on=AS_OF
    )
    actions.answer(by=None, objection=made, upheld=True, reason=REASON)
    assert run("verify", "2026-H1").exit_code == 0


def test_a_changed_record_is_found_out(programme):
    run("compute", "2026-H1")
    found = Sheet.objects.get()
    Sheet.objects.update(record=found.record.replace('"good":"2","high"', '"good":"4","high"', 1))
    told = run("verify", "2026-H1")
    assert told.exit_code == 1
    assert "存档被改动过" in told.stderr
    assert "重算，结果与存档不同" in told.stderr
