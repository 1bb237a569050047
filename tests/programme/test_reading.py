import shutil
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qingshan.programme import reading
from qingshan.programme.check import inspect
from qingshan.programme.reading import read
from qingshan.programme.schema import Problem
from tests.programme.folder import SAMPLE, copied, spoil

YAML_FILES = ["programme.yaml", "bodies.yaml", "plan.yaml", "targets.yaml", "metrics.yaml"]
TABLES = ["sources.csv", "figures/river.csv", "figures/outfalls.csv"]


def told(folder) -> list[str]:
    return [str(p) for p in read(folder).problems]


def test_numbers_stay_exact():
    programme = read(SAMPLE).programme
    target = programme.targets[0]
    assert target.value == Decimal("0.15") and isinstance(target.value, Decimal)
    assert str(programme.figures[-1].value) == "0.16"
    assert programme.head.period == [2025, 2027]
    assert target.due == date(2027, 12, 31)


def test_every_entry_knows_its_line():
    programme = read(SAMPLE).programme
    target = programme.targets[1]
    assert (target.where.file, target.where.line) == ("targets.yaml", 15)
    assert target.where.lines["metric"] == 19
    assert (programme.items[0].where.file, programme.items[0].where.line) == ("figures/outfalls.csv", 2)
    assert target.problem("metric", "看这里", "look") == Problem("targets.yaml", 19, "看这里", "look")


def test_origin_and_tasks_of_a_target():
    programme = read(SAMPLE).programme
    assert [t.code for t in programme.working] == ["public-page"]
    assert programme.official[0].tasks == [1] and programme.official[1].tasks == [1]


def test_no_folder(tmp_path):
    (problem,) = read(tmp_path / "nothing").problems
    assert problem.zh == "没有这个文件夹，请核对路径"


def test_an_empty_folder_lacks_six_files(tmp_path):
    assert told(tmp_path) == sorted(f"{name}:1: 缺少这个文件，请补上" for name in [*YAML_FILES, "sources.csv"])


@pytest.mark.parametrize("name", YAML_FILES)
def test_a_missing_file_is_one_problem(name, tmp_path):
    folder = copied(tmp_path)
    (folder / name).unlink()
    assert told(folder) == [f"{name}:1: 缺少这个文件，请补上"]


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("bodies.yaml", "kind: company", "kind: firm",
         "bodies.yaml:4: “kind” firm 应为其中之一：'department', 'branch', 'party', 'company', 'town', 'group' 或 'other'"),
        ("bodies.yaml", "kind: company", "kind: company, colour: red", "bodies.yaml:4: 不认识“colour”，请核对拼写或删去"),
        ("bodies.yaml", "code: utility", "code: Utility Ltd",
         "bodies.yaml:4: “code” Utility Ltd 代码只能用小写英文字母、数字、“-”和“_”，不超过 60 个字符；纯数字须加引号"),
        ("bodies.yaml", "bodies:\n", "bodies:\n- just a word\n", "bodies.yaml:1: 这一项 just a word 应为“字段: 值”"),
        ("bodies.yaml", "bodies:\n", "people: 3\nbodies:\n", "bodies.yaml:1: 不认识“people”，这里只能有 bodies"),
        ("plan.yaml", "- no: 2", "- no: two", "plan.yaml:15: “no” two 应为任务序号：1 至 999，分项任务写作 1.2"),
        ("plan.yaml", "- no: 2", "- no: 0", "plan.yaml:15: “no” 0 应为任务序号：1 至 999，分项任务写作 1.2"),
        ("plan.yaml", "by: 2027", "by: 1848", "plan.yaml:13: “measures[1].by” 1848 不能小于 1949"),
        ("plan.yaml", "{zh: 河流, en: River}", "{zh: 河流}", "plan.yaml:7: 缺少“short.en”，请补上"),
        ("plan.yaml", "{zh: 河流, en: River}", "River", "plan.yaml:7: “short” River 应为“字段: 值”"),
        ("plan.yaml", "title: {zh: 治理河流,", "title: {zh: 12,", "plan.yaml:6: “title.zh” 12 应为文字，数字和日期请加引号"),
        ("plan.yaml", "[farm]", "farm", "plan.yaml:20: “bodies” farm 应为列表"),
        ("targets.yaml", "value: 0.15", "value: 0.15 mg/L",
         "targets.yaml:10: “value” 0.15 mg/L 应为数字，整数部分不超过 14 位、小数不超过 6 位，不带单位和千分号"),
        ("targets.yaml", "value: 0.15", "value: .nan",
         "targets.yaml:10: “value” .nan 应为数字，整数部分不超过 14 位、小数不超过 6 位，不带单位和千分号"),
        ("targets.yaml", "value: 0.15", "value: 1e99999999",
         "targets.yaml:10: “value” 1e99999999 应为数字，整数部分不超过 14 位、小数不超过 6 位，不带单位和千分号"),
        ("targets.yaml", "due: 2027-06-30", "due: 2027-06-31", "targets.yaml:39: “due” 2027-06-31 应为存在的日期，写作 2026-12-31"),
        ("targets.yaml", "scope: overall", "scope: all", "targets.yaml:3: “scope” all 应为 overall（总体）或任务序号"),
        ("targets.yaml", "binding: false", "binding: maybe", "targets.yaml:73: “binding” maybe 应为 true 或 false"),
        ("targets.yaml", "value: 12}", "amount: 12}", "targets.yaml:28: 缺少“steps[1].value”，请补上"),
        ("targets.yaml", "  side: below\n", "  side: below\n  side: above\n",
         "targets.yaml:22: “side”重复，前一次在第 21 行，请删去一个"),
        ("metrics.yaml", "range: [0, 5]", "range: [5, 0]", "metrics.yaml:20: “range” 下限 5 大于上限 0"),
        ("metrics.yaml", "range: [0, 5]", "range: [0]", "metrics.yaml:20: “range” 至少要有 2 项"),
        ("metrics.yaml", "units:\n", "units:\n- [a, b]\n", "metrics.yaml:28: 这一项应为“字段: 值”"),
        ("programme.yaml", "code: riverbend", "code: 42",
         "programme.yaml:2: “code” 42 代码只能用小写英文字母、数字、“-”和“_”，不超过 60 个字符；纯数字须加引号"),
        ("programme.yaml", "code: RB-01", "code: 310116", "programme.yaml:3: “jurisdiction.code” 310116 应为文字，数字和日期请加引号"),
        ("programme.yaml", "role: liaison", "role: king",
         "programme.yaml:16: “demonstration.accounts[2].role” king 应为其中之一：'office', 'liaison', 'leader', 'auditor' 或 'admin'"),
        ("programme.yaml", "issued: 2025-01-20", "issued:", "programme.yaml:6: “issued” 应为存在的日期，写作 2026-12-31"),
        ("sources.csv", "yearbook,published", "yearbook,rumour",
         "sources.csv:2: “kind” rumour 应为其中之一：'published', 'office' 或 'simulated'"),
        ("sources.csv", "https://riverbend", "ftp://riverbend", "sources.csv:2: “url” ftp://riverbend.example/yearbook 写法不对"),
        ("figures/river.csv", "2025-03,0.20", "2025-03,O.20",
         "figures/river.csv:4: “value” O.20 应为数字，整数部分不超过 14 位、小数不超过 6 位，不带单位和千分号"),
        ("figures/river.csv", "2025-03,0.20", "2025-03,", "figures/river.csv:4: 缺少“value”，请补上"),
        ("figures/river.csv", "2025-04-20,", "2025-04-20,,,", "figures/river.csv:4: 这一行有 8 格，表头有 6 列，请补齐或删去多余的格"),
        ("figures/river.csv", "period,value", "period", "figures/river.csv:1: 表头缺少列 value，请补上"),
        ("figures/river.csv", ",note", ",remark", "figures/river.csv:1: 表头中的列 remark 不认识或重复，请改名或删去"),
        ("figures/river.csv", ",note", ",period", "figures/river.csv:1: 表头中的列 period 不认识或重复，请改名或删去"),
        ("figures/river.csv", "2025-03,0.20", '2025-03,"0.20"x', "figures/river.csv:4: 表格写法有误，请检查引号"),
    ],
)  # fmt: skip
def test_says_what_is_wrong_and_where(file, old, new, said, tmp_path):
    folder = copied(tmp_path)
    spoil(folder, file, old, new)
    assert said in told(folder)


def test_every_field_that_is_wrong_is_told(tmp_path):
    folder = copied(tmp_path)
    spoil(
        folder,
        "bodies.yaml",
        "name: Farm Office, full: Riverbend Farm Office, en: Farm Office, kind: department",
        "nam: Farm",
    )
    assert sorted(line.split("“")[1].split("”")[0] for line in told(folder)) == ["en", "kind", "nam", "name"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("bodies:\n- {code: a\n  name: b", 3),
        ("bodies:\n\t- a: b", 2),
        ("bodies:\n- a: 'b", 2),
        ("a: b: c", 1),
        ("- - :\n -", 1),
    ],
)
def test_broken_yaml_names_a_line(text, line, tmp_path):
    folder = copied(tmp_path)
    (folder / "bodies.yaml").write_text(text, "utf8")
    (problem,) = [p for p in read(folder).problems if p.file == "bodies.yaml"]
    assert problem.zh == "YAML 写法有误，请检查这一行前后的缩进、冒号和引号" and problem.line == line


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "bodies.yaml:1: 文件内容应为“字段: 值”"),
        (b"- a\n- b\n", "bodies.yaml:1: 文件内容应为“字段: 值”"),
        (b"bodies: &all\n- *all\n", "bodies.yaml:2: 不能使用别名（*）或嵌套过深，请直接写出"),
        (b"bodies: " + b"[" * 60 + b"]" * 60, "bodies.yaml:1: 不能使用别名（*）或嵌套过深，请直接写出"),
        ("bodies: []\n# 部门\n".encode("gb18030"), "bodies.yaml:2: 不是 UTF-8 编码（像是 GB18030），请另存为 UTF-8"),
        ("bodies: []\n".encode("utf-16"), "bodies.yaml:1: 不是 UTF-8 编码（像是 UTF-16），请另存为 UTF-8"),
        (b"bodies: []\n\n\xff\x00\xff", "bodies.yaml:3: 不是 UTF-8 编码，请另存为 UTF-8"),
        (b"bodies:\n- {code: a, ? [b]: c}\n", "bodies.yaml:2: 字段名应为一个词"),
        (b"__where__: x\nbodies: []\n", "bodies.yaml:1: 字段名应为一个词"),
        (b"bodies:\n", "bodies.yaml:1: “bodies”应为列表，请补上"),
    ],
)
def test_unusable_files(content, said, tmp_path):
    folder = copied(tmp_path)
    (folder / "bodies.yaml").write_bytes(content)
    assert said in told(folder)


def test_thousands_of_brackets_are_no_traceback(tmp_path):
    folder = copied(tmp_path)
    (folder / "bodies.yaml").write_bytes(b"bodies: " + b"[" * 5000)
    assert any(p.file == "bodies.yaml" for p in read(folder).problems)


def test_a_byte_order_mark_is_allowed(tmp_path):
    folder = copied(tmp_path)
    for name in [*YAML_FILES, *TABLES]:
        (folder / name).write_bytes(b"\xef\xbb\xbf" + (folder / name).read_bytes())
    assert inspect(folder)[1] == []


def test_line_ends_of_windows_and_empty_rows_are_allowed(tmp_path):
    folder = copied(tmp_path)
    for name in [*YAML_FILES, *TABLES]:
        (folder / name).write_bytes((folder / name).read_bytes().replace(b"\n", b"\r\n"))
    (folder / "figures/river.csv").write_bytes((folder / "figures/river.csv").read_bytes() + b"\r\n,,,,,\r\n")
    assert inspect(folder)[1] == []


def test_a_cell_of_two_lines_does_not_shift_the_count(tmp_path):
    folder = copied(tmp_path)
    spoil(
        folder,
        "figures/river.csv",
        "2025-02,0.22,yearbook,2025-03-20,",
        '2025-02,0.22,yearbook,2025-03-20,"two\nlines"',
    )
    spoil(folder, "figures/river.csv", "2025-03,0.20", "2025-03,x")
    assert [p.line for p in read(folder).problems] == [5]


def test_a_file_too_large_is_not_read(tmp_path, monkeypatch):
    folder = copied(tmp_path)
    monkeypatch.setattr(reading, "MOST_BYTES", 1_000_000)
    (folder / "bodies.yaml").write_bytes(b"#" * 1_100_000)
    assert told(folder) == ["bodies.yaml:1: 文件有 1.1 MB，上限 1 MB，请拆分"]


def test_only_tables_belong_among_the_figures(tmp_path):
    folder = copied(tmp_path)
    (folder / "figures/river.xlsx").write_bytes(b"PK")
    assert told(folder) == ["figures/river.xlsx:1: 这里只放 .csv 表格，请另存或移走"]


def test_a_folder_in_place_of_a_file(tmp_path):
    folder = copied(tmp_path)
    (folder / "bodies.yaml").unlink()
    (folder / "bodies.yaml").mkdir()
    (folder / "figures/more.csv").mkdir()
    assert told(folder) == ["bodies.yaml:1: 缺少这个文件，请补上", "figures/more.csv:1: 缺少这个文件，请补上"]


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory):
    return copied(tmp_path_factory.mktemp("spoilt"))


names = st.sampled_from([*YAML_FILES, *TABLES])
snippets = st.sampled_from(
    [
        b"\n",
        b":",
        b"- ",
        b"{",
        b"]",
        b"'",
        b'"',
        b",",
        b"&a ",
        b"*a",
        b"!!x ",
        b"|",
        b"\t",
        b"\x00",
        b"\xff",
        b"<<",
        b"2024",
    ]
)
noise = st.one_of(
    st.binary(max_size=200),
    st.lists(snippets, max_size=30).map(b"".join),
    st.text(max_size=100).map(lambda t: t.encode("utf8", "ignore")),
)
relaxed = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


def answers(folder):
    for problem in inspect(folder)[1]:
        assert problem.zh and problem.en and problem.line >= 1
        assert "\n" not in str(problem)


@relaxed
@given(name=names, content=noise)
def test_any_bytes_for_a_file(spoilt, name, content):
    shutil.copytree(SAMPLE, spoilt, dirs_exist_ok=True)
    (spoilt / name).write_bytes(content)
    answers(spoilt)


@relaxed
@given(name=names, content=noise, at=st.floats(0, 1), cut=st.integers(0, 200))
def test_any_bytes_inside_a_file(spoilt, name, content, at, cut):
    shutil.copytree(SAMPLE, spoilt, dirs_exist_ok=True)
    whole = (spoilt / name).read_bytes()
    place = int(at * len(whole))
    (spoilt / name).write_bytes(whole[:place] + content + whole[place + cut :])
    answers(spoilt)
