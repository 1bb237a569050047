"""分区管控 project check: where a site lies, what may be done there, and by which clause."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from qingshan.web import wording, zoning
from qingshan.web.bindings import page_of
from qingshan.web.documents import DOCX, Heading, Table, document
from qingshan.web.pages import programme_for
from qingshan.web.register_maps import tiles
from qingshan.web.sketch import Thing, sketch

SHARE = 0.001  # below it a site only touches a unit


def show(request, programme):
    """The question and its answer, on one page; a file or a large shape is sent, a point may stand in the address."""
    programme = programme_for(request, programme)
    found = zoning.books(programme)
    if not found.there:
        raise Http404
    question = zoning.asked(_told(request), timezone.localdate())
    answered = zoning.answer(found, question, request.user) if question.ready else None
    if answered and request.POST.get("as") == "docx":
        return _paper(programme, found, question, answered)
    page = {
        "here": "registers",
        "books": found,
        "question": question,
        "answer": answered,
        "lines": _lines(found, answered) if answered else [],
        "drives": [(one, drive_words(one)) for one in answered.drives] if answered else [],
        "place": place_words(question.site) if answered else "",
        "verdict": verdict_words(answered.verdict) if answered else "",
        "map": _map(question, answered) if answered else None,
        "activities": found.choices("activity"),
        "kinds": found.choices("kind"),
        "tiles": tiles(),
        "kind_word": found.word("kind", answered.kind) if answered else "",
        "units_page": page_of(programme, found.units.code) if found.units else "",
        "access_page": page_of(programme, found.access.code) if found.access else "",
    }
    return render(request, "qingshan/zoning.html", page, status=422 if question.errors else 200)


def _told(request) -> dict[str, str]:
    sent = request.POST if request.method == "POST" else request.GET
    told = {name: value.strip() for name, value in sent.items()}
    if (file := request.FILES.get("file")) and file.size <= zoning.MOST_TEXT:
        told["shape"] = file.read().decode("utf-8", "replace").lstrip("\ufeff")
    elif file:
        told["shape"] = "?"
    return told


def verdict_words(code: str) -> str:
    return {
        "forbid": _("不能办理：至少一个管控单元禁止"),
        "demand": _("有条件：须满足所列要求"),
        "silent": _("清单没有规定：请向管控单元的主管部门核实"),
        "allow": _("允许"),
        "outside": _("不在任何管控单元内"),
    }[code]


def effect_words(code: str) -> str:
    return {"forbid": _("禁止"), "demand": _("有条件"), "allow": _("允许"), "silent": _("没有规定")}[code]


def _lines(found, answered) -> list[dict]:
    """Each touched unit with its share of the site and its clauses in words."""
    return [
        {
            "unit": one.unit,
            "kind": found.class_word(one.unit.kind),
            "share": _share(one.share),
            "verdict": effect_words(one.verdict),
            "code": one.verdict,
            "clauses": [(it, effect_words(it.effect)) for it in one.clauses],
        }
        for one in answered.touched
    ]


def _share(part: float) -> str:
    return _("仅相接") if part < SHARE else wording.percent(part)


def _map(question, answered):
    things = [Thing(shape, "unit", title) for title, shape in answered.shapes]
    return sketch([*things, Thing(question.site, "site", "")], 420, 300)


def _paper(programme, found, question, answered) -> HttpResponse:
    title = _("分区管控核查意见")
    response = HttpResponse(
        document(title, _notes(programme, question, answered), _parts(found, question, answered)), content_type=DOCX
    )
    response["Content-Disposition"] = content_disposition_header(True, f"{title} {question.day}.docx")
    return response


def _notes(programme, question, answered) -> list[str]:
    day = _("核查日")
    told = [
        f"{wording.said(programme, 'title')} · {day} {question.day}",
        _("本意见由系统按台账所列单元和准入清单生成，供初步判断，不代替主管部门的审查意见。"),
    ]
    return told + ([_("所用的管控单元或条款含模拟数据，不能用于实际办理。")] if answered.simulated else [])


def _parts(found, question, answered):
    yield _labelled(_("位置（WGS84）"), place_words(question.site))
    if found.units and found.access:
        missing = _("未写")
        activity = found.word("activity", question.told.get("activity", ""))
        yield _labelled(_("行业"), question.industry or missing)
        yield _labelled(_("活动"), activity or missing)
        yield _labelled(_("结论"), verdict_words(answered.verdict))
    for line in _lines(found, answered):
        yield Heading(f"{line['unit'].title}（{line['kind']}，{line['share']}）")
        rows = [(words, it.rule, it.clause) for it, words in line["clauses"]]
        yield Table((_("结论"), _("要求"), _("条款")), rows) if rows else _("准入清单没有适用的条款。")
    if answered.kind:
        yield Heading(_labelled(_("车辆与机械"), found.word("kind", answered.kind)))
        rows = [(one.zone.title, drive_words(one), one.zone.basis) for one in answered.drives]
        yield Table((_("禁用区"), _("结论"), _("依据")), rows) if rows else _("这里没有针对它的禁用区。")


def _labelled(name: str, words: str) -> str:
    return f"{name}：{words}"


def drive_words(one) -> str:
    if not one.active:
        return _("当日不执行，可以使用")
    if one.allowed:
        return _("达到第 %(stage)s 阶段，可以使用") % {"stage": one.zone.stage}
    if one.zone.stage is None:
        return _("禁止使用")
    return _("未达到第 %(stage)s 阶段，禁止使用") % {"stage": one.zone.stage}


def place_words(site) -> str:
    """A point by its coordinates, a shape by its middle and its kind."""
    if site["type"] == "Point":
        lon, lat = site["coordinates"]
        return f"{lon:.6f}, {lat:.6f}"
    middle = zoning.solid(site).centroid
    return _("面，中心 %(place)s") % {"place": f"{middle.x:.6f}, {middle.y:.6f}"}
