"""Pages by which measurements come in: a file tried and taken in, an unknown one mapped, values under a flag judged."""

import html
import io
import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from qingshan.evidence.measurements import actions
from qingshan.evidence.measurements.models import Delivery, KeptMapping
from qingshan.evidence.measurements.queries import progress_path
from qingshan.observations import quality
from qingshan.observations.store import Store
from qingshan.people.models import Role
from qingshan.plan.models import Programme
from qingshan.web import delivering

from ..district import district

pytestmark = pytest.mark.django_db
SITES = [
    {"code": "a-1", "medium": "air", "body": None, "name": "站甲", "name_en": "Station A", "lon": "121.1", "lat": "30.8", "simulated": False},
    {"code": "w-1", "medium": "water", "body": "river", "name": "断面乙", "name_en": "Section B", "lon": "121.2", "lat": "30.8", "simulated": False},
]  # fmt: skip
FINE = "site,time,PM25\n站甲,2025-01-02 08:00,20\n站甲,2025-01-02 09:00,400\n站甲,2025-01-02 10:00,30\n"


@pytest.fixture
def county(settings, tmp_path):
    settings.OBSERVATIONS, settings.MEDIA_ROOT = str(tmp_path / "observations"), tmp_path / "files"
    return Programme.objects.create(code="measured", jurisdiction=district(), title="试验计划", about={"sites": SITES})


@pytest.fixture
def begun(monkeypatch):
    """Work on a file is done at once."""
    monkeypatch.setattr("qingshan.web.register_jobs.begin_delivery", lambda one: actions.work(by=None, delivery=one))


@pytest.fixture
def office(county, enter, django_user_model):
    from qingshan.people.models import Body

    Body.objects.get_or_create(jurisdiction=county.jurisdiction, code="water", defaults={"name": "水务局"})
    return enter(Role.OFFICE, county)


def place(county, name: str, **given) -> str:
    return reverse(name, kwargs={"programme": county.code, **given})


def text(answer) -> str:
    return html.unescape(answer.content.decode())


def upload(client, county, content: bytes | str, name: str = "月报.csv", **other):
    content = content.encode() if isinstance(content, str) else content
    return client.post(place(county, "measurements-import"), {"file": SimpleUploadedFile(name, content), **other})


def test_a_file_is_tried_shown_and_taken_in(county, office, begun):
    answer = upload(office, county, FINE)
    page = text(office.get(answer.url))
    assert (
        "核对通过，待确认" in page
        and "新增 3 个数值，更正 0 个，已有 0 个" in page
        and "3 行，1 个点位，3 个数值，2025-01-02 – 2025-01-02" in page
    )
    assert Store(actions.settings.OBSERVATIONS).snapshot().version == -1
    office.post(answer.url)
    assert "已导入" in text(office.get(answer.url)) and Delivery.objects.get().sha256 in text(office.get(answer.url))
    assert "月报.csv" in text(office.get(place(county, "measurements-import")))


def test_faults_are_shown_at_their_cell_and_the_sound_rows_can_be_taken(county, office, begun):
    answer = upload(office, county, FINE + "站甲,2025-01-02 11:00,很多\n")
    page = text(office.get(answer.url))
    assert (
        "第 5 行" in page and "很多" in page and "不是数字；应为数字" in page and "跳过有问题的 1 行，导入其余" in page
    )
    assert office.post(answer.url).status_code == 422
    office.post(answer.url, {"step": "partly"})
    assert "下列各行有问题，没有导入" in text(office.get(answer.url)) and Delivery.objects.get().state == "kept"


def test_what_a_file_betrays_is_shown_as_a_notice(county, office, begun):
    head = "timepoint,stationcode,so2,no2,co,o3,o3_24h,pm10,pm2_5\n"
    page = text(office.get(upload(office, county, head + "2025-01-01T01:00:00,站甲,4,30,0.6,90,50,60,40\n").url))
    assert "两列对调了" in page and "全国空气质量监测站小时值" in page


def test_an_unknown_file_is_mapped_column_by_column_and_known_afterwards(county, office, begun):
    content = "监测月报,,\n断面,采样日期,总磷(ug/L)\n断面乙,2025-01-02,100\n"
    answer = upload(office, county, content.encode("gb18030"))
    assert "逐列对照" in text(office.get(answer.url))
    number = Delivery.objects.get().pk
    form = place(county, "measurements-map", number=number)
    page = office.get(form)
    assert page.context["heading"] == 2 and [(one.name, role, unit) for one, role, unit in page.context["columns"]] == [
        ("断面", "site", ""), ("采样日期", "time", ""), ("总磷(ug/L)", "item:tp", "ug/L"),
    ]  # fmt: skip
    asked = {
        "medium": "water",
        "heading": 2,
        "name": "某局月报",
        "period": "sample",
        "role_0": "site",
        "role_1": "time",
        "role_2": "item:tp",
        "unit_2": "ug/L",
    }
    assert "哪一列是时间" in text(office.post(form, asked | {"role_1": ""}))
    assert "换算关系" in text(office.post(form, asked | {"unit_2": "dB"}))
    assert "起个名称" in text(office.post(form, asked | {"name": ""}))
    assert office.post(form, asked).status_code == 302 and KeptMapping.objects.get().told["name"] == "某局月报"
    page = text(office.get(answer.url))
    assert "核对通过" in page and "某局月报" in page
    assert "核对通过" in text(office.get(upload(office, county, content).url))
    assert "某局月报" in text(office.get(place(county, "measurements-import")))


def test_a_mapping_says_one_value_to_a_row_a_time_in_parts_and_the_one_site():
    names = {0: "年", 1: "月", 2: "日", 3: "项目", 4: "值", 5: "单位"}
    roles = {
        "role_0": "year",
        "role_1": "month",
        "role_2": "day",
        "role_3": "item",
        "role_4": "value",
        "role_5": "unit",
    }
    told = delivering.mapping_sent({"name": "x", "period": "day", "heading": 1, "at": "w-1", **roles}, names, "water")
    assert (
        told["time"] == {"parts": ["年", "月", "日"], "stamp": "start"} and told["at"] == "w-1" and "values" not in told
    )
    assert told["long"] == {"item": "项目", "value": "值", "unit": "单位"}


def test_while_a_file_is_worked_on_its_page_says_how_far(county, office, monkeypatch):
    monkeypatch.setattr("qingshan.web.register_jobs.begin_delivery", lambda one: None)
    answer = upload(office, county, FINE)
    assert "正在开始" in text(office.get(answer.url)) and 'hx-trigger="every 1s"' in text(office.get(answer.url))
    progress_path(Delivery.objects.get()).write_text("checking 1000 50000")
    page = text(office.get(answer.url))
    assert "已核对 1,000 / 50,000 个单元格" in page and 'max="50000" value="1000"' in page


def test_no_file_or_too_large_a_one_is_told(county, office, monkeypatch):
    assert "请先选择一个文件" in text(office.post(place(county, "measurements-import"), {}))
    monkeypatch.setattr("qingshan.web.views.deliveries.MOST_BYTES", 10)
    assert upload(office, county, FINE).status_code == 422


def test_a_template_offers_the_programme_s_sites(county, office):
    answer = office.get(place(county, "measurements-template", medium="water"))
    book = load_workbook(io.BytesIO(answer.content))
    assert book["说明"]["C2"].value == "断面乙"
    assert office.get(place(county, "measurements-template", medium="cheese")).status_code == 404


def test_a_programme_without_sites_says_what_is_needed(county, office):
    Programme.objects.filter(pk=county.pk).update(about={})
    assert "sites.csv" in text(office.get(place(county, "measurements-import")))
    assert "没有待审核的数值" in text(office.get(place(county, "measurements-review")))


@pytest.fixture
def marked(county, office, begun, settings):
    office.post(upload(office, county, FINE).url)
    found = quality.look(Store(settings.OBSERVATIONS), "air", quality.rules_on(date(2026, 6, 1)))
    quality.write(Store(settings.OBSERVATIONS), found)
    return place(county, "measurements-review")


@pytest.mark.parametrize(("verdict", "words"), [("confirmed", "人工确认有效"), ("rejected", "人工判定无效")])
def test_a_flagged_value_is_judged_with_a_reason_on_record(marked, office, county, verdict, words):
    page = office.get(marked)
    (one,) = page.context["values"]
    assert (one.site, one.value.value, one.value.before, one.value.after, one.by) == (
        "站甲",
        400,
        20,
        30,
        "规则 spike/2026-01",
    )
    assert "请先勾选" in text(office.post(marked, {"verdict": verdict, "why": "核对过"}))
    assert "理由" in text(office.post(marked, {"verdict": verdict, "why": " ", "pick": one.key}))
    assert office.post(marked, {"verdict": verdict, "why": "烟花", "pick": one.key}).status_code == 302
    page = text(office.get(marked))
    assert "没有待审核的数值" in page and words in page and "烟花" in page
    rows = text(office.get(place(county, "measurement-rows", site="a-1")))
    assert re.search(rf'{words} <span class="small quiet">[^<:]+</span>', rows)
    assert "已经变了" in text(office.post(marked, {"verdict": verdict, "why": "再来", "pick": one.key}))
    assert "认不出来" in text(office.post(marked, {"verdict": verdict, "why": "再来", "pick": "x"}))


def test_flagged_values_are_filtered_and_told_in_english(marked, office, county):
    assert (
        office.get(marked, {"flag": "stuck"}).context["count"] == 0
        and office.get(marked, {"medium": "water"}).context["count"] == 0
    )
    assert office.get(marked, {"site": "a-1", "flag": "spike"}).context["count"] == 1
    office.cookies["django_language"] = "en"
    page = text(office.get(marked))
    assert "rule spike/2026-01" in page and "Station A" in page and "spike, to be reviewed" in page
