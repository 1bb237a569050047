from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qingshan.web import pages, wording
from qingshan.web.bindings import kinds

register = template.Library()


register.filter("said", wording.said)
said = wording.said


@register.filter
def shortly(thing):
    """Its short name in the reader's language, else its whole one."""
    return said(thing, "short") if _has_short(thing) else said(thing, "name") or said(thing, "title")


@register.filter
def told_apart(targets):
    """Each target, its short name and, where others have the same name, what it is a target of."""
    names = [shortly(one) for one in targets]
    return [(one, name, _of(one) if names.count(name) > 1 else "") for one, name in zip(targets, names, strict=True)]


def _of(target):
    return _("任务 %(no)s") % {"no": target.task.no} if target.task else _("总体")


def _has_short(thing):
    name = "short_en" if get_language() == "en" else "short"
    return bool(thing.get(name) if isinstance(thing, dict) else getattr(thing, name, ""))


@register.filter
def number(value, decimals=None):
    return wording.number(value, decimals)


@register.filter
def day(value):
    """2026-11-22, from a date, a moment or its ISO text."""
    return wording.day(value)


@register.filter
def moment(value):
    """2026-11-22 14:05, local time."""
    return wording.moment(value)


@register.filter
def clock(value):
    """14:05, local time."""
    return wording.moment(value)[-5:]


@register.filter
def km(metres):
    """1.5, from 1500 m."""
    return f"{metres / 1000:.1f}"


@register.filter
def percent(share):
    """54 %, from 0.54."""
    return wording.percent(share)


@register.filter
def person(user):
    """Who wrote it, as the reader may call them; a command wrote it where there is nobody."""
    return wording.person(user) if user else _("系统")


register.filter("in_words", wording.period)
register.filter("survey", wording.survey)


@register.filter
def rows_of(told):
    """The numbers of a chart as rows, the newest first: where they stand, each line's value with its sign."""
    known = [
        {row[0]: f"{row[2] if len(row) > 2 else ''}{row[1]}" for row in line["rows"] if row[1] is not None}
        for line in told["lines"]
    ]
    places = [row[0] for row in told["lines"][0]["rows"]]
    if told.get("bars") or not (told.get("hours") or told.get("curve")):
        places.reverse()
    return [(place, [one.get(place, "") for one in known]) for place in places]


@register.filter
def part(code):
    return wording.PARTS[code]


@register.filter
def verb(code):
    return wording.VERBS.get(code, code)


register.filter("thing", wording.thing)
register.filter("plainly", wording.plainly)


@register.filter
def detail_word(key):
    return wording.DETAILS.get(key, key)


@register.filter
def role(code):
    return wording.ROLES.get(code, code)


@register.filter
def scope(code):
    return wording.SCOPES.get(code, code)


@register.filter
def status_name(code):
    return wording.status(code)


@register.filter
def verified(code):
    return wording.VERIFICATIONS.get(code, code)


@register.filter
def unit_for(unit, programme):
    """A unit in the reader's language, by the programme's own list."""
    return programme.about.get("units", {}).get(unit, unit) if get_language() == "en" else unit


@register.filter
def full(value, row):
    """A value of a target's row, with its unit."""
    return row.full(value)


@register.simple_tag
def figure(row, value):
    """A value of a target's row, in its decimals and scale."""
    return row.figure(value) or "—"


@register.simple_tag
def status_word(code):
    return wording.status(code)


@register.simple_tag
def status(code):
    """Colour, shape and word of a status."""
    return format_html('<span class="status {}">{}{}</span>', code, _shape(code), wording.status(code))


@register.simple_tag
def state(style, words):
    """Colour, shape and word of a register's state."""
    return format_html('<span class="state {}">{}{}</span>', style, _shape(style), words)


@register.simple_tag
def mark(code):
    """Colour and shape, the word only for those who listen."""
    return format_html(
        '<span class="{}">{}<span class="only-heard">{}</span></span>', code, _shape(code), wording.status(code)
    )


def _shape(code):
    return format_html('<svg class="mark" viewBox="0 0 14 14" aria-hidden="true"><use href="#mark-{}"/></svg>', code)


@register.simple_tag
def origin(code):
    """Where data came from, as a mark beside it."""
    return format_html('<span class="tag {}">{}</span>', code, wording.origin(code))


@register.simple_tag
def source_kinds(sources):
    """台账 填报 监测 公布数据: the kinds of what a number rests on, each once."""
    return format_html_join(
        " ", '<span class="tag from">{}</span>', ((wording.SOURCES[kind],) for kind in kinds(sources))
    )


@register.simple_tag
def source_words(sources):
    """The kinds as plain words, for a line without room."""
    return _("、").join(str(wording.SOURCES[kind]) for kind in kinds(sources))


@register.filter
def source_kind(code):
    return wording.SOURCES[code]


@register.simple_tag
def parties(task):
    """The bodies of a task: the lead, or the first few, and how many more."""
    found = list(task.involvements.all())
    lead = [one for one in found if one.part == "lead"]
    shown = lead or found[: 2 if get_language() == "en" else 3]
    words = _("、").join(said(one.body) if one.body else one.printed for one in shown)
    rest = len(found) - len(shown)
    if lead:
        words = _("%(bodies)s牵头") % {"bodies": words}
    return words + (_("等 %(count)s 个部门") % {"count": len(found)} if rest else "")


@register.simple_tag
def answerable(bodies):
    """The first of the bodies that answer for a target, and how many there are."""
    if not bodies:
        return _("未明确部门")
    shown = bodies[: 1 if get_language() == "en" else 2]
    words = _("、").join(said(body) for body in shown)
    return words + (_("等 %(count)s 个部门") % {"count": len(bodies)} if len(bodies) > len(shown) else "")


@register.simple_tag
def source_line(source):
    """Where a series stands published: publisher, title, address, licence."""
    parts = [said(source, "publisher"), said(source, "title")]
    line = format_html_join(" · ", "{}", ((part,) for part in parts if part))
    address = source.get("url") or source.get("address") or ""
    if address.startswith(("https://", "http://")):
        line += format_html(' · <a href="{}" rel="noopener noreferrer">{}</a>', address, _("原文"))
    if licence := source.get("licence"):
        line += format_html(" · {} {}", _("许可"), licence)
    return line


@register.simple_tag(takes_context=True)
def sort_by(context, key):
    """The address that sorts by `key`, or the other way round where it is sorted so already; filters stay."""
    query = context["request"].GET.copy()
    wanted = query.get("sort", "")
    query["sort"] = key.lstrip("-") if wanted == key and key.startswith("-") else f"-{key}" if wanted == key else key
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def sorted_by(context, key):
    """The aria-sort of a column's head."""
    wanted = context["request"].GET.get("sort", "")
    if wanted.lstrip("-") != key:
        return ""
    return mark_safe(f' aria-sort="{"descending" if wanted.startswith("-") else "ascending"}"')


@register.simple_tag(takes_context=True)
def form_token(context):
    return format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', pages.token(context["request"]))


@register.simple_tag(takes_context=True)
def reader_name(context):
    return pages.reader(context["request"])


@register.simple_tag(takes_context=True)
def unread_count(context):
    return pages.unread_of(context["request"])


@register.filter
def text(pair):
    """The reader's language of a (zh, en) pair."""
    return pair.en if get_language() == "en" else pair.zh


@register.filter
def kind_of_matter(code):
    return wording.MATTERS[code]


@register.simple_tag
def level(number):
    """Shape, colour and word of an alert's level."""
    shape = ("", "way-4", "at_risk", "off_track")[number]
    colour = ("", "no_data", "at_risk", "off_track")[number]
    return format_html('<span class="status {}">{}{}</span>', colour, _shape(shape), wording.LEVELS[number])


@register.filter
def alert_step(code):
    return wording.ALERT_STEPS[code]


@register.filter
def outcome(code):
    return wording.OUTCOMES[code]


@register.filter
def handling(code):
    return wording.HANDLINGS[code]


@register.filter
def notice_kind(code):
    return wording.NOTICES[code]


@register.simple_tag
def assignment_state(code):
    """Shape, colour and word of how an assignment stands."""
    mark = {"overdue": "off_track", "open": "not_yet_due", "reported": "on_track", "closed": "attained"}[code]
    return format_html('<span class="status {}">{}{}</span>', mark, _shape(mark), wording.ASSIGNMENTS[code])


@register.filter
def incident_kind(code):
    return wording.INCIDENTS[code]


@register.filter
def incident_step(code):
    return wording.INCIDENT_STEPS[code]


@register.simple_tag
def call_state(code):
    """Shape, colour and word of how a call stands."""
    mark = {
        "called": "no_data",
        "acknowledged": "not_yet_due",
        "en_route": "on_track",
        "arrived": "attained",
        "refused": "off_track",
    }[code]
    words = _("待接报") if code == "called" else wording.INCIDENT_STEPS[code]
    return format_html('<span class="status {}">{}{}</span>', mark, _shape(mark), words)
