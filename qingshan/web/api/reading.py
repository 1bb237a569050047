"""What comes in and goes out: bodies that can be kept, answers that have not changed."""

import hashlib
import json
import re
from functools import wraps

from django.conf import settings
from django.http import HttpResponseNotModified
from django.utils import timezone
from ninja.errors import HttpError
from ninja.parser import Parser

from qingshan.observations.store import Store
from qingshan.people.models import AuditLine

MEASURED = re.compile(
    r"/(sites|air|water|measurements)(/|$)"
)  # what is told of the store, into which the command line writes, too
MOVING = re.compile(r"/((uploads|deliveries)(/\d+)?|inbox)$")  # what changes without a line in the audit trail


class Storable(Parser):
    """JSON that any database can keep: no NUL, no half characters."""

    def parse_body(self, request):
        try:
            text = request.body.decode()
            found = json.loads(text, parse_constant=_no_number)
            json.dumps(found, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            raise HttpError(400, "unreadable") from None
        if "\\u0000" in text or "\0" in text:
            raise HttpError(400, "unreadable")
        return found

    def parse_querydict(self, data, list_fields, request):
        told = (getattr(value, "name", value) for name in data for value in [name, *data.getlist(name)])
        if any("\0" in (text or "") for text in told):
            raise HttpError(400, "unreadable")
        return super().parse_querydict(data, list_fields, request)


def _no_number(name: str):
    raise ValueError(name)


def unchanged(operation):
    """Answer 304 where nothing has been written since the caller last read.

    Every write leaves a line in the audit trail, so the newest line's number names the state of everything shown; beside
    it stand the caller, the address, and the day, since answers say how old data are; of measurements the store's version.
    """

    @wraps(operation)
    def answer(request, *args, **kwargs):
        if request.method not in ("GET", "HEAD") or MOVING.search(request.path):
            return operation(request, *args, **kwargs)
        tag = _tag(request)
        request.etag = tag
        given = request.headers.get("If-None-Match", "")
        if tag in (one.strip() for one in given.split(",")):
            return HttpResponseNotModified(headers={"ETag": tag})
        return operation(request, *args, **kwargs)

    return answer


def _tag(request) -> str:
    newest = AuditLine.objects.order_by("-id").values_list("id", flat=True).first()
    version = Store(settings.OBSERVATIONS).snapshot().version if MEASURED.search(request.path) else ""
    parts = (newest, version, timezone.localdate(), request.auth.pk, request.get_full_path())
    digest = hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()
    return f'W/"{digest[:32]}"'
