"""Metrics, series and their figures."""

from django.http import Http404
from django.utils import timezone
from ninja import Router

from qingshan.evidence.figures.queries import figures_as_of, items_as_of, series_as_of
from qingshan.indicators.formulas import FORMULAS
from qingshan.indicators.queries import metrics_as_of
from qingshan.web.api import schemas, shapes
from qingshan.web.api.answers import answers
from qingshan.web.pages import programme_for

router = Router(tags=["数据 evidence"])


@router.get("/programmes/{slug:programme}/metrics", response=answers(list[schemas.MetricOut]))
def list_metrics(request, programme: str):
    """指标的定义：算法、取数、单位、依据。 How each metric is computed: formula, inputs, unit, basis."""
    found = metrics_as_of(programme_for(request, programme), timezone.now())
    return [_metric(found[code]) for code in sorted(found)]


@router.get("/programmes/{slug:programme}/metrics/{slug:code}", response=answers(schemas.MetricOut))
def read_metric(request, programme: str, code: str):
    """一个指标的定义。 One metric."""
    return _metric(_among(metrics_as_of(programme_for(request, programme), timezone.now()), code))


def _metric(one) -> schemas.MetricOut:
    formula = FORMULAS[one.formula]
    given = {
        "name": shapes.words(one), "basis": shapes.words(one, "basis"),
        "formula_words": schemas.Words(zh=formula.zh, en=formula.en),
    }  # fmt: skip
    return schemas.MetricOut(**shapes.same(one, schemas.MetricOut) | given)


@router.get("/programmes/{slug:programme}/series", response=answers(list[schemas.SeriesOut]))
def list_series(request, programme: str):
    """数列：每一个的单位、频率、来源。 Series with unit, frequency and source."""
    found = series_as_of(programme_for(request, programme), timezone.now())
    return [shapes.series(found[code]) for code in sorted(found)]


@router.get("/programmes/{slug:programme}/series/{slug:code}", response=answers(schemas.SeriesRows))
def read_series(request, programme: str, code: str, as_of: schemas.Day | None = None):
    """一个数列在某日可知的各行，默认今天。 The rows of a series known on a day, by default today."""
    programme, now, day = programme_for(request, programme), timezone.now(), as_of or timezone.localdate()
    one = _among(series_as_of(programme, now), code)
    figures = figures_as_of(programme, [code], day, now).get(code, [])
    items = items_as_of(programme, [code], day, now).get(code, [])
    return schemas.SeriesRows(
        **shapes.series(one).model_dump(), as_of=day, figures=[shapes.figure(row) for row in figures],
        items=[shapes.item(row) for row in items],
    )  # fmt: skip


def _among(found: dict, code: str):
    if code not in found:
        raise Http404
    return found[code]
