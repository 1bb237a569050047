import re

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from qingshan.people.actions import NotAllowed
from qingshan.web import sessions

# Everything a page loads is its own, but for map tiles where the site names some; nothing written into a page runs. Bars
# have their widths in style attributes.
TILES = re.match(r"https?://[^/]+", settings.QINGSHAN_TILES.replace("{s}", "*"))
POLICY = "; ".join((
    "default-src 'self'", f"img-src 'self' data: blob: {TILES[0] if TILES else ''}".strip(), "style-src-attr 'unsafe-inline'",
    "object-src 'none'", "base-uri 'self'", "form-action 'self'", "frame-ancestors 'none'",
))  # fmt: skip
STILL_OPEN = {"password", "sign-out", "language"}  # before a first password has been changed


def headers(get_response):
    """What a browser may do with what it is given."""

    def middleware(request):
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(self)")
        response.headers.setdefault("Cache-Control", "private, no-cache")
        _of_the_api(request, response)
        return response

    return middleware


def language(get_response):
    """The language is that of the reader's programme, and Chinese before one is known, until the reader switches."""
    known = dict(settings.LANGUAGES)

    def middleware(request):
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) or request.session.get("language")
        code = chosen if chosen in known else settings.LANGUAGE_CODE
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = get_response(request)
            response.headers.setdefault("Content-Language", code)
            return response

    return middleware


def _of_the_api(request, response) -> None:
    """How often a caller may still ask, and by what an answer is known again."""
    if rate := getattr(request, "rate", None):
        for name, value in zip(("Limit", "Remaining", "Reset"), rate, strict=True):
            response.headers[f"RateLimit-{name}"] = str(value)
    if response.status_code == 200 and (tag := getattr(request, "etag", None)):
        response.headers.setdefault("ETag", tag)
        patch_vary_headers(response, ["Authorization", "Cookie"])


class Refusals:
    """Someone who may not do a thing reads why, as a page; what no database can keep is refused before one is asked for it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.resolver_match.app_name == "ninja":
            return None  # the API reads what it is sent by itself
        told = (
            text for asked in (request.GET, request.POST) for name in asked for text in (name, *asked.getlist(name))
        )
        if any("\0" in text for text in told):
            why = _("地址或表单里有不能保存的字符，请删去后再试。")
            return render(request, "403.html", {"why": why}, status=400)
        return None

    def process_exception(self, request, exception):
        if isinstance(exception, NotAllowed):
            why = exception.en if request.LANGUAGE_CODE == "en" else exception.zh
            return render(request, "403.html", {"why": why}, status=403)
        return None


class Sessions:
    """Signs out who was away too long, and tells them so at the door."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not request.user.is_authenticated:
            return
        now = int(timezone.now().timestamp())
        if not sessions.over(request.session, now):
            sessions.notice(request.session, now)
            return
        logout(request)
        messages.info(request, _("太久没有操作，已自动退出。请重新登录。"))


class FirstPassword:
    """Nothing opens before a password that was handed out has been changed."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        here = request.resolver_match
        waits = request.user.is_authenticated and request.user.must_change_password
        if waits and here.url_name not in STILL_OPEN and here.app_name != "ninja":
            return redirect("password")
        return None
