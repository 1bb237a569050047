"""What a body writes: its draft with evidence, and handing it in."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from qingshan.evidence.registers.actions import file_fits, keep_file
from qingshan.people.models import User

from ..answers import Answer, faults, lacking, plain
from ..models import File, Line, Report, Step, Version
from ..queries import answer_of, lines_of
from .doors import fit, move_on, not_accepted, open_to, overtaken, tell


class Change(NamedTuple):
    """A line's new answer, and the number of the line it was made on."""

    expected: int
    answer: Answer


@transaction.atomic
def save_lines(*, by: User | None, report: Report, changes: Mapping[int, Change], on: date) -> list[Line]:
    """Keep answers in the draft, all or none; an answer that says nothing new is passed over. Returns what changed.

    Raises Overtaken where someone else changed one of the lines since it was read, Unfit where an answer cannot be kept.
    """
    report = open_to(by, report, on)
    lines = {one.pk: one for one in report.lines.filter(pk__in=changes).select_for_update(of=("self",))}
    new = {lines[pk]: one for pk, one in changes.items() if one.answer != answer_of(lines[pk])}
    _not_overtaken(new)
    fit([(line, fault) for line, one in new.items() for fault in faults(line.form, line.asked, one.answer)])
    not_accepted(new)
    now = timezone.now()
    for line, one in new.items():
        line.claim, line.progress, line.obstacle = one.answer.claim, one.answer.progress, one.answer.obstacle
        line.entries = [list(entry) for entry in one.answer.entries]
        line.number, line.edited_by, line.edited_at, line.remark = line.number + 1, by, now, line.remark
        line.save()
    if new:
        tell(by, report, "edit_report", count=len(new))
    return list(new)


def _not_overtaken(new: Mapping[Line, Change]) -> None:
    for line, one in new.items():
        if line.number != one.expected:
            raise overtaken([line for line, one in new.items() if line.number != one.expected])


@transaction.atomic
def attach(*, by: User | None, line: Line, name: str, content: bytes, on: date) -> File:
    """Keep an evidence file with a line. It is known by its content, and the same one is kept once."""
    report = open_to(by, line.report, on)
    not_accepted([Line.objects.get(pk=line.pk)])
    file_fits(name, content)
    digest = hashlib.sha256(content).hexdigest()
    if found := line.files.filter(sha256=digest).first():
        return found
    keep_file(content)
    made = File.objects.create(
        line=line,
        sha256=digest,
        name=Path(name).name[:200],
        size=len(content),
        recorded_at=timezone.now(),
        recorded_by=by,
    )
    tell(by, report, "attach_to_report", name=made.name, sha256=digest)
    return made


@transaction.atomic
def detach(*, by: User | None, file: File, on: date) -> None:
    """Take a file from a draft's line. What was handed in with it keeps naming it, and its bytes stay."""
    report = open_to(by, file.line.report, on)
    not_accepted([file.line])
    tell(by, report, "detach_from_report", name=file.name, sha256=file.sha256)
    file.delete()


@transaction.atomic
def submit(*, by: User | None, report: Report, seen: Mapping[int, int], on: date) -> Version:
    """Hand the report in as it was seen (`seen`: line id → number). What was handed in is kept for good.

    Raises Overtaken where a line is newer than what was seen, Unfit where an answer is missing.
    """
    report = open_to(by, report, on)
    lines = lines_of(report)
    newer = [one for one in lines if seen.get(one.pk) != one.number]
    if newer:
        raise overtaken(newer)
    fit([(line, fault) for line in lines for fault in lacking(line.form, line.asked, answer_of(line))])
    number = report.versions.count() + 1
    content = [content_of(line, line.files.all()) for line in lines]
    made = Version.objects.create(
        report=report, number=number, content=content, recorded_at=timezone.now(), recorded_by=by
    )
    move_on(by, report, Report.State.SUBMITTED, Step.Verb.SUBMIT, on, made)
    tell(by, report, "submit_report", version=number)
    return made


def content_of(line: Line, files: Iterable[File]) -> dict:
    """A line as a version keeps it."""
    return {
        "line": line.pk, "key": line.key, "claim": plain(line.claim), "progress": line.progress, "obstacle": line.obstacle,
        "entries": line.entries, "number": line.number, "accepted": line.accepted_on.isoformat() if line.accepted_on else None,
        "files": [{"name": one.name, "sha256": one.sha256, "size": one.size} for one in files],
    }  # fmt: skip
