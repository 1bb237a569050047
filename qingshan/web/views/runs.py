from datetime import date

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from qingshan.cycle import run_cycle
from qingshan.evaluation import actions
from qingshan.people.actions import require
from qingshan.plan.actions import Refused
from qingshan.web import farmland, overview, queries, rows, situation
from qingshan.web.bindings import counted
from qingshan.web.pages import programme_for, remembered
from qingshan.web.streams import taken
from qingshan.web.wording import said


class DayForm(forms.Form):
    as_of = forms.DateField(
        label=gettext_lazy("评估日"),
        error_messages={
            "required": gettext_lazy("请选定评估日。"),
            "invalid": gettext_lazy("评估日应写作 2025-10-31。"),
        },
    )

    def clean_as_of(self) -> date:
        day, today = self.cleaned_data["as_of"], timezone.localdate()
        if day > today:
            raise forms.ValidationError(
                _("评估日 %(day)s 晚于今天 %(today)s，只能评估已经到来的日子。") % {"day": day, "today": today}
            )
        return day


@remembered
def index(request, programme):
    programme = programme_for(request, programme)
    pages = Paginator(queries.runs_of(programme), 20)
    found = pages.get_page(request.GET.get("page"))
    judged = [(queries.Record(run), rows.tally(_official(queries.Record(run)))) for run in found]
    page = {
        "here": "runs",
        "runs": judged,
        "page": found,
        "today": timezone.localdate(),
        "edition": queries.edition_in_force(programme),
    }
    return render(request, "qingshan/runs.html", page)


def _official(record):
    return [rows.TargetRow(target) for target in record.targets if target["origin"] == "plan"]


@require_POST
def new(request, programme):
    programme = programme_for(request, programme)
    require(request.user, "evaluate")
    form = DayForm(request.POST)
    if not form.is_valid():
        return _told(request, programme, form.errors["as_of"][0])
    try:
        run = run_cycle(programme=programme, as_of=form.cleaned_data["as_of"], by=request.user)
    except Refused as refused:
        return _told(request, programme, said({"zh": refused.zh, "en": refused.en}))
    messages.success(request, _("已按 %(day)s 评估。") % {"day": run.as_of})
    return redirect("run", programme.code, run.id)


def _told(request, programme, why):
    messages.error(request, why)
    return redirect("runs", programme.code)


def _run(request, programme, number):
    programme = programme_for(request, programme)
    return programme, get_object_or_404(queries.runs_of(programme), id=number)


@remembered
def show(request, programme, number):
    programme, run = _run(request, programme, number)
    record, before = queries.Record(run), queries.record_before(run)
    now = situation.at(programme, record, before)
    page = {
        "here": "runs",
        "now": now,
        "run": run,
        "tasks_counts": rows.tally(now.tasks),
        "changes": overview.changes(before, record, now.targets) if before else [],
        "before": before,
    }
    return render(request, "qingshan/run.html", page)


@require_POST
def sign(request, programme, number):
    programme, run = _run(request, programme, number)
    actions.sign(run=run, by=request.user)
    messages.success(request, _("已签署。这次评估从此不能更改。"))
    return redirect("run", programme.code, run.id)


@remembered
def origin(request, programme, number, code):
    """The way back of one value: from the run through formula and inputs to the rows, and who entered them when."""
    programme, run = _run(request, programme, number)
    now = situation.at(programme, queries.Record(run))
    if code not in now.record.target:
        raise Http404
    row = now.target(code)
    kept, measured = counted(run, row.metric, request.user), taken(run, row.metric)
    stated = {given["series"]: given for given in row.inputs}
    sources = queries.sources_of(run, stated.keys() - {one.code for one in (*kept, *measured)})
    row.names = queries.names_of(sources) | {one.code: said(one.words) for one in (*kept, *measured)}
    page = {
        "here": "runs",
        "now": now,
        "run": run,
        "row": row,
        "sources": [(one, stated[one.code]) for one in sources],
        "registers": [(one, stated[one.code]) for one in kept if one.code in stated],
        "sampled": _sampled(run, kept, request.user),
        "measured": [(one, stated.get(one.code)) for one in measured],
    }
    return render(request, "qingshan/origin.html", page)


def _sampled(run, kept, by) -> list:
    """Units of farmland among the rows counted, beside the samples of their soil."""
    definition = next((one.definition for one in kept if one.definition.serves == farmland.PART), None)
    return farmland.compared(run.programme, definition, by, run.as_of, run.cutoff) if definition else []
