from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from qingshan.evidence.registers import cells
from qingshan.evidence.registers.schema import Definition, Known, lacking, reached_after, route, validate

from .outfalls import DEFINITION, OUTFALLS, placed

GOOD = {"no": "P-1", "flow": "12.5", "pipes": 2, "metered": True, "kind": "works", "due_on": "2025-06-30", "since": 1998,
        "page": "https://riverbend.example/p1", "keeper": "water"}  # fmt: skip

NAME = {"zh": "字段", "en": "Field"}


def spoilt(change):
    told = deepcopy(OUTFALLS)
    change(told)
    with pytest.raises(ValidationError) as refused:
        Definition.model_validate(told)
    return refused.value.errors()[0]["ctx"]["zh"] if "ctx" in refused.value.errors()[0] else str(refused.value)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d["fields"].append(dict(d["fields"][0])), "字段 no 重复"),
        (lambda d: d["states"].append(dict(d["states"][0])), "状态 found 重复"),
        (lambda d: d.update(key=["number"]), "唯一键字段 number 不在 fields 中"),
        (lambda d: d.update(key=["name"]), "唯一键字段 name 须为必填"),
        (lambda d: d.update(owner="name"), "owner 指向的字段 name 不是 body"),
        (lambda d: d.update(planned="flow"), "planned 指向的字段 flow 不是 date"),
        (lambda d: d["transitions"].append({"from": "found", "to": "lost"}), "状态 lost 未列在 states 中"),
        (lambda d: d["transitions"][0].update(proof={"fields": ["lost"]}), "字段 lost 不存在"),
        (lambda d: d["transitions"].pop(2), "状态 verified 无法从第一个状态到达"),
        (lambda d: d["states"][3].pop("final"), "状态 verified 没有后续转换"),
        (lambda d: d["fields"][3].pop("choices"), "choice 须列出 choices"),
        (lambda d: d["fields"][0].update(type="reference"), "reference 须写明所引的台账"),
        (lambda d: d["fields"][1].update(code="state"), "字段代码以小写英文字母开头"),
        (lambda d: d["fields"][1].update(code="x'); drop table"), "字段代码以小写英文字母开头"),
    ],
)
def test_a_definition_that_does_not_hold_together_is_refused(change, words):
    assert words in spoilt(change)


def test_units_of_farmland_have_the_three_classes_of_the_law():
    def fields(*codes: str):
        asked = [
            {
                "code": "class",
                "name": NAME,
                "type": "choice",
                "choices": [{"code": one, "zh": "类", "en": "Class"} for one in codes],
            }
        ]
        asked += [
            {"code": one, "name": NAME, "type": "int"} for one in ("area", "produce", "produce_met", "produce_heavy")
        ]
        return lambda d: d.update(serves="farmland-units", fields=[*d["fields"], *asked])

    assert "class 的选项应为 safe、used、strict" in spoilt(fields("safe", "used"))
    assert "须有字段 class" in spoilt(lambda d: d.update(serves="farmland-units"))
    told = deepcopy(OUTFALLS)
    fields("strict", "used", "safe")(told)
    assert Definition.model_validate(told).serves == "farmland-units"


def test_a_good_row_fits():
    assert validate(DEFINITION, GOOD, Known({"water"})) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"no": ""}, "“编号”为必填"),
        ({"flow": "12.555"}, "有 3 位小数，最多 2 位"),
        ({"flow": "-1"}, "小于下限 0"),
        ({"flow": "100000.01"}, "大于上限 100000"),
        ({"flow": 12.5}, "应为数字"),
        ({"flow": "1e3"}, "应为数字"),
        ({"pipes": 21}, "大于上限 20"),
        ({"pipes": True}, "应为整数"),
        ({"metered": 1}, "应为是或否"),
        ({"kind": "school"}, "不在可选项中，应为：工业、农业"),
        ({"due_on": "2025-02-30"}, "应为日期"),
        ({"due_on": "20250228"}, "应为日期"),
        ({"since": 1200}, "不在 1900—2200 年之间"),
        ({"page": "javascript:alert(1)"}, "应为网址"),
        ({"keeper": "mayor"}, "“mayor”不是登记的部门"),
        ({"colour": "red"}, "没有字段 colour"),
        ({"name": "x" * 2001}, "有 2001 个字，上限 2000 个"),
        ({"name": "a\x00b"}, "应为文字"),
    ],
)
def test_what_is_wrong_with_a_row_is_said(change, words):
    (problem,) = validate(DEFINITION, GOOD | change, Known({"water"}))
    assert words in problem.zh and problem.en and problem.field in change


def test_a_place_is_one_of_those_that_the_programme_names_where_it_names_any():
    free, named = placed(), placed("枫林镇", "柳溪镇")
    assert validate(free, GOOD | {"town": "枫林"}) == validate(named, GOOD | {"town": "柳溪镇"}) == []
    (problem,) = validate(named, GOOD | {"town": "枫林"})
    assert problem.field == "town" and "“枫林”不是登记的地名，应为：枫林镇、柳溪镇" in problem.zh


numbers = st.decimals(min_value=0, max_value=100_000, places=2)
texts = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=50)
VALUES = {
    "flow": numbers.map(cells.plain),
    "pipes": st.integers(1, 20),
    "metered": st.booleans(),
    "kind": st.sampled_from(["works", "farm"]),
    "due_on": st.dates().map(lambda day: day.isoformat()),
    "since": st.integers(1900, 2200),
    "name": texts.map(str.strip).filter(bool),
}


@pytest.mark.parametrize("code", VALUES)
def test_what_is_shown_is_read_back(code):
    column = DEFINITION.field[code]

    @given(VALUES[code])
    def shown(value):
        assert validate(DEFINITION, {"no": "1", code: value}) == []
        assert cells.read(column, cells.show(column, value)) == value
        assert cells.read(column, cells.show(column, value, "en")) == value

    shown()


junk = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=30), st.dates(), st.datetimes(),
    st.lists(st.integers(), max_size=2),
)  # fmt: skip


@given(st.sampled_from(DEFINITION.fields), junk)
def test_any_cell_is_read_or_refused_and_what_is_read_fits(column, raw):
    try:
        value = cells.read(column, raw)
    except cells.Unreadable as wrong:
        assert wrong.zh and wrong.en
    else:
        assert value is None or validate(DEFINITION, {"no": "1", column.code: value}) == []


@given(st.dictionaries(st.sampled_from([*DEFINITION.field, "other"]), junk, max_size=6))
def test_any_data_is_judged(data):
    for problem in validate(DEFINITION, data):
        assert problem.zh and problem.en


def test_a_spreadsheet_s_numbers_keep_their_digits():
    flow, name = DEFINITION.field["flow"], DEFINITION.field["name"]
    assert (
        cells.read(flow, 12.3) == "12.3"
        and cells.read(flow, 1200) == "1200"
        and cells.read(flow, "1,200.50") == "1200.5"
    )
    assert cells.read(name, 12.0) == "12"


def test_the_way_between_two_states():
    def way(start, to, *who):
        found = route(DEFINITION, start, to, who)
        return found and [step.to for step in found]

    assert way("found", "verified", "office", "own") == ["traced", "mended", "verified"]
    assert way("found", "verified", "own") is None
    assert way("found", "mended", "own") == ["traced", "mended"]
    assert route(DEFINITION, "found", "found", ["own"]) == []


def test_what_a_move_lacks():
    mend, verify = DEFINITION.transitions[1:3]
    assert [one.zh for one in lacking(DEFINITION, mend, {}, 0)] == ["转为“已整治”前须填写“整治完成”"]
    assert [one.zh for one in lacking(DEFINITION, verify, {}, 0)] == ["转为“已验收”须有证明材料 1 份，现有 0 份"]
    assert lacking(DEFINITION, verify, {}, 1) == []


def test_going_back_undoes_what_came_after():
    path = reached_after(reached_after({"found": "2025-01-01"}, "traced", "2025-02-01"), "mended", "2025-03-01")
    assert path == {"found": "2025-01-01", "traced": "2025-02-01", "mended": "2025-03-01"}
    assert reached_after(path, "traced", "2025-04-01") == {"found": "2025-01-01", "traced": "2025-04-01"}


def test_the_plain_form_gives_the_definition_again():
    again = Definition.model_validate(DEFINITION.plain())
    assert again == DEFINITION and again.plain() == DEFINITION.plain()
