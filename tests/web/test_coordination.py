"""The pages of coordination and the inbox, by what different readers get."""

import io

import pytest
from django.core.cache import cache
from docx import Document
from openpyxl import load_workbook

from qingshan.coordination import actions, queries
from qingshan.coordination.models import Alert, Decision, Meeting, Preference
from qingshan.people.models import Role, User
from qingshan.plan.models import Programme

from ..coordination.stuck import DUE, FIRST, SECOND, THIRD, bodies, decided, held, late_node, ruled, run
from .conftest import person

pytestmark = pytest.mark.django_db
HOME = "/trial/coordination/"


@pytest.fixture
def stuck(plain) -> Programme:
    """The trial district with a late node at the level of a circular, and a programme whose today is the third day."""
    made = ruled()
    Programme.objects.filter(pk=made.pk).update(
        about={"demonstration": {"as_of": THIRD.isoformat(), "why": {"zh": "试", "en": "trial"}}}
    )
    late_node()
    for day in (FIRST, SECOND, THIRD):
        run(day)
    return Programme.objects.get(pk=made.pk)


@pytest.fixture
def visit(client, stuck):
    """visit(role, address): what a reader of that role gets; a liaison speaks for water."""

    def get(role: str, address: str, read_in: str = "zh-hans", **data):
        cache.clear()
        client.cookies["django_language"] = read_in
        user = User.objects.filter(username=role).first()
        client.force_login(user or person(role, stuck.jurisdiction, role, bodies()[0]))
        answer = client.post(address, data) if data else client.get(address)
        answer.words = answer.content.decode(errors="replace") if not answer.streaming else ""
        return answer

    return get


def circular() -> Alert:
    return Alert.objects.get(level=3)


def test_the_page_says_what_is_stuck_who_waits_and_what_awaits_a_word(visit):
    page = visit("leader", HOME).words
    assert "停滞 1 件" in page and "管网改造" in page and "通报待确认" in page and "去确认" in page
    assert "清单节点逾期" in page and "水务局" in page and "农业局 1" in page


def test_a_liaison_does_not_see_a_circular_before_someone_has_decided(visit):
    page = visit("liaison", HOME).words
    assert "通报待确认" not in page and "警示" in page
    assert visit("liaison", f"{HOME}alerts/{circular().pk}/").status_code == 404
    actions.settle_circular(
        by=person("leader", bodies()[0].jurisdiction, "chair"), alert=circular(), on=THIRD, issue=True, note=""
    )
    assert visit("liaison", f"{HOME}alerts/{circular().pk}/").status_code == 200


def test_filters_and_the_export_show_the_same_rows(visit):
    assert "没有停滞的事项" in visit("office", f"{HOME}?kind=report").words
    file = visit("office", f"{HOME}matters.xlsx?kind=node&on={FIRST}")
    rows = list(load_workbook(io.BytesIO(file.content)).active.iter_rows(values_only=True))
    assert rows[-1][:2] == ("清单节点逾期", "管网改造") and rows[-1][5:8] == ("2025-09-30", "1", "提示")


def test_an_earlier_day_shows_what_was_stuck_then(visit):
    assert "没有停滞的事项" in visit("office", f"{HOME}?on={DUE}").words
    assert "截至 2025-10-22" in visit("office", f"{HOME}?on=not-a-day").words


def test_the_button_runs_and_says_what_it_did(visit, client):
    answer = visit("office", f"{HOME}run/?on=2025-11-05", press="1")
    assert answer.url == f"{HOME}?on=2025-11-05"
    assert "停滞 1 件，新发提示 0 条，销号 0 条。" in client.get(answer.url).content.decode()
    assert "不能再按更早的 2025-10-09 办理" not in visit("office", HOME).words
    later = visit("office", f"{HOME}run/?on={FIRST}", press="1")
    assert "不能再按更早的 2025-10-09" in client.get(later.url).content.decode()


def test_the_body_acknowledges_on_its_alert_s_page(visit):
    warning = Alert.objects.get(level=2)
    address = f"{HOME}alerts/{warning.pk}/"
    assert "打算怎样办" in visit("liaison", address).words
    visit("liaison", f"{address}acknowledge/", note="十一月完成")
    page = visit("liaison", address).words
    assert "十一月完成" in page and "打算怎样办" not in page


def test_withholding_a_circular_needs_a_reason_and_is_told_in_the_reader_s_language(visit, client):
    address = f"{HOME}alerts/{circular().pk}/"
    answer = visit("leader", f"{address}settle/", read_in="en", issue="no", note="")
    assert "Give the reason" in client.get(answer.url).content.decode()
    visit("leader", f"{address}settle/", issue="no", note="受台风影响")
    assert "不予通报" in visit("office", address).words


def test_a_meeting_from_agenda_to_signed_minutes(visit, client):
    visit("office", f"{HOME}meetings/new/", held_on="2025-10-23", title="")
    address = f"{HOME}meetings/1/"
    key = f"node|{Alert.objects.first().key}"
    visit("office", f"{address}add/", matter=[key, "node|0"])
    assert "1 件已经办好" in visit("office", address).words
    visit("office", f"{address}add/", title="另一件事")
    first, second = Meeting.objects.get().items.all()
    visit("office", f"{address}items/{second.pk}/drop/", press="1")
    visit(
        "office",
        f"{address}items/{first.pk}/",
        title="管网改造",
        proposal="十一月底前完成",
        lead="water",
        partners=["farm"],
        due_on="2025-11-30",
    )
    assert "作决定" not in visit("office", address).words and "十一月底前完成" in visit("leader", address).words
    visit(
        "leader",
        f"{address}items/{first.pk}/decide/",
        outcome="adopted",
        wording="十一月底前完成。",
        lead="water",
        partners=["farm"],
        due_on="2025-11-30",
    )
    assert Decision.objects.get().partners == ["farm"]
    visit("leader", f"{address}edit/", summary="越权")
    visit("office", f"{address}edit/", title="", summary="逐项议定。", held_on="2025-10-23", chairs="双组长")
    visit("leader", f"{address}sign/", press="1")
    page = visit("office", address).words
    assert "已签署" in page and "列入所选" not in page and "逐项议定。" in page and "越权" not in page
    assert "十一月底前完成。" in visit("liaison", "/trial/bodies/water/").words


@pytest.mark.parametrize("kind", ["agenda", "minutes"])
def test_papers_are_handed_out_as_word_and_excel(visit, kind):
    decision = decided(due_on=THIRD)
    address = f"{HOME}meetings/{decision.item.meeting.ordinal}/{kind}"
    words = "\n".join(one.text for one in Document(io.BytesIO(visit("auditor", f"{address}.docx").content)).paragraphs)
    assert "一、议题" in words and ("月底前拿出方案" in words) == (kind == "minutes")
    assert load_workbook(io.BytesIO(visit("auditor", f"{address}.xlsx").content)).sheetnames == [
        {"agenda": "议程", "minutes": "纪要"}[kind]
    ]
    assert (
        visit("auditor", f"{address}.pdf").status_code
        == visit("auditor", f"{HOME}meetings/9/agenda.docx").status_code
        == 404
    )


def test_an_assignment_is_reported_with_a_file_and_closed(visit, client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    decision = decided(due_on=SECOND)
    address = f"{HOME}assignments/{decision.pk}/"
    file = io.BytesIO(b"%PDF-1.4 proof")
    file.name = "证明.pdf"
    visit("liaison", f"{address}handle/", kind="reported", note="已办好", file=file)
    page = visit("liaison", address).words
    assert "已办好" in page and "证明.pdf" in page
    proof = visit("leader", f"{address}proof/{decision.handlings.get().pk}/")
    assert b"".join(proof.streaming_content) == b"%PDF-1.4 proof"
    visit("leader", f"{address}handle/", kind="closed", note="属实")
    assert "已销号" in visit("office", address).words
    assert "月底前拿出方案" in visit("office", f"{HOME}assignments/?state=closed&body=farm").words
    assert "没有符合条件" in visit("office", f"{HOME}assignments/?state=open").words


def test_the_inbox_counts_what_is_unread_on_every_page_for_each_reader(visit):
    count = '<b class="unread"'
    page = visit("liaison", HOME).words
    assert f'{count} title="2 条未读">2</b>' in page
    assert count not in visit("admin", HOME).words and "收件箱" not in visit("admin", HOME).words
    first = User.objects.get(username="liaison")
    actions.read_notices(by=first)
    assert count not in visit("liaison", HOME).words
    assert "已读" in visit("liaison", "/inbox/").words


def test_a_remembered_page_shows_each_reader_his_own_count(visit, client, stuck):
    one, two = (person("liaison", stuck.jurisdiction, name, bodies()[0]) for name in ("one", "two"))
    actions.read_notices(by=one)
    for user, unread in ((two, True), (one, False), (two, True)):
        client.force_login(user)
        assert ('class="unread"' in client.get(HOME).content.decode()) == unread


def test_opening_a_notice_reads_it_and_leads_to_its_page(visit, client):
    visit("liaison", "/inbox/")
    notice = queries.inbox(User.objects.get(username="liaison")).first()
    answer = visit("liaison", "/inbox/read/", notice=notice.pk)
    assert answer.url == f"{HOME}alerts/{notice.alert_id}/"
    assert (
        visit("liaison", "/inbox/read/", notice="x").url
        == visit("office", "/inbox/read/", notice=notice.pk).url
        == "/inbox/"
    )
    visit("liaison", "/inbox/read/", notice="")
    assert queries.inbox(User.objects.get(username="liaison")).exclude(seen__user__username="liaison").count() == 0


def test_a_person_says_how_to_be_written_to(visit):
    page = visit("liaison", "/inbox/", email="nonsense", language="en", by_mail="on").words
    assert "邮箱写法不对" in page
    visit("liaison", "/inbox/", email="w@example.org", language="en")
    assert (Preference.objects.get().language, Preference.objects.get().by_mail) == ("en", False)
    assert User.objects.get(username="liaison").email == "w@example.org"


@pytest.mark.parametrize("role", list(Role))
def test_every_page_opens_for_every_role_in_both_languages(visit, role):
    decision = decided(due_on=SECOND)
    alert = Alert.objects.get(level=1)
    for address in (HOME, "/inbox/", f"{HOME}assignments/", f"{HOME}assignments/{decision.pk}/", f"{HOME}alerts/{alert.pk}/",
                    f"{HOME}meetings/{held().ordinal}/", f"{HOME}meetings/{decision.item.meeting.ordinal}/"):  # fmt: skip
        for language in ("zh-hans", "en"):
            assert visit(role, address, language).status_code == 200, address


def test_working_days_of_a_year_not_yet_arranged_are_said_to_be_provisional(visit, monkeypatch):
    address = f"{HOME}alerts/{Alert.objects.get(level=1).pk}/"
    assert "暂计" not in visit("office", HOME).words + visit("office", address).words
    monkeypatch.setattr("qingshan.web.coordination.is_published", lambda year, country: False)
    assert "2025 年的节假日安排尚未公布" in visit("office", HOME).words and "暂计" in visit("office", address).words
