import hashlib
import logging
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from qingshan.observations.appending import Appended, NotAccepted, append, rehearse
from qingshan.observations.cells import Unreadable, top
from qingshan.observations.importing import Reading, read
from qingshan.observations.mapping import Source, checked, recognised
from qingshan.observations.quality import judge
from qingshan.observations.store import Store
from qingshan.people.actions import NotAllowed, record, turn
from qingshan.people.models import User
from qingshan.plan.actions import Refused
from qingshan.plan.models import Programme

from ..registers.actions import keep_file
from ..registers.desk.progress import Progress
from ..registers.importing import MOST_BYTES
from .models import Delivery, KeptMapping
from .queries import (
    mapping_of,
    mappings_of,
    may_measure,
    path_of,
    progress_path,
    sites_of,
    sources_of,
    stalled,
)

MOST_FAULTS = 500
LONGEST_WHY = 400
log = logging.getLogger(__name__)


def require_measuring(by: User | None, programme: Programme) -> None:
    """Raise NotAllowed unless this person may take measurements in and judge them."""
    if not may_measure(by, programme):
        raise NotAllowed(
            "监测数据由计划办和监测部门的联络员导入、审核。",
            "Measurements are taken in and reviewed by the plan office and the liaison of the monitoring body.",
        )


@transaction.atomic
def send(*, by: User | None, programme: Programme, name: str, content: bytes, source: str = "") -> Delivery:
    """Keep a file of measurements to be tried. Nothing of it is in the store yet. source: how it is read; else by its columns."""
    require_measuring(by, programme)
    if source:
        _known(programme, source)
    if len(content) > MOST_BYTES:
        raise Refused(
            f"文件有 {len(content) / 2**20:.1f} MB，上限 {MOST_BYTES // 2**20} MB，请拆分。",
            f"The file has {len(content) / 2**20:.1f} MB, at most {MOST_BYTES // 2**20} MB are allowed; split it.",
        )
    digest = hashlib.sha256(content).hexdigest()
    keep_file(content)
    made = Delivery.objects.create(
        programme=programme, name=Path(name).name[:200], sha256=digest, size=len(content), source=source[:80],
        recorded_at=turn(), recorded_by=by,
    )  # fmt: skip
    Progress(progress_path(made)).tell(0, 0)
    _write_down(by, programme, "send_measurements", file=made.name, sha256=digest, number=made.pk)
    return made


def _known(programme: Programme, source: str) -> None:
    known = sources_of(programme)
    if source not in known:
        raise Refused(
            f"没有来源“{source[:40]}”，可用：{'、'.join(known)}；不写则按列名识别。",
            f"There is no source {source[:40]}; use one of {', '.join(known)}, or none: a file is then told by its columns.",
        )


@transaction.atomic
def keep_mapping(*, by: User | None, programme: Programme, told: dict) -> KeptMapping:
    """Keep how the files of a source are read; under a name that is there already it takes the old one's place.

    Raises Refused where it cannot be used.
    """
    require_measuring(by, programme)
    stand = next(
        (one for one in KeptMapping.objects.filter(programme=programme) if one.told["name"] == told["name"]), None
    )
    number = KeptMapping.objects.filter(programme=programme).count() + 1
    code = stand.code if stand else f"{programme.code}-{number}"
    try:
        checked(code, told)
    except Unreadable as reason:
        raise Refused(reason.zh, reason.en) from reason
    kept = stand or KeptMapping(programme=programme, code=code)
    kept.told, kept.recorded_at, kept.recorded_by = told, turn(), by
    kept.save()
    _write_down(by, programme, "keep_mapping", code=code, mapping=told)
    return kept


@transaction.atomic
def read_as(*, by: User | None, delivery: Delivery, source: str) -> Delivery:
    """Try a file again, read by that source."""
    require_measuring(by, delivery.programme)
    turn()
    states = (Delivery.State.UNKNOWN, Delivery.State.FAULTY, Delivery.State.READY)
    fresh = {"state": Delivery.State.CHECKING, "source": source, "faults": [], "notices": [], "outcome": {}}
    _move(delivery, states, **fresh)
    return delivery


@transaction.atomic
def confirm(*, by: User | None, delivery: Delivery, partly: bool = False) -> Delivery:
    """Say that a tried file is to be taken in, whole or, where it has faults, without their rows; its sender says so."""
    require_measuring(by, delivery.programme)
    if by is not None and delivery.recorded_by_id != by.pk:
        raise NotAllowed(
            f"这个文件是{delivery.recorded_by}上传的，由上传人确认导入。",
            "A file is taken in by the person who sent it.",
        )
    if partly and not delivery.outcome.get("skippable"):
        raise Refused(
            "文件整体有问题，不能跳过。", "Something is wrong with the whole file; it cannot be taken in part."
        )
    turn()
    _move(
        delivery,
        [Delivery.State.FAULTY if partly else Delivery.State.READY],
        state=Delivery.State.KEEPING,
        partly=partly,
    )
    return delivery


def _move(delivery: Delivery, states: Iterable[str], **fields) -> None:
    """Bring a file on; Refused where it is not where it was thought to be."""
    if not Delivery.objects.filter(pk=delivery.pk, state__in=list(states)).update(**fields):
        delivery.refresh_from_db()
        raise Refused(
            f"这个文件现在是“{delivery.get_state_display()}”，请刷新后再办。",
            f"The file is {delivery.state} now; reload and look again.",
        )
    Progress(progress_path(delivery)).tell(0, 0)
    delivery.refresh_from_db()


def work(*, by: User | None, delivery: Delivery) -> Delivery:
    """Do what is next with a file, for whoever sent it. An error ends it with a sentence, and nothing is kept."""
    if not delivery.running:
        return delivery
    try:
        return (_check if delivery.state == Delivery.State.CHECKING else _keep)(delivery)
    except (Unreadable, NotAccepted, Refused, NotAllowed) as refused:
        named = (one.replace(path_of(delivery).name, delivery.name) for one in (refused.zh, refused.en))
        return _end(delivery, Delivery.State.FAILED, faults=[(0, "", "", *named)])
    except Exception:
        log.exception("delivery %s", delivery.pk)
        zh, en = "处理时出错，请重新上传，再次出错请联系系统管理。", "Something went wrong. Send the file again."
        return _end(delivery, Delivery.State.FAILED, faults=[(0, "", "", zh, en)])


def _check(delivery: Delivery) -> Delivery:
    """Try the file without writing a row, and keep what was found."""
    by = _source(delivery)
    if by is None:
        return _end(delivery, Delivery.State.UNKNOWN)
    reading = _read(delivery, by)
    whole = not reading.faults
    would = rehearse(Store(settings.OBSERVATIONS), reading.rows)
    return _end(
        delivery, Delivery.State.READY if whole else Delivery.State.FAULTY, reading.faults, reading.notices, _outcome(reading, by, would)
    )  # fmt: skip


def _source(delivery: Delivery) -> Source | None:
    if delivery.source:
        return mapping_of(delivery.programme, delivery.source)
    return recognised(top(path_of(delivery)), mappings_of(delivery.programme))


def _read(delivery: Delivery, by: Source) -> Reading:
    progress = Progress(progress_path(delivery))
    progress.phase = "checking"
    sites = sites_of(delivery.programme)
    if not any(one["medium"] == by.medium for one in sites):
        raise Refused(
            f"规划没有登记这类点位（{by.medium}），请先在规划资料的 sites.csv 中登记。",
            f"The programme declares no site of {by.medium}; declare them in its sites.csv first.",
        )
    return read(path_of(delivery), by, sites=sites, today=timezone.localdate(), watch=progress.tell)


def _outcome(reading: Reading, by: Source, done: Appended) -> dict:
    times = [one.date() for one in reading.rows["time"].to_pylist()] if reading.rows.num_rows else []
    return {
        "source": by.code, "medium": by.medium, "lines": reading.lines, "bad": reading.bad, "skippable": reading.skippable and bool(times),
        "values": reading.rows.num_rows, "new": done.new, "corrected": done.corrected, "unchanged": done.unchanged,
        "sites": len(set(reading.rows["site"].to_pylist())), "since": _iso(min(times, default=None)), "until": _iso(max(times, default=None)),
    }  # fmt: skip


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _keep(delivery: Delivery) -> Delivery:
    """Take the file's rows in: all of them or none, with the line of the audit trail that says so."""
    by = mapping_of(delivery.programme, delivery.outcome["source"])
    reading = _read(delivery, by)
    if reading.faults and not (delivery.partly and reading.skippable):
        return _end(delivery, Delivery.State.FAULTY, reading.faults, reading.notices)
    with transaction.atomic():
        turn()
        done = append(Store(settings.OBSERVATIONS), reading.rows)
        told = _outcome(reading, by, done)
        _end(delivery, Delivery.State.KEPT, reading.faults, reading.notices, told)
        detail = {
            "file": delivery.name,
            "sha256": delivery.sha256,
            "source": by.code,
            "version": done.version,
            "left_out": reading.bad,
        }
        _write_down(delivery.recorded_by, delivery.programme, "import_measurements", number=delivery.pk, **detail,
                    new=done.new, corrected=done.corrected, unchanged=done.unchanged)  # fmt: skip
    return delivery


def give_up(*, by: User | None, delivery: Delivery) -> Delivery:
    """End a run that has fallen silent, such as one that was cut off with its server."""
    if not stalled(delivery):
        return delivery
    zh, en = (
        "处理中断；请重新上传，已经入库的不会重复。",
        "The run was cut off. Send the file again; what is in already does not come in twice.",
    )
    return _end(delivery, Delivery.State.FAILED, faults=[(0, "", "", zh, en)])


def _end(delivery: Delivery, state: str, faults=(), notices=(), outcome: dict | None = None) -> Delivery:
    delivery.state, delivery.notices = state, [list(one) for one in notices]
    delivery.faults = [_plain(one) for one in list(faults)[:MOST_FAULTS]]
    if outcome is not None:
        delivery.outcome = outcome | {"faults": len(faults)}
    delivery.save(update_fields=["state", "faults", "notices", "outcome"])
    progress_path(delivery).unlink(missing_ok=True)
    return delivery


def _plain(fault) -> list:
    found = list(fault) if isinstance(fault, tuple) else [fault.line, fault.column, fault.cell, fault.zh, fault.en]
    return [one.replace("\0", "") if isinstance(one, str) else one for one in found]


@transaction.atomic
def review(*, by: User, programme: Programme, medium: str, keys: list[tuple], verdict: str, why: str) -> Appended:
    """Confirm or reject values under a flag, with the reason, on record; all of them or none.

    keys: (site, item, period, time, the flag as it was seen) of each. Raises Refused.
    """
    require_measuring(by, programme)
    why, known = why.strip(), {one["code"] for one in sites_of(programme, medium)}
    if not why or len(why) > LONGEST_WHY:
        raise Refused(
            f"审核须写理由，1—{LONGEST_WHY} 个字，现为 {len(why)} 个。",
            f"A verdict needs its reason, 1 to {LONGEST_WHY} characters; there are {len(why)}.",
        )
    if not keys or any(key[0] not in known for key in keys):
        raise Refused("请先勾选要审核的数值。", "Tick the values that are meant first.")
    turn()
    try:
        before, done = judge(Store(settings.OBSERVATIONS), medium, keys, verdict, by.username)
    except NotAccepted as reason:
        raise Refused(reason.zh, reason.en) from reason
    values = [
        {"site": one["site"], "item": one["item"], "period": one["period"], "time": one["time"].isoformat(), "value": str(one["value"]),
         "unit": one["unit"], "was": one["flag"]}
        for one in before
    ]  # fmt: skip
    _write_down(by, programme, "review_measurements", medium=medium, verdict=verdict, why=why, values=values)
    return done


def _write_down(by: User | None, programme: Programme, verb: str, **detail) -> None:
    record(
        by=by,
        verb=verb,
        thing=f"measurements {programme.code}"[:120],
        jurisdiction=programme.jurisdiction,
        detail=detail,
    )
