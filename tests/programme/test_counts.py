from qingshan.programme.check import inspect
from qingshan.programme.counts import count, evidence_of
from tests.programme.folder import SAMPLE, copied, spoil

METRICS, REPORTED, OUTFALLS = "metrics.yaml", "figures/bodies.csv", "figures/outfalls.csv"


def test_a_folder_is_counted_with_what_is_behind_its_targets():
    programme = inspect(SAMPLE)[0]
    told = count(programme)
    assert (told.tasks, told.targets, told.working, told.bodies, told.metrics) == (3, 6, 1, 3, 7)
    assert (told.targets_real, told.targets_simulated, told.targets_without_data) == (4, 2, 0)
    assert {t.kind for t in programme.official} == {
        "upper_bound", "strict_bound", "cumulative_count", "full_coverage", "yearly_quota", "direction_only",
    }  # fmt: skip


def test_a_series_without_rows_is_no_data(tmp_path):
    folder = copied(tmp_path)
    (folder / OUTFALLS).unlink()
    programme, problems = inspect(folder)
    assert problems == []
    evidence = {t.code: evidence_of(t, programme) for t in programme.targets}
    assert evidence["outfalls"] == "none" and evidence["meters"] == "simulated" and evidence["phosphorus"] == "real"


def test_a_share_with_one_real_part_is_simulated_still(tmp_path):
    folder = copied(tmp_path)
    spoil(folder, METRICS, "denominator: wells-all", "denominator: wells-real")
    spoil(
        folder,
        METRICS,
        "series:\n",
        "series:\n- {code: wells-real, name: {zh: 实, en: Real}, unit: 口, frequency: quarter, origin: reported, range: [0, 500], source: reports}\n",
    )
    with (folder / REPORTED).open("a") as table:
        table.write("wells-real,2026-Q2,150,reports,2026-07-10,\n")
    programme, problems = inspect(folder)
    assert problems == []
    assert evidence_of(next(t for t in programme.targets if t.code == "meters"), programme) == "simulated"
