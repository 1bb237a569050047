import json
from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps

from qingshan.cycle import reproduce, run_cycle
from qingshan.evidence.figures.models import Figure, Item, Series
from qingshan.indicators.models import Metric
from qingshan.people.actions import NotAllowed
from qingshan.people.models import AuditLine, Body, Jurisdiction, Role, User
from qingshan.people.queries import broken_audit_line
from qingshan.plan.models import Edition, Measure, Programme, Target, Task, Theme
from qingshan.plan.queries import content_of
from qingshan.programme import loading
from qingshan.programme.check import inspect
from qingshan.programme.loading import Faulty, content, load, open_demonstration_accounts
from tests.district import JINSHAN, SAMPLE
from tests.programme.folder import copied, spoil

pytestmark = pytest.mark.django_db
PASSWORD = "a-good-long-secret"


def rows() -> dict[str, int]:
    """How many rows each table of ours holds."""
    rooms = {"people", "plan", "figures", "indicators", "evaluation"}
    return {model.__name__: model.objects.count() for model in apps.get_models() if model._meta.app_label in rooms}


def targets(run) -> dict[str, dict]:
    return {one["code"]: one for one in json.loads(run.record)["targets"]}


@pytest.fixture(scope="module")
def jinshan_folder():
    found, problems = inspect(JINSHAN)
    assert problems == []
    return found


def test_jinshan_loads_whole_and_a_second_time_nothing(jinshan_folder):
    found = jinshan_folder
    programme, first = load(JINSHAN), rows()
    assert (first["Body"], first["Task"], first["Theme"], first["Target"]) == tuple(
        map(len, (found.bodies, found.tasks, found.themes, found.targets))
    )
    assert (first["Figure"], first["Item"], first["Metric"], first["Series"]) == tuple(
        map(len, (found.figures, found.items, found.metrics, found.series))
    )
    assert Target.objects.filter(origin="plan").count() == 27 and first["Task"] == 24
    assert load(JINSHAN) == programme and rows() == first
    assert broken_audit_line() is None


def test_the_sample_loads_and_evaluates_with_no_change_of_code():
    programme = load(SAMPLE)
    run = run_cycle(programme=programme, as_of=date(2026, 7, 31))
    assert {one["status"] for one in targets(run).values()} <= {
        "attained",
        "on_track",
        "at_risk",
        "off_track",
        "not_yet_due",
        "no_data",
    }
    assert reproduce(run) == run.record


def test_two_programmes_live_side_by_side():
    load(SAMPLE)
    before = rows()
    load(JINSHAN)
    assert Programme.objects.count() == Jurisdiction.objects.count() == 2
    load(SAMPLE)
    assert rows()["Figure"] == before["Figure"] + Figure.objects.filter(programme__code="jinshan").count()


def test_what_the_folder_says_of_itself_is_kept():
    programme = load(SAMPLE)
    assert programme.about["units"]["公顷/年"] == "ha/year"
    assert {one["code"] for one in programme.about["sources"]} == {"yearbook", "reports", "invented"}
    assert loading.demonstration_day(programme) == date(2026, 7, 31)
    assert programme.office.code == "works" and programme.jurisdiction.name == "河湾县"
    assert Series.objects.get(code="phosphorus-monthly").source["code"] == "yearbook"
    row = Figure.objects.get(series="leakage-quarterly", period="2025-Q1")
    assert (row.value, row.ends, row.known_on) == (Decimal("13.1"), date(2025, 3, 31), date(2025, 4, 10)) and row.source


def test_the_stored_edition_is_the_folders():
    programme = load(SAMPLE)
    wanted, stored = content(inspect(SAMPLE)[0], SAMPLE), content_of(programme.editions.get())
    assert stored.targets == wanted.targets and stored.themes == wanted.themes
    for one, other in zip(stored.tasks, wanted.tasks, strict=True):
        assert (one.no, one.title, one.bodies, one.lead, one.measures) == (
            other.no,
            other.title,
            other.bodies,
            other.lead,
            other.measures,
        )


def test_a_faulty_folder_loads_nothing(tmp_path):
    folder = copied(tmp_path)
    spoil(folder, "programme.yaml", "office: works", "office: nobody")
    before = rows()
    with pytest.raises(Faulty, match="nobody") as faulty:
        load(folder)
    assert faulty.value.problems and rows() == before


@pytest.mark.parametrize("step", ["set_bodies", "put_edition", "define_metrics", "add_figures", "add_items"])
def test_a_load_that_fails_on_the_way_loads_nothing(step, monkeypatch):
    def fails(**_):
        raise OSError("disk full")

    before = rows()
    monkeypatch.setattr(loading, step, fails)
    with pytest.raises(OSError, match="disk full"):
        load(SAMPLE)
    assert rows() == before


def test_a_load_that_fails_leaves_what_stood_before(tmp_path, monkeypatch):
    load(SAMPLE)
    before = rows()
    folder = copied(tmp_path)
    spoil(folder, "figures/bodies.csv", "fertiliser-yearly,2024,5210", "fertiliser-yearly,2024,5300")
    with monkeypatch.context() as patch:
        patch.setattr(loading, "add_items", lambda **_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            load(folder)
    assert rows() == before
    load(folder)
    assert rows()["Figure"] == before["Figure"] + 1


def test_a_changed_figure_and_its_way_back_are_both_loaded(tmp_path):
    folder, name = copied(tmp_path), "figures/bodies.csv"
    for old, new in (("5210", "5210"), ("5210", "5300"), ("5300", "5210")):
        spoil(folder, name, f"2024,{old}", f"2024,{new}")
        programme = load(folder)
        run = run_cycle(programme=programme, as_of=date(2026, 7, 31))
        assert targets(run)["fertiliser"]["points"][0]["value"] == new


def test_a_changed_plan_is_a_new_edition_and_the_old_one_superseded(tmp_path):
    folder = copied(tmp_path)
    first = load(folder).editions.get()
    spoil(folder, "targets.yaml", "value: 0.15", "value: 0.14")
    programme = load(folder)
    first.refresh_from_db()
    assert first.state == "superseded" and programme.editions.count() == 2
    assert [str(one.value.normalize()) for one in Target.objects.filter(code="phosphorus").order_by("id")] == [
        "0.15",
        "0.14",
    ]


def test_progress_is_shown_step_by_step():
    seen = []

    def watch(steps):
        for name, step in steps:
            seen.append(name)
            yield name, step

    load(SAMPLE, watch=watch)
    assert seen[:3] == ["部门", "规划", "任务与目标"] and {"台账", "填报"} <= set(seen)
    assert len(seen) == len(set(seen))


LONGEST = {
    "programme.yaml": [("code: riverbend", f"code: {'r' * 60}"), ("河湾县, en: Riverbend County}, level", f"{'县' * 120}, en: {'R' * 200}}}, level"),
                       ("issuer: Riverbend County Council", f"issuer: {'I' * 120}\nnumber: {'N' * 120}"),
                       ("（2025-2027年）, en: Clear Water Plan of Riverbend County (2025–2027)", f", en: {'T' * 200}")],
    "targets.yaml": [("  implied: true\n", f"  implied: true\n  note: {{zh: {'注' * 600}, en: {'n' * 600}}}\n")],
    "metrics.yaml": [("zh: 各月均值的平均, en: Mean of monthly means", f"zh: {'据' * 600}, en: {'b' * 600}"),
                     ("zh: 总磷年均, en: Mean phosphorus", f"zh: {'磷' * 120}, en: {'P' * 200}")],
    "plan.yaml": [("zh: 治理河流, en: Clean the river", f"zh: {'河' * 120}, en: {'r' * 200}"),
                  ("zh: 河流, en: River}", f"zh: {'河' * 40}, en: {'r' * 80}}}"), ("zh: 封堵排口, en: Close outfalls", f"zh: {'口' * 120}, en: {'o' * 200}")],
    "bodies.yaml": [("name: Farm Office, full: Riverbend Farm Office, en: Farm Office", f"name: {'F' * 60}, full: {'F' * 120}, en: {'F' * 120}")],
}  # fmt: skip


def test_the_longest_words_the_check_allows_can_be_stored(tmp_path):
    folder = copied(tmp_path)
    for name, changes in LONGEST.items():
        for old, new in changes:
            spoil(folder, name, old, new)
    load(folder)
    for table in (Jurisdiction, Body, Programme, Edition, Theme, Task, Measure, Target, Metric, Series, Figure, Item):
        for row in table.objects.all():
            row.clean_fields(
                exclude=[
                    field.name
                    for field in table._meta.fields
                    if field.is_relation or not getattr(field, "max_length", None)
                ]
            )


def test_a_name_given_to_another_code_is_refused_with_a_sentence(tmp_path):
    folder = copied(tmp_path)
    load(folder)
    before = rows()
    spoil(folder, "bodies.yaml", "code: farm, name: Farm Office", "code: fields, name: Farm Office")
    for name in ("plan.yaml", "programme.yaml", "metrics.yaml"):
        text = (folder / name).read_text("utf8")
        (folder / name).write_text(text.replace("[farm]", "[fields]").replace("body: farm", "body: fields"), "utf8")
    with pytest.raises(NotAllowed, match="“Farm Office”已由代码 farm 使用"):
        load(folder)
    assert rows() == before


def accounts(password=PASSWORD) -> list[User]:
    return open_demonstration_accounts(load(SAMPLE), inspect(SAMPLE)[0], password)


def test_accounts_are_made_once_with_the_roles_of_the_folder():
    first, again = accounts(), accounts("another-good-secret")
    assert [(user.username, user.role, user.body.code) for user in first] == [
        ("office", Role.OFFICE, "works"), ("liaison-farm", Role.LIAISON, "farm"),
    ]  # fmt: skip
    assert first == again and User.objects.count() == 2
    assert all(user.check_password(PASSWORD) and not user.is_superuser for user in User.objects.all())
    assert AuditLine.objects.filter(verb="open_account").count() == 2


def test_loading_alone_makes_no_account():
    load(SAMPLE)
    assert not User.objects.exists()
