from django.http import Http404
from django.shortcuts import render

from qingshan.coordination.queries import assignments
from qingshan.evidence.reports.queries import today
from qingshan.web import queries, rows, situation
from qingshan.web.pages import programme_for, remembered


@remembered
def index(request, programme):
    programme = programme_for(request, programme)
    now = situation.now(programme)
    found = rows.body_rows(queries.bodies_of(programme), now.tasks, now.targets)
    return render(request, "qingshan/bodies.html", {"here": "bodies", "now": now, "rows": found})


@remembered
def show(request, programme, code):
    programme = programme_for(request, programme)
    now = situation.now(programme)
    for row in rows.body_rows(queries.bodies_of(programme), now.tasks, now.targets):
        if row.body.code == code:
            own = sorted(row.targets, key=lambda target: rows.ORDER.index(target.status))
            given = assignments(programme, code, today(programme))
            page = {"here": "bodies", "now": now, "row": row, "targets": own, "counts": rows.tally(own), "given": given}
            return render(request, "qingshan/body.html", page)
    raise Http404
