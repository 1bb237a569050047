from django.conf import settings
from django.shortcuts import render
from django.utils import translation

from qingshan.people.actions import NotAllowed


def language(get_response):
    """Chinese first: the language is Chinese until the reader switches, whatever the browser prefers."""
    known = dict(settings.LANGUAGES)

    def middleware(request):
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        code = chosen if chosen in known else settings.LANGUAGE_CODE
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = get_response(request)
            response.headers.setdefault("Content-Language", code)
            return response

    return middleware


class Refusals:
    """Someone who may not do a thing reads why, as a page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, NotAllowed):
            why = exception.en if request.LANGUAGE_CODE == "en" else exception.zh
            return render(request, "403.html", {"why": why}, status=403)
        return None
