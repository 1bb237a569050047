import hashlib
import logging
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from qingshan.people.actions import NotAllowed, record, require, turn
from qingshan.people.models import User
from qingshan.plan.actions import Refused
from qingshan.plan.models import Programme

from ..actions import keep_file
from ..importing import MOST_BYTES, FaultyFile, dry_run, import_rows
from .models import SavedFilter, Upload
from .progress import Progress
from .queries import content_of, progress_path, stalled

MOST_FILTERS = 30
log = logging.getLogger(__name__)


@transaction.atomic
def save_filter(*, by: User, programme: Programme, register: str, name: str, query: str) -> SavedFilter:
    """Keep a filter under a name; under a name that is there already it takes the old one's place."""
    name = name.strip()
    if not name or len(name) > 60:
        raise Refused(
            f"筛选的名称有 {len(name)} 个字，应为 1—60 个。", f"The name has {len(name)} characters; it needs 1 to 60."
        )
    if len(query) > 1000:
        raise Refused(
            f"筛选条件有 {len(query)} 个字，上限 1000 个。", f"The filter has {len(query)} characters, at most 1000."
        )
    mine = SavedFilter.objects.filter(owner=by, programme=programme, register=register)
    stand = mine.filter(name=name).first()
    if stand is None and mine.count() >= MOST_FILTERS:
        raise Refused(
            f"这本台账已存 {MOST_FILTERS} 个筛选，上限 {MOST_FILTERS} 个，请先删去不用的。",
            f"You keep {MOST_FILTERS} filters here, at most {MOST_FILTERS} are allowed; delete one first.",
        )
    kept = stand or SavedFilter(owner=by, programme=programme, register=register, name=name)
    kept.query, kept.recorded_at = query, turn()
    kept.save()
    _write_down(by, programme, "save_filter", register, name=name)
    return kept


@transaction.atomic
def drop_filter(*, by: User, kept: SavedFilter) -> None:
    """Forget a filter; only its owner may."""
    if kept.owner_id != by.pk:
        raise NotAllowed("这个筛选是别人存的，只有本人可以删去。", "Only the person who saved a filter may delete it.")
    _write_down(by, kept.programme, "drop_filter", kept.register, name=kept.name)
    kept.delete()


@transaction.atomic
def send(
    *, by: User | None, programme: Programme, register: str, name: str, content: bytes, known_on: date, why: str = ""
) -> Upload:
    """Keep a file of rows to be checked. Nothing of it is in the register yet."""
    require(by, "edit_register")
    if len(content) > MOST_BYTES:
        raise Refused(
            f"文件有 {len(content) / 2**20:.1f} MB，上限 {MOST_BYTES // 2**20} MB，请拆分。",
            f"The file has {len(content) / 2**20:.1f} MB, at most {MOST_BYTES // 2**20} MB are allowed; split it.",
        )
    if known_on > timezone.localdate():
        raise Refused(
            f"得知日 {known_on} 在今天之后，请改正。", f"The day known, {known_on}, is after today; correct it."
        )
    digest = hashlib.sha256(content).hexdigest()
    keep_file(content)
    made = Upload.objects.create(
        programme=programme, register=register, name=Path(name).name[:200], sha256=digest, size=len(content),
        known_on=known_on, why=why[:400], recorded_at=turn(), recorded_by=by,
    )  # fmt: skip
    Progress(progress_path(made)).tell(0, 0)
    _write_down(by, programme, "send_rows", register, file=made.name, sha256=digest)
    return made


def check(*, by: User | None, upload: Upload) -> Upload:
    """Try the file without writing a row, and keep what was found."""
    outcome, faults = _tried(
        upload,
        lambda progress: dry_run(
            by=by, programme=upload.programme, register=upload.register, content=content_of(upload), name=upload.name,
            known_on=upload.known_on, watch=progress,
        ),
    )  # fmt: skip
    return _end(upload, Upload.State.FAULTY if faults else Upload.State.READY, outcome, faults)


@transaction.atomic
def confirm(*, by: User | None, upload: Upload) -> Upload:
    """Say that a checked file is to be taken in; its sender says so."""
    require(by, "edit_register")
    if by is not None and upload.recorded_by_id != by.pk:
        raise NotAllowed(
            f"这个文件是{upload.recorded_by}上传的，由上传人确认导入。", "A file is taken in by the person who sent it."
        )
    turn()
    begun = Upload.objects.filter(pk=upload.pk, state=Upload.State.READY).update(state=Upload.State.KEEPING)
    if not begun:
        upload.refresh_from_db()
        raise Refused(
            f"这个文件现在是“{upload.get_state_display()}”，不能再次确认导入。",
            f"The file is {upload.state} now and cannot be confirmed again.",
        )
    Progress(progress_path(upload)).tell(0, 0)
    upload.refresh_from_db()
    return upload


def keep(*, by: User | None, upload: Upload) -> Upload:
    """Take the file's rows in: all of them, or none."""
    try:
        outcome = _tried(
            upload,
            lambda progress: import_rows(
                by=by, programme=upload.programme, register=upload.register, content=content_of(upload),
                name=upload.name, known_on=upload.known_on, why=upload.why, watch=progress,
            ),
        )  # fmt: skip
    except FaultyFile as faulty:  # the register changed since it was checked
        return _end(upload, Upload.State.FAULTY, None, faulty.faults)
    return _end(upload, Upload.State.KEPT, outcome, [])


def work(*, by: User | None, upload: Upload) -> Upload:
    """Do what is next with a file, whoever sent it. An error ends it with a sentence, and nothing is kept."""
    if not upload.running:
        return upload
    sender = upload.recorded_by
    try:
        done = check if upload.state == Upload.State.CHECKING else keep
        return done(by=sender, upload=upload)
    except (Refused, NotAllowed) as refused:
        return _end(upload, Upload.State.FAILED, None, [("", "", "", refused.zh, refused.en)])
    except Exception:
        log.exception("upload %s", upload.pk)
        zh, en = (
            "处理时出错，一条也没有导入；请重新上传，再次出错请联系系统管理。",
            "Something went wrong; nothing was taken in. Send the file again.",
        )
        return _end(upload, Upload.State.FAILED, None, [("", "", "", zh, en)])


def give_up(*, by: User | None, upload: Upload) -> Upload:
    """End a run that has fallen silent, such as one that was cut off with its server."""
    if not stalled(upload):
        return upload
    zh, en = "处理中断，一条也没有导入；请重新上传。", "The run was cut off; nothing was taken in. Send the file again."
    return _end(upload, Upload.State.FAILED, None, [("", "", "", zh, en)])


def _tried(upload: Upload, run):
    return run(Progress(progress_path(upload)))


def _end(upload: Upload, state: str, outcome, faults) -> Upload:
    upload.state, upload.faults = state, [list(one) for one in faults]
    if outcome is not None:
        upload.outcome = {"added": outcome.added, "changed": outcome.changed, "same": outcome.same}
    upload.save(update_fields=["state", "faults", "outcome"])
    progress_path(upload).unlink(missing_ok=True)
    return upload


def _write_down(by: User | None, programme: Programme, verb: str, register: str, **detail) -> None:
    record(
        by=by,
        verb=verb,
        thing=f"registers {programme.code}/{register}",
        jurisdiction=programme.jurisdiction,
        detail=detail,
    )
