"""The page on which the office empties what tells of people when its time is over."""

from datetime import date

import pytest
from django.urls import reverse

from qingshan.evidence.registers.actions import move
from qingshan.evidence.registers.models import Entry, Redaction
from qingshan.people.models import AuditLine
from tests.evidence.registers.served import put

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(county, enter):
    """The page with one team whose telephone number is over its time."""
    team = put(county)["teams"]
    move(entry=team, expected=1, to="closed", by=None)
    Entry.objects.filter(pk=team.pk).update(effective_on=date(2010, 1, 1))
    client, where = enter("office", county), reverse("retention", args=[county.code])
    return lambda **data: (client.post(where, data, follow=True) if data else client.get(where)).content.decode()


def test_what_is_due_is_listed_without_saying_what_it_holds(page):
    told = page()
    assert "T1" in told and "字段phone" in told and "2010-01-01" in told and "021-" not in told


def test_the_office_empties_it_with_its_grounds_on_record(page, county):
    assert "已清除 1 条" in page(seen="1", why="保存期满")
    assert Redaction.objects.get().why == "保存期满" and AuditLine.objects.filter(verb="redact_entries").count() == 1
    assert "没有到期应清除的" in page()


@pytest.mark.parametrize(("sent", "words"), [({"seen": "1", "why": " "}, "写明依据"), ({"seen": "3", "why": "期满"}, "您看到的是 3 条，现在到期的是 1 条")])  # fmt: skip
def test_nothing_is_emptied_unseen_or_without_grounds(page, sent, words):
    assert words in page(**sent) and not Redaction.objects.exists()


def test_the_way_there_is_shown_to_the_office_alone(county, enter):
    put(county)
    where = reverse("retention", args=[county.code])
    for address in (reverse("audit"), reverse("registers", args=[county.code])):
        assert where in enter("office", county, name=f"o{address}").get(address).content.decode()
        assert where not in enter("auditor", county, name=f"a{address}").get(address).content.decode()
