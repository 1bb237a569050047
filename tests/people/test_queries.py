import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qingshan.people.actions import record
from qingshan.people.models import AuditHead, AuditLine, Jurisdiction
from qingshan.people.queries import broken_audit_line
from tests.district import district, triggers_off

pytestmark = pytest.mark.django_db


@pytest.fixture
def trail():
    return [record(by=None, verb=f"verb{i}", thing="x", jurisdiction=district(), detail={"i": i}) for i in range(4)]


def test_a_whole_trail_and_an_empty_one(trail):
    assert broken_audit_line() is None
    with triggers_off("people_auditline"):
        AuditLine.objects.all().delete()
        AuditHead.objects.all().delete()
    assert broken_audit_line() is None


@pytest.mark.parametrize("change", [{"by": "another"}, {"verb": "other"}, {"detail": {"i": 7}}, {"at": "2020-01-01T00:00Z"},
                                    {"role": "admin"}, {"thing": "y"}, {"jurisdiction": None}])  # fmt: skip
def test_a_changed_line_is_named(trail, change):
    with triggers_off("people_auditline"):
        AuditLine.objects.filter(pk=trail[1].pk).update(**change)
    assert broken_audit_line() == trail[1]


def test_a_line_moved_to_another_district_is_named(trail):
    other = Jurisdiction.objects.create(code="T-09", name="别区")
    with triggers_off("people_auditline"):
        AuditLine.objects.filter(pk=trail[2].pk).update(jurisdiction=other)
    assert broken_audit_line() == trail[2]


def test_a_removed_line_is_seen_at_the_next(trail):
    with triggers_off("people_auditline"):
        trail[1].delete()
    assert broken_audit_line() == trail[2]


def test_lines_cut_off_at_the_end_are_counted(trail):
    with triggers_off("people_auditline"):
        trail[3].delete()
    assert broken_audit_line() == "审计记录应有 4 条，现有 3 条：末尾有记录被删除。"


def test_a_line_put_in_without_its_turn_is_seen(trail):
    AuditLine.objects.create(at=trail[3].at, by="x", verb="forged", thing="x", seal="0" * 64)
    assert broken_audit_line().verb == "forged"


def test_cutting_off_the_end_and_the_count_with_it_is_seen(trail):
    with triggers_off("people_auditline"):
        trail[3].delete()
    AuditHead.objects.all().delete()
    assert "3 条" in broken_audit_line()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.text("甲乙ab\"\\\n", max_size=4), st.recursive(st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.text("甲é\t'", max_size=4), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("xy", max_size=2), inner, max_size=2), max_leaves=5), max_size=3))  # fmt: skip
def test_every_detail_reads_back_as_it_was_sealed(db, detail):
    record(by=None, verb="test", thing="x", detail=detail)
    assert broken_audit_line() is None
