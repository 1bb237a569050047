"""What all pages share: who may see which programme, and a memory of pages already made."""

import hashlib
from functools import wraps

from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_cookie

from qingshan.coordination.queries import unread as unread_notices
from qingshan.people.models import AuditLine, User
from qingshan.plan.models import Programme
from qingshan.web import wording

# Stand in a remembered page for what differs from reader to reader. No stored text can hold a NUL character.
TOKEN, READER, UNREAD = "\0token\0", "\0reader\0", "\0unread\0"
KEEP = 600  # seconds
COLUMNS_COOKIE = "hidden_columns"


def programmes_of(user: User) -> list[Programme]:
    """The programmes a person may see: those of their jurisdiction."""
    found = Programme.objects.filter(jurisdiction=user.jurisdiction_id).select_related("jurisdiction", "office")
    return list(found.order_by("-id"))


def programme_for(request, code: str) -> Programme:
    """The programme named in the address, or 404 for one of another jurisdiction, as if there were none."""
    request.programmes = programmes_of(request.user)
    for programme in request.programmes:
        if programme.code == code:
            request.programme = programme
            return programme
    raise Http404


def first_programme(request) -> Programme | None:
    """For a page of no programme: the one whose places the frame still shows."""
    request.programmes = programmes_of(request.user)
    request.programme = next(iter(request.programmes), None)
    return request.programme


def hidden_columns(request) -> list[str]:
    """The columns of the targets' table that the reader has put away."""
    named = request.COOKIES.get(COLUMNS_COOKIE, "").split(".")
    return [name for name in wording.COLUMNS if name in named]


def remembered(view):
    """Make a page once and show it again until something is written. Such a page is read, and takes nothing in.

    Every write leaves a line in the audit trail, so the newest line's number names the state of everything shown;
    beside it stand the reader's rights, the language, the address, and the day, since pages say how old data are.
    """

    @wraps(view)
    @require_safe
    @vary_on_cookie
    def show(request, *args, **kwargs):
        if request.method != "GET" or getattr(request, "_messages", None):
            return view(request, *args, **kwargs)
        key = _key(request)
        page = cache.get(key)
        if page is None:
            response = _made(view, request, *args, **kwargs)
            if response.streaming or not response["Content-Type"].startswith("text/html"):
                return response
            page = response.content.decode()
            if response.status_code != 200:
                response.content = _fill(page, request)
                return response
            cache.set(key, page, KEEP)
        return HttpResponse(_fill(page, request))

    return show


def _made(view, request, *args, **kwargs) -> HttpResponse:
    """A page with places for what differs from reader to reader; the page of a refusal, made after it, has none."""
    request.remembering = True
    try:
        return view(request, *args, **kwargs)
    finally:
        request.remembering = False


def _key(request) -> str:
    user = request.user
    newest = AuditLine.objects.order_by("-id").values_list("id", flat=True).first()
    parts = [newest, timezone.localdate(), request.LANGUAGE_CODE, user.role, user.jurisdiction_id, user.body_id,
             bool(request.htmx), request.get_full_path(), *hidden_columns(request)]  # fmt: skip
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()


def _fill(page: str, request) -> str:
    if TOKEN in page:
        page = page.replace(TOKEN, get_token(request))
    if UNREAD in page:
        page = page.replace(UNREAD, unread(request.user))
    return page.replace(READER, escape(wording.person(request.user)))


def token(request) -> str:
    """The form token, or its place in a page that will be remembered."""
    return TOKEN if getattr(request, "remembering", False) else get_token(request)


def reader(request) -> str:
    """The reader's name, or its place in a page that will be remembered."""
    return SafeString(READER) if getattr(request, "remembering", False) else wording.person(request.user)


def unread_of(request) -> str:
    """How many notices the reader has not read, or their place in a page that will be remembered."""
    return SafeString(UNREAD) if getattr(request, "remembering", False) else unread(request.user)


def unread(user: User) -> str:
    """The number that stands beside the inbox; nothing where all is read."""
    count = unread_notices(user).count()
    words = ngettext("%(count)s 条未读", "%(count)s 条未读", count) % {"count": count}
    return format_html('<b class="unread" title="{}">{}</b>', words, count) if count else SafeString("")
