from datetime import UTC, datetime

from axes.utils import reset
from django.db import transaction
from django.utils import timezone

from . import audit
from .models import AuditHead, AuditLine, Body, Jurisdiction, Role, User

SYSTEM = "qingshan"  # who wrote it when a command did


class NotAllowed(Exception):
    """Someone may not do this. Carries the sentence they should read, in Chinese and in English."""

    def __init__(self, zh: str, en: str):
        super().__init__(zh)
        self.zh, self.en = zh, en


MAY = {
    "import_plan": {Role.OFFICE},
    "edit_plan": {Role.OFFICE},
    "adopt_plan": {Role.OFFICE},
    "edit_list": {Role.OFFICE},
    "issue_list": {Role.OFFICE},
    "evaluate": {Role.OFFICE},
    "sign": {Role.OFFICE, Role.LEADER},
    "score": {Role.OFFICE},
    "object": {Role.LIAISON},
    "define_register": {Role.OFFICE},
    "edit_register": {Role.OFFICE, Role.LIAISON},
    "measure": {Role.OFFICE, Role.LIAISON},
    "redact_personal": {Role.OFFICE},
    "open_rounds": {Role.OFFICE},
    "report": {Role.LIAISON},
    "review_reports": {Role.OFFICE},
    "run_coordination": {Role.OFFICE},
    "acknowledge": {Role.LIAISON, Role.OFFICE},
    "settle_circular": {Role.OFFICE, Role.LEADER},
    "prepare_meeting": {Role.OFFICE},
    "decide": {Role.LEADER},
    "sign_minutes": {Role.LEADER},
    "report_assignment": {Role.LIAISON, Role.OFFICE},
    "close_assignment": {Role.OFFICE, Role.LEADER},
    "open_incident": {Role.OFFICE},
    "call_out": {Role.OFFICE},
    "answer_call": {Role.LIAISON, Role.OFFICE},
    "note_incident": {Role.LIAISON, Role.OFFICE},
    "close_incident": {Role.OFFICE},
    "read_audit": {Role.AUDITOR, Role.ADMIN, Role.OFFICE},
    "manage_people": {Role.ADMIN},
    "manage_tokens": {Role.OFFICE, Role.ADMIN},
}


def may(user: User | None, verb: str) -> bool:
    """Whether `user` may do `verb`; a command of the system (None) may do all."""
    return user is None or user.role in MAY[verb]


def require(user: User | None, verb: str) -> None:
    """Raise NotAllowed unless `user` may do `verb`."""
    if not may(user, verb):
        allowed = "、".join(sorted(role.label for role in MAY[verb]))
        raise NotAllowed(
            f"“{user}”的角色是{user.get_role_display()}，这一操作只有{allowed}可以办理。",
            f"“{user}” has the role {user.role}; only {', '.join(sorted(MAY[verb]))} may do this.",
        )


def record(
    *, by: User | None, verb: str, thing: str, jurisdiction: Jurisdiction | None = None, detail: dict | None = None
) -> AuditLine:
    """Add one line to the audit trail, inside the caller's transaction, so that the write and its line stand or fall together.

    Raises NotAllowed, and with it undoes the write, where someone of one jurisdiction writes into another.
    """
    _at_home(by, jurisdiction)
    head = _head()
    line = AuditLine(
        at=timezone.now(), by=by.username if by else SYSTEM, role=by.role if by else "", verb=verb, thing=thing,
        jurisdiction=jurisdiction, detail=detail or {},
    )  # fmt: skip
    line.seal = head.seal = audit.seal(sealed(line), head.seal)
    head.lines += 1
    line.save()
    head.save()
    return line


def turn() -> datetime:
    """Wait for one's turn to write; returns its instant.

    Writers stand in one line until their transaction ends. What was recorded up to a turn can therefore be read in full,
    and what comes after it is dated later: a cutoff taken as a turn never gains rows afterwards.
    """
    _head()
    return timezone.now()


def _head() -> AuditHead:
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an audit line is written in the transaction of what it records")
    if head := AuditHead.objects.select_for_update().filter(id=1).first():
        return head
    AuditHead.objects.get_or_create(id=1, defaults={"seal": audit.FIRST})
    return AuditHead.objects.select_for_update().get(id=1)


def _at_home(by: User | None, jurisdiction: Jurisdiction | None) -> None:
    if by and by.jurisdiction_id and jurisdiction and by.jurisdiction_id != jurisdiction.pk:
        raise NotAllowed(
            f"“{by}”属于{by.jurisdiction}，不能办理{jurisdiction}的事项。",
            f"“{by}” belongs to {by.jurisdiction} and cannot act for {jurisdiction}.",
        )


def sealed(line: AuditLine) -> audit.Line:
    """The part of a stored line that its seal covers."""
    code = line.jurisdiction.code if line.jurisdiction_id else ""
    at = line.at.astimezone(UTC).isoformat(timespec="microseconds")
    return audit.Line(at, line.by, line.role, line.verb, line.thing, code, line.detail)


@transaction.atomic
def put_jurisdiction(*, by: User | None, code: str, name: str, name_en: str) -> Jurisdiction:
    """The jurisdiction of that code, made or brought up to date."""
    fields = {"name": name, "name_en": name_en}
    if found := Jurisdiction.objects.filter(code=code, **fields).first():
        return found
    jurisdiction, _ = Jurisdiction.objects.update_or_create(code=code, defaults=fields)
    record(by=by, verb="put_jurisdiction", thing=f"people.jurisdiction {code}", jurisdiction=jurisdiction)
    return jurisdiction


@transaction.atomic
def set_bodies(*, by: User | None, jurisdiction: Jurisdiction, bodies: list[dict]) -> dict[str, Body]:
    """Make the jurisdiction's bodies be `bodies` (code, name, full_name, name_en, aliases), in this order; returns them by code.

    A body that is no longer named stays, since old editions and runs speak of it. Raises NotAllowed where a name already
    is another body's.
    """
    stand = {body.code: body for body in jurisdiction.bodies.all()}
    _names_free(stand, bodies)
    changed = []
    for order, fields in enumerate(bodies):
        body = stand.setdefault(fields["code"], Body(jurisdiction=jurisdiction, code=fields["code"]))
        new = {**fields, "order": order}
        if body.pk is None or any(getattr(body, name) != value for name, value in new.items()):
            for name, value in new.items():
                setattr(body, name, value)
            body.save()
            changed.append(body.code)
    if changed:
        record(
            by=by,
            verb="set_bodies",
            thing=f"people.jurisdiction {jurisdiction.code}",
            jurisdiction=jurisdiction,
            detail={"bodies": changed},
        )
    return stand


def _names_free(stand: dict[str, Body], bodies: list[dict]) -> None:
    owner = {body.name: code for code, body in stand.items()}
    for fields in bodies:
        code, name = fields["code"], fields["name"]
        if owner.get(name, code) != code:
            raise NotAllowed(
                f"部门名称“{name}”已由代码 {owner[name]} 使用，不能再给代码 {code}。请沿用原代码，或先改原部门的名称。",
                f"The name “{name}” belongs to the body {owner[name]} and cannot be given to {code}; keep the code or rename that body first.",
            )


@transaction.atomic
def open_account(
    *, by: User | None, username: str, password: str | None, role: str, name: str, jurisdiction: Jurisdiction,
    body: Body | None = None, email: str = "", handed_out: bool = False, hashed: bool = False,
) -> User:  # fmt: skip
    """A new account; the password is stored hashed, and without one nobody signs in by it. An account of that name that
    already stands is returned untouched.

    hashed: the password is given as its hash, made once for accounts that share one.
    handed_out: someone else chose the password, and its owner must change it before anything opens.
    """
    require(by, "manage_people")
    if found := User.objects.filter(username=username).first():
        return found
    user = User(username=username, role=role, first_name=name, jurisdiction=jurisdiction, body=body, email=email)
    if hashed:
        user.password = password
    else:
        user.set_password(password)
    user.must_change_password = handed_out
    user.save()
    _about(by, "open_account", user, role=role)
    return user


@transaction.atomic
def close_account(*, by: User | None, user: User) -> User:
    """Shut an account: who holds it is out at once and stays out. It is never deleted, since the trail names it."""
    require(by, "manage_people")
    _still_managed(by, user)
    return _open(by, user, False, "close_account")


@transaction.atomic
def reopen_account(*, by: User | None, user: User) -> User:
    """Let the holder of a closed account in again."""
    require(by, "manage_people")
    return _open(by, user, True, "reopen_account")


def _open(by: User | None, user: User, active: bool, verb: str) -> User:
    if user.is_active != active:
        user.is_active = active
        user.save(update_fields=["is_active"])
        _about(by, verb, user)
    return user


def _still_managed(by: User | None, user: User) -> None:
    """Nobody shuts themselves out, so that there always is an administrator who can open accounts."""
    if by is not None and by.pk == user.pk:
        raise NotAllowed(
            f"“{user.username}”是您自己的账号，不能由本人关闭；请由另一位系统管理办理。",
            f"“{user.username}” is your own account; another administrator has to close it.",
        )


@transaction.atomic
def reset_password(*, by: User | None, user: User, password: str) -> User:
    """Give an account a password that its holder must change at once; signs them out wherever they are signed in."""
    require(by, "manage_people")
    _set_password(user, password, handed_out=True)
    _about(by, "reset_password", user)
    return user


@transaction.atomic
def change_password(*, by: User, password: str) -> User:
    """A person's own password, chosen by themselves."""
    _set_password(by, password, handed_out=False)
    _about(by, "change_password", by)
    return by


def _set_password(user: User, password: str, handed_out: bool) -> None:
    user.set_password(password)
    user.must_change_password = handed_out
    user.save(update_fields=["password", "must_change_password"])


@transaction.atomic
def unlock_account(*, by: User | None, user: User) -> int:
    """Forget the failed attempts to sign in as this person; returns how many networks had been locked out."""
    require(by, "manage_people")
    forgotten = reset(username=user.username)
    if forgotten:
        _about(by, "unlock_account", user)
    return forgotten


def _about(by: User | None, verb: str, user: User, **detail) -> None:
    record(by=by, verb=verb, thing=f"people.user {user.username}", jurisdiction=user.jurisdiction, detail=detail)
