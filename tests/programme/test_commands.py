import json

import pytest
from click.testing import CliRunner

from qingshan.programme.commands import programme
from tests.programme.folder import JINSHAN, SAMPLE, copied, spoil


def run(*words):
    return CliRunner().invoke(programme, ["check", *map(str, words)])


def test_a_clean_folder_is_summed_up():
    result = run(JINSHAN)
    assert result.exit_code == 0
    assert "24 项，8 个专题" in result.output and "27 项：有真实数据 1" in result.output and "30 个" in result.output


@pytest.mark.parametrize(("lang", "words"), [("zh", "缺少“en”，请补上"), ("en", "'en' is missing; add it")])
def test_problems_are_listed_and_fail(lang, words, tmp_path):
    folder = copied(tmp_path)
    spoil(folder, "bodies.yaml", " en: Farm Office,", "")
    result = run(folder, "--lang", lang)
    assert result.exit_code == 1
    assert result.output.splitlines()[0] == f"bodies.yaml:3: {words}"
    assert result.output.splitlines()[1] == {"zh": "共 1 处问题", "en": "1 problem"}[lang]


def test_json(tmp_path):
    assert json.loads(run(SAMPLE, "--json").output)["counts"]["targets"] == 6
    folder = copied(tmp_path)
    spoil(folder, "plan.yaml", "[farm]", "[barn]")
    told = json.loads(run(folder, "--json").output)
    assert told["counts"] is None
    assert [(p["file"], p["line"]) for p in told["problems"]] == [("plan.yaml", 20)]


def test_a_path_that_is_no_folder(tmp_path):
    assert run(tmp_path / "none").exit_code == 2
