from django.shortcuts import render

from qingshan.web import queries, rows, situation
from qingshan.web.filters import TASKS, chosen
from qingshan.web.pages import programme_for, remembered
from qingshan.web.views.targets import passage


@remembered
def index(request, programme):
    programme = programme_for(request, programme)
    now = situation.now(programme)
    found = TASKS.apply(now.tasks, request.GET)
    page = {
        "here": "tasks",
        "now": now,
        "rows": found,
        "themes": [] if "sort" in request.GET or not now.plan else rows.by_theme(now.plan, found),
        "counts": rows.tally(now.tasks),
        "choices": TASKS.choices(now)
        | {"theme": now.plan.themes if now.plan else [], "body": queries.bodies_of(programme)},
        "chosen": chosen(request.GET),
    }
    return render(request, "qingshan/tasks.html", page)


@remembered
def show(request, programme, no):
    now = situation.now(programme_for(request, programme))
    row = now.task(no)
    place = now.tasks.index(row)
    page = {
        "here": "tasks",
        "now": now,
        "row": row,
        "passage": passage(now.plan.edition, row.task),
        "previous": now.tasks[place - 1] if place else None,
        "next": now.tasks[place + 1] if place + 1 < len(now.tasks) else None,
    }
    return render(request, "qingshan/task.html", page)
