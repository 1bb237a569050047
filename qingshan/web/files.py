"""Files on their way out."""

from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse
from django.utils.http import content_disposition_header

from qingshan.evidence.registers.queries import file_of


def saved(content: bytes, kind: str, name: str) -> HttpResponse:
    """A file made for this answer, to be saved under its name."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def kept(sha256: str) -> Path:
    """Where a file that someone handed in stands, or 404."""
    place = Path(settings.MEDIA_ROOT) / file_of(sha256)
    if not place.is_file():
        raise Http404
    return place


def handed_out(sha256: str, name: str) -> FileResponse:
    """A file that someone handed in, to be saved and never shown as a page of ours."""
    response = FileResponse(
        kept(sha256).open("rb"), as_attachment=True, filename=name, content_type="application/octet-stream"
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response
