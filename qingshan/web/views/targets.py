from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _

from qingshan.web import queries, situation, wording
from qingshan.web.bindings import inputs_of, names_of_selections
from qingshan.web.filters import TARGETS, chosen
from qingshan.web.pages import hidden_columns, programme_for, remembered
from qingshan.web.streams import names_of_streams
from qingshan.web.templatetags.qingshan import said, unit_for
from qingshan.web.trajectory import drawings

HISTORY = 12  # runs looked back on
LONG = 12  # rows from which on a chart to zoom into is of use


@remembered
def index(request, programme):
    now = situation.now(programme_for(request, programme))
    rows = TARGETS.apply(now.targets, request.GET)
    page = {
        "here": "targets",
        "now": now,
        "rows": rows,
        "choices": TARGETS.choices(now),
        "chosen": chosen(request.GET),
        "columns": wording.COLUMNS.items(),
        "hidden": hidden_columns(request),
    }
    return render(request, "qingshan/targets.html", page)


@remembered
def show(request, programme, code):
    programme = programme_for(request, programme)
    records = queries.newest_records(programme, HISTORY)
    if not records:
        raise Http404
    now = situation.at(programme, records[0])
    row = now.target(code)
    sources = queries.sources_of(now.run, [given["series"] for given in row.inputs])
    inputs = inputs_of(now.run, row.metric)
    row.names = queries.names_of(sources) | names_of_selections(now.run, inputs) | names_of_streams(now.run, inputs)
    page = {
        "here": "targets",
        "now": now,
        "row": row,
        "drawings": drawings(row.data, width=860, scale=row.scale),
        "passage": passage(now.plan.edition, row.target),
        "history": [(record.run, record.target[code]) for record in records if code in record.target],
        "explore": exploration(sources, programme),
        "kind": wording.KINDS.get(row.kind, row.kind),
    }
    return render(request, "qingshan/target.html", page)


def exploration(sources, programme):
    """The rows behind the value, as what the interactive chart draws; None where there are too few to be worth it."""
    found = [
        {
            "name": said(one.series),
            "unit": unit_for(one.series.unit, programme),
            "simulated": one.series.origin == "simulated",
            "rows": [[figure.ends.isoformat(), str(figure.value.normalize()), figure.period] for figure in one.figures],
        }
        for one in sources
        if one.series and len(one.figures) >= LONG
    ]
    return {"series": found, "words": {"simulated": _("模拟")}} if found else None


def passage(edition, thing):
    """(before, the thing's own words, after) of the document's sentence; None where the text is not at hand."""
    if thing is None or thing.start is None or thing.end is None or not edition.text:
        return None
    text, start, end = edition.text, thing.start, thing.end
    first = max(text.rfind(stop, 0, start) for stop in "。\n；") + 1
    ends = [place for place in (text.find(stop, end) for stop in "。\n；") if place >= 0]
    last = min(ends) + 1 if ends else len(text)
    return text[first:start].lstrip(), text[start:end], text[end:last].rstrip()
