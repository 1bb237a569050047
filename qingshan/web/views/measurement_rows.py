"""What a site's numbers were made of: where the rows came from, and the rows themselves."""

from datetime import UTC, date, datetime

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qingshan.observations import looking
from qingshan.observations.looking import Stretch
from qingshan.observations.rows import FLAGS
from qingshan.standards import noise
from qingshan.standards.editions import editions
from qingshan.web import measuring, wording
from qingshan.web.delivering import setter
from qingshan.web.pages import programme_for
from qingshan.web.sheets import TYPE, workbook
from qingshan.web.sites import MEDIA, parts

A_PAGE, MOST = 100, 50_000  # rows of a page, of a workbook


def _site(request, programme: str, code: str):
    programme = programme_for(request, programme)
    told = measuring.site(programme, code)
    if told is None:
        raise Http404
    return programme, told


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _wanted(asked, site: str) -> Stretch:
    flag = asked.get("flag", "")
    return Stretch(
        site, asked.get("item", ""), _day(asked.get("since")), _day(asked.get("until")),
        flag if flag == "-" or flag in FLAGS else "",
    )  # fmt: skip


def item_words(medium: str, item: str) -> str:
    return measuring.item_name(item) if medium in ("air", "water") else parts.item_name(item)


def flag_words(code: str) -> str:
    one = FLAGS.get(code)
    return wording.said({"zh": one.zh, "en": one.en}) if one else code


def length(code: str) -> str:
    return {"hour": _("小时"), "day": _("日"), "month": _("月"), "sample": _("单次")}.get(code, code)


def source_words(code: str) -> str:
    return _("模拟") if code == "simulated" else code


def _moment(instant: datetime | None) -> str:
    return wording.moment(instant.replace(tzinfo=UTC)) if instant else ""


def _value(row) -> str:
    if row["value"] is None:
        return ""
    return f"{'< ' if row['below'] else ''}{row['value'].normalize():f}"


def _before(row: dict) -> str:
    """In a line: what a row said until it was corrected, when it was received and when corrected."""
    by = setter(row["flagged_by"] or "")
    what = [_value(row) or "—", row["unit"], flag_words(row["flag"]) if row["flag"] else "", by]
    return _("%(what)s（%(received)s 入库，%(replaced)s 更正）") % {
        "what": " ".join(filter(None, what)), "received": _moment(row["received_at"]), "replaced": _moment(row["replaced_at"]),
    }  # fmt: skip


def _row(medium: str, row: dict, before: list[dict]) -> dict:
    hourly = row["period"] == "hour" or row["time"].time() != datetime.min.time()
    return {
        "time": f"{row['time']:%Y-%m-%d %H:%M}" if hourly else f"{row['time']:%Y-%m-%d}",
        "period": length(row["period"]), "item": item_words(medium, row["item"]), "value": _value(row), "unit": row["unit"],
        "flag": flag_words(row["flag"]) if row["flag"] else "", "by": setter(row["flagged_by"] or ""),
        "source": source_words(row["source"]), "line": row["line"], "received": _moment(row["received_at"]),
        "correction": row["correction"], "simulated": row["source"] == "simulated",
        "before": [_before(one) for one in before],
    }  # fmt: skip


def _rows(asked, told: dict, wanted: Stretch, limit: int, offset: int = 0) -> tuple[int, list[dict]]:
    """How many rows there are, and some of them in words, each with what it replaced."""
    count, found = looking.rows(asked, wanted, limit, offset)
    beside = zip(found, looking.before(asked, told["code"], found), strict=True)
    return count, [_row(told["medium"], one, before) for one, before in beside]


@require_safe
def rows(request, programme, site):
    """Raw rows: each value with its flag, source and line, and when it was received; the filters stand in the address."""
    programme, told = _site(request, programme, site)
    wanted, asked = _wanted(request.GET, site), measuring.asked_of(programme, told["medium"])
    text = request.GET.get("page", "1")
    number = max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 8 else 1
    count, found = _rows(asked, told, wanted, A_PAGE, (number - 1) * A_PAGE)
    page = {
        "here": "measurements", "site": told, "medium": wording.medium(told["medium"]), "wanted": wanted, "count": count,
        "rows": found, "number": number, "pages": -(-count // A_PAGE) or 1,
        "items": [(one, item_words(told["medium"], one)) for one in looking.items(asked, site)],
        "flags": [("-", _("没有标识"))] + [(one.code, flag_words(one.code)) for one in FLAGS.values() if one.code], "most": MOST,
    }  # fmt: skip
    return render(request, "qingshan/measurements/rows.html", page)


@require_safe
def export(request, programme, site):
    """The rows that are shown, as a workbook."""
    programme, told = _site(request, programme, site)
    return exported(programme, told, _wanted(request.GET, site))


def exported(programme, told: dict, wanted: Stretch) -> HttpResponse:
    count, made = _rows(measuring.asked_of(programme, told["medium"]), told, wanted, MOST)
    head = [
        _("时间"),
        _("时长"),
        _("项目"),
        _("数值"),
        _("单位"),
        _("标识"),
        _("标识人"),
        _("来源"),
        _("行号"),
        _("入库"),
        _("更正"),
        _("更正前"),
    ]
    lines = [
        [one["time"], one["period"], one["item"], one["value"], one["unit"], one["flag"], one["by"], one["source"],
         "" if one["line"] is None else str(one["line"]), one["received"], _("更正") if one["correction"] else "",
         "\n".join(one["before"])]
        for one in made
    ]  # fmt: skip
    notes = [f"{wording.said(told)} · {_('原始数据')}"]
    if count > MOST:
        notes.append(_("共 %(count)s 行，只列前 %(most)s 行；请缩小日期范围。") % {"count": count, "most": MOST})
    body = workbook(
        _("原始数据"),
        notes,
        head,
        lines,
        [one["simulated"] for one in made],
        [18, 8, 20, 12, 10, 20, 12, 24, 8, 18, 8, 48],
    )
    response = HttpResponse(body, content_type=TYPE)
    response["Content-Disposition"] = content_disposition_header(True, f"{wording.said(told)} {_('原始数据')}.xlsx")
    return response


def _span(period: str) -> tuple[date, date] | None:
    """The days of a year, a month or a day."""
    try:
        if len(period) == 4:
            return date(int(period), 1, 1), date(int(period), 12, 31)
        if len(period) == 7:
            one = measuring.Span(period, period)
            return one.first, one.last
        return date.fromisoformat(period), date.fromisoformat(period)
    except ValueError:
        return None


@require_safe
def origin(request, programme, site):
    """Where a site's numbers of a period come from: editions with clause and mark, sources, how many rows, when received."""
    programme, told = _site(request, programme, site)
    period = request.GET.get("period", "")
    span = _span(period) if period else (None, None)
    if span is None:
        raise Http404
    of = MEDIA[told["medium"]]
    found = of.found_of(programme).get(site)
    asked = measuring.asked_of(programme, told["medium"])
    sources = looking.origins(asked, Stretch(site, since=span[0], until=span[1]))
    lines = [
        one | {"words": item_words(told["medium"], one["item"]), "source": source_words(one["source"]),
               "received": _moment(one["received"]), "share": measuring.share(one["usable"], one["n"])}
        for one in sources
    ]  # fmt: skip
    page = {
        "here": "measurements", "site": told, "medium": wording.medium(told["medium"]), "period": period, "since": span[0], "until": span[1], "lines": lines,
        "method": method(told["medium"]), "editions": of.page(told, found, {"year": period[:4]}, programme)["editions"] if found else [],
        "version": asked.version,
    }  # fmt: skip
    return render(request, "qingshan/measurements/origin.html", page)


def method(medium: str) -> str:
    """How a site is evaluated, in a sentence."""
    by_day = noise.day_hours(editions(noise.ZONES)[-1])
    return {
        "air": _("小时值取 24 小时平均和臭氧日最大 8 小时平均，按当日施行的版本算分指数，取最大者为 AQI；月、年取有效日的平均和百分位数。"),
        "water": _("各月取各次监测值的平均；一月的类别由最差项目定，水温、总氮和粪大肠菌群不参评；湖泊总磷另有限值。"),
        "groundwater": _("各项目按单项定类，限值相同的取优；一井的类别由最差项目定；低于检出限的按检出限判定。"),
        "soil": _("农用地按 pH 和用途取筛选值与管制值，建设用地按用地类别取；一点的风险由最差项目定。"),
        "noise": _("昼间 %(since)s 时至 %(until)s 时，其余为夜间，各小时声级按能量平均；一昼或一夜须各小时齐全。") % {"since": by_day.start, "until": by_day.stop},
        "sea": _("各项目按单项定类，站位的类别由最差项目定；面积比例按站位代表面积计算。"),
        "rain": _("日雨量超过 2 mm 的日子计入；控制率为各日不超过设计降雨量的部分之和除以总和，至少用 30 年资料。"),
    }[medium]  # fmt: skip
