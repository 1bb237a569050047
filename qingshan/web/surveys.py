"""Surveys of what lives where: the species of each with their counts, and the indices made of them."""

from collections import defaultdict

from django.utils.translation import gettext as _

from qingshan.standards.biodiversity import Diversity, diversity


def surveys_of(rows, group: str) -> list[dict]:
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
