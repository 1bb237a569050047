import json
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from qingshan.coordination.matters import Kind, Matter, Text, Wait, matter_of, waits

DAY = date(2025, 9, 30)
CODES = st.sampled_from(["", "water", "farm", "roads"])


def matter(kind=Kind.NODE, key="1", body="water", partners=(), due_on=DAY, **more) -> Matter:
    return Matter(kind, key, Text("事", "thing"), Text("情况", "told"), body, tuple(partners), due_on, **more)


MATTERS = st.builds(
    matter, kind=st.sampled_from(Kind), key=st.text(max_size=5), body=CODES, partners=st.lists(CODES, max_size=3),
    due_on=st.dates(), binding=st.booleans(), simulated=st.booleans(),
)  # fmt: skip


def test_binding_targets_come_first_then_consequence_then_lateness():
    late, early = date(2025, 9, 1), date(2025, 3, 1)
    rows = [
        matter(Kind.LEAD, "a", due_on=early),
        matter(Kind.TARGET_SILENT, "b", binding=True),
        matter(Kind.ASSIGNMENT, "c"),
        matter(Kind.TARGET_OFF, "d", binding=False, due_on=early),
        matter(Kind.TARGET_RISK, "e", binding=True),
        matter(Kind.TARGET_OFF, "f", binding=True, due_on=late),
        matter(Kind.TARGET_OFF, "g", binding=True, due_on=early),
    ]
    assert [one.key for one in sorted(rows, key=lambda one: one.order)] == ["g", "f", "e", "d", "c", "b", "a"]


@given(MATTERS)
def test_a_matter_comes_back_from_json_as_it_was(one):
    assert matter_of(json.loads(json.dumps(one.plain()))) == one


def test_who_waits_for_whom_is_counted_by_matters():
    found = waits([
        matter(key="1", partners=("farm", "roads", "farm")),
        matter(key="2", partners=("farm", "water"), due_on=date(2025, 1, 1)),
        matter(key="3", body="farm"),
        matter(key="4", body=""),
    ])  # fmt: skip
    assert found == [
        Wait("water", 2, date(2025, 1, 1), (("farm", 2), ("roads", 1))),
        Wait("farm", 1, DAY, ()),
    ]


@given(st.lists(MATTERS, max_size=12))
def test_every_matter_with_a_lead_is_waited_for_once_and_nobody_waits_for_himself(rows):
    found = waits(rows)
    assert sum(one.count for one in found) == sum(bool(one.body) for one in rows)
    assert all(code != one.body for one in found for code, _ in one.waiting)
    assert [one.count for one in found] == sorted((one.count for one in found), reverse=True)
