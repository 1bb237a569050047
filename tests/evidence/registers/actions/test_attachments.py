from pathlib import Path

import pytest

from qingshan.evidence.registers.actions import attach
from qingshan.evidence.registers.models import Attachment
from qingshan.evidence.registers.queries import file_of
from qingshan.people.actions import NotAllowed
from qingshan.people.models import Role
from qingshan.plan.actions import Refused

from ..outfalls import added, person


def test_a_file_is_kept_once_under_its_digest(register, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    entry = added(register)
    one = attach(by=None, entry=entry, name="../../x/photo.png", content=b"\x89PNG 1")
    assert attach(by=None, entry=entry, name="again.png", content=b"\x89PNG 1") == one
    assert (one.name, Attachment.objects.count()) == ("photo.png", 1)
    assert (Path(tmp_path) / file_of(one.sha256)).read_bytes() == b"\x89PNG 1"
    with pytest.raises(Refused, match="不是照片"):
        attach(by=None, entry=entry, name="x.jpg", content=b"<script>")
    with pytest.raises(NotAllowed):
        attach(by=person(register, Role.LIAISON, "farm"), entry=entry, name="x.png", content=b"\x89PNG 2")
