"""How many kinds live where: diversity of each survey, computed from the counts of its occurrences."""

from collections import defaultdict
from datetime import date

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qingshan.evidence.registers import queries
from qingshan.standards.biodiversity import VERIFICATION, Diversity, diversity
from qingshan.web import wording
from qingshan.web.bindings import page_of
from qingshan.web.pages import programme_for, remembered


@require_safe
@remembered
def show(request, programme):
    programme = programme_for(request, programme)
    definition = queries.serving(programme, "occurrences")
    if definition is None:
        raise Http404
    day = _day(request.GET.get("as_of", ""))
    rows = queries.revisions_as_of(programme, definition.code, day, timezone.now())
    group = request.GET.get("group", "")
    surveys = _surveys(rows, group)
    page = {
        "here": "registers",
        "definition": definition,
        "day": day,
        "group": group,
        "groups": [(one.code, wording.said({"zh": one.zh, "en": one.en})) for one in definition.field["group"].choices],
        "surveys": surveys,
        "whole": next((one for one in surveys if one["name"] is None), None),
        "simulated": rows.filter(origin="simulated").exists(),
        "verification": VERIFICATION,
        "list": page_of(programme, definition.code),
    }
    return render(request, "qingshan/biodiversity.html", page)


def _day(text: str) -> date:
    try:
        return min(date.fromisoformat(text), timezone.localdate())
    except ValueError:
        return timezone.localdate()


def _surveys(rows, group: str) -> list[dict]:
    """For each survey, then for all together: the counts of its species and the indices made of them."""
    kinds: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    uncounted: dict[str, int] = defaultdict(int)
    days: dict[str, list[str]] = defaultdict(list)
    for data in rows.order_by("entry__key").values_list("data", flat=True).iterator(chunk_size=5000):
        if group and data.get("group") != group:
            continue
        survey = data.get("survey") or _("未写批次")
        days[survey].append(data["seen_on"])
        if data.get("amount") is None:
            uncounted[survey] += 1
        else:
            kinds[survey][data["species"]] += data["amount"]
    found = [
        _survey(one, kinds[one], uncounted[one], days[one]) for one in sorted(days, key=lambda one: min(days[one]))
    ]
    together: dict[str, int] = defaultdict(int)
    for counts in kinds.values():
        for species, count in counts.items():
            together[species] += count
    if found:
        found.append(_survey(None, together, sum(uncounted.values()), [day for one in days.values() for day in one]))
    return found


def _survey(name: str | None, counts: dict[str, int], uncounted: int, days: list[str]) -> dict:
    made: Diversity = diversity(counts.values())
    return {"name": name, "from": min(days), "to": max(days), "records": len(days), "uncounted": uncounted, "made": made,
            "species": sorted(counts.items(), key=lambda one: (-one[1], one[0]))}  # fmt: skip
