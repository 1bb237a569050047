from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from qingshan.coordination.queries import READERS
from qingshan.people.actions import may


def page(request):
    """What every page's frame needs: the language, the programme in hand and where its reader may go."""
    programme = getattr(request, "programme", None)
    user = getattr(request, "user", None)
    signed_in = bool(user and user.is_authenticated)
    return {
        "zh": request.LANGUAGE_CODE != "en",
        "programme": programme,
        "programmes": getattr(request, "programmes", []),
        "places": list(_places(user, programme)) if signed_in else [],
        "inbox_here": signed_in and user.role in READERS,
        "may_sign": signed_in and may(user, "sign"),
        "may_evaluate": signed_in and may(user, "evaluate"),
    }


def _places(user, programme):
    """The navigation: (name of the page, its address, its words), only what exists for this reader."""
    known = [
        ("overview", _("总览"), True),
        ("targets", _("目标"), True),
        ("tasks", _("任务"), True),
        ("bodies", _("部门"), True),
        ("lists", _("清单"), True),
        ("reports", _("填报"), True),
        ("registers", _("台账"), True),
        ("measurements", _("监测"), True),
        ("coordination", _("协调"), True),
        ("scores", _("评分"), True),
        ("runs", _("评估"), True),
        ("plans", _("规划"), True),
        ("audit", _("审计"), may(user, "read_audit")),
        ("people", _("账户"), may(user, "manage_people")),
        ("tokens", _("接口"), may(user, "manage_tokens")),
    ]
    for name, words, allowed in known:
        address = _address(name, programme) if allowed else None
        if address:
            yield name, address, words


def _address(name, programme):
    general = name in ("audit", "people", "tokens")
    if not general and programme is None:
        return None
    try:
        return reverse(name, args=[] if general else [programme.code])
    except NoReverseMatch:
        return None
