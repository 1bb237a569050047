from django.shortcuts import render
from django.utils import timezone

from qingshan.people.actions import may
from qingshan.web import overview, queries, rows, situation
from qingshan.web.pages import programme_for, remembered
from qingshan.web.trajectory import drawings
from qingshan.web.wording import SOURCES


@remembered
def show(request, programme):
    programme = programme_for(request, programme)
    now = situation.now(programme)
    drafts = queries.drafts(programme) if may(request.user, "import_plan") or may(request.user, "sign") else []
    page = {"here": "overview", "now": now, "drafts": drafts}
    if now.plan:
        page["themes"] = rows.by_theme(now.plan, now.tasks)
    if now.record:
        page |= _judged(now, drafts)
    return render(request, "qingshan/overview.html", page)


def _judged(now, drafts):
    found = overview.decisions(now.targets, now.tasks, drafts, now.run)
    lead = overview.headline(now.targets)
    bodies = rows.body_rows(queries.bodies_of(now.programme), now.tasks, now.targets)
    bodies.sort(key=lambda row: (-row.off, -row.risk, -row.unknown, row.body.order))
    return {
        "decisions": overview.first_decisions(found),
        "decisions_count": len(found),
        "headline": lead,
        "drawings": drawings(lead.data, height=350, scale=lead.scale) if lead else [],
        "age": overview.data_age(now.targets, timezone.localdate()),
        "changes": overview.changes(now.before, now.record, now.targets) if now.before else [],
        "bodies": [row for row in bodies if row.off or row.risk][:8] or bodies[:6],
        "bodies_count": len(bodies),
        "kinds": [(kind, sum(any(one.kind == kind for one in row.sources) for row in now.targets)) for kind in SOURCES],
    }
