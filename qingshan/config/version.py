"""Which code made a number."""

import hashlib
from functools import cache
from importlib.metadata import version as installed
from pathlib import Path

# What decides which rows are read, what a number is, how it is judged and in which words the record says so.
RULES = (
    "cycle.py",
    "evaluation/assessing.py",
    "evaluation/calibrated.py",
    "evaluation/forecast.py",
    "evaluation/planned.py",
    "evaluation/record.py",
    "evaluation/seasonal.py",
    "evaluation/status.py",
    "evaluation/tasks.py",
    "evaluation/terms.py",
    "evaluation/wording.py",
    "evidence/figures/queries.py",
    "evidence/registers/cells.py",
    "evidence/registers/filters.py",
    "evidence/registers/places.py",
    "evidence/registers/queries/counting.py",
    "evidence/registers/queries/rows.py",
    "evidence/registers/retention.py",
    "evidence/registers/schema.py",
    "evidence/registers/selections.py",
    "evidence/registers/serving.py",
    "evidence/registers/sight.py",
    "indicators/formulas.py",
    "indicators/queries.py",
    "indicators/values.py",
    "observations/assess/air.py",
    "observations/assess/asking.py",
    "observations/assess/exact.py",
    "observations/assess/findings.py",
    "observations/assess/groundwater.py",
    "observations/assess/noise.py",
    "observations/assess/rain.py",
    "observations/assess/reports.py",
    "observations/assess/results.py",
    "observations/assess/sea.py",
    "observations/assess/sections.py",
    "observations/assess/soil.py",
    "observations/assess/stations.py",
    "observations/assess/unmonitored.py",
    "observations/assess/water.py",
    "observations/dense.py",
    "observations/engines.py",
    "observations/media.py",
    "observations/naming.py",
    "observations/rows.py",
    "observations/simulating.py",
    "observations/store.py",
    "observations/units.py",
    "observations/wanted.py",
    "plan/kinds.py",
    "plan/levels.py",
    "plan/queries.py",
    "standards",
)
# What a score sheet rests on besides.
SCORING = (
    *RULES,
    "coordination/keeping.py",
    "coordination/queries.py",
    "evaluation/points.py",
    "evaluation/scores/queries.py",
    "evaluation/scores/rules.py",
    "evaluation/scores/sheet.py",
    "evaluation/scoring.py",
    "evidence/reports/queries.py",
    "plan/annual/nodes.py",
    "plan/annual/queries.py",
    "plan/annual/standing.py",
)


@cache
def code_version(rules: tuple[str, ...] = RULES) -> str:
    """The package's version and a fingerprint of its rules, e.g. ``0.1.0+rules.3f2a9c01d4e5``.

    The fingerprint changes when, and only when, a file that computes or judges numbers changes.
    """
    return f"{installed('qingshan')}+rules.{fingerprint(Path(__file__).resolve().parents[1], rules)[:12]}"


def fingerprint(package: Path, rules: tuple[str, ...] = RULES) -> str:
    """SHA-256 [hex] over the names and contents of the rule files of a package folder."""
    digest = hashlib.sha256()
    for name in rules:
        place = package / name
        for file in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if file.is_file() and file.suffix != ".pyc":
                text = file.read_bytes()
                digest.update(f"{file.relative_to(package).as_posix()} {len(text)}\n".encode() + text)
    return digest.hexdigest()
