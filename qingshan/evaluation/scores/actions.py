import json
from datetime import UTC, date

from django.db import transaction
from django.utils import timezone

from qingshan.config.version import SCORING, code_version
from qingshan.evaluation.models import Run
from qingshan.evaluation.record import canonical, digest
from qingshan.people.actions import record, require, turn
from qingshan.people.models import Body, User
from qingshan.plan.actions import Refused
from qingshan.plan.models import Programme
from qingshan.standards.working_days import after

from .models import Answer, Consent, Objection, Rules, Sheet
from .period import Period, period_of, periods_until
from .queries import excluded_by, gather, rules_for, run_for, silent_bodies
from .rules import BAD, Scoring
from .sheet import again, compute, read_line

LEAST = 5  # characters of a reason
COUNTRY = "CN"  # whose working days the window is counted in


@transaction.atomic
def define_rules(*, by: User | None, programme: Programme, scoring: Scoring) -> Rules:
    """Put an edition of the rules in force. One that stands already is left as it is; sheets made by it stay with it."""
    require(by, "score")
    plain, now = scoring.plain(), turn()
    stand = Rules.objects.filter(programme=programme, version=scoring.version).order_by("id").last()
    if stand and stand.definition == plain:
        return stand
    made = Rules.objects.create(
        programme=programme, version=scoring.version, since=scoring.since, definition=plain, recorded_at=now
    )
    record(
        by=by, verb="define_scoring", thing=f"scores.rules {scoring.version}", jurisdiction=programme.jurisdiction,
        detail={"programme": programme.code, "digest": digest(canonical(plain))},
    )  # fmt: skip
    return made


@transaction.atomic
def compute_sheet(
    *, by: User | None, programme: Programme, period: str, run: Run | None = None, demonstration: bool = False
) -> Sheet:
    """A draft of the period's scores, in the place of an earlier draft. Raises Refused where there is nothing to judge by."""
    require(by, "score")
    cutoff, span = turn(), _span(period)
    _none_published(programme, span)
    run = run or run_for(programme, span)
    if run is None or run.as_of < span.until:
        raise _too_early(span, run)
    rules = rules_for(programme, span, cutoff)
    if rules is None:
        raise Refused(
            f"{span.since} 时没有生效的评分规则，无法评分。请在资料夹的 scoring.yaml 中写明并载入。",
            f"No scoring rules are in force on {span.since}; write them into the folder's scoring.yaml and load it.",
        )
    sheet = Sheet(
        programme=programme, run=run, rules=rules, period=span.code, since=span.since, until=span.until, as_of=run.as_of,
        cutoff=cutoff, code_version=code_version(SCORING), demonstration=demonstration, created_at=timezone.now(), created_by=by,
    )  # fmt: skip
    sheet.record = computed(sheet)
    sheet.digest = digest(sheet.record)
    Sheet.objects.filter(programme=programme, period=span.code, state=Sheet.State.DRAFT).delete()
    sheet.save()
    _write_down(by, "compute_scores", sheet)
    return sheet


def _span(period: str) -> Period:
    try:
        return period_of(period)
    except ValueError as wrong:
        raise Refused(str(wrong), f"The period “{period[:20]}” should be written 2025, 2025-H1 or 2025-H2.") from None


def _none_published(programme: Programme, span: Period) -> None:
    stand = Sheet.objects.filter(programme=programme, period=span.code, state__in=["published", "final"]).first()
    if stand:
        state = stand.get_state_display()
        raise Refused(
            f"{span.code} 的评分表{state}，不能重新计算。确有错误的，先撤回并写明理由；已定稿的不能撤回。",
            f"The sheet of {span.code} is {stand.state} and cannot be computed anew; withdraw it first, with the reason. A final one stays.",
        )


def _too_early(span: Period, run: Run | None) -> Refused:
    newest = f"所选评估的评估日是 {run.as_of}" if run else "还没有"
    told = f"the one chosen is of {run.as_of}" if run else "there is none yet"
    return Refused(
        f"{span.code} 的评分以期末（{span.until}）当日或之后的评估为依据，{newest}。请先在“评估”中评估一次并签署。",
        f"Scores of {span.code} rest on an evaluation of {span.until} or later; {told}. Evaluate and sign first.",
    )


def computed(sheet: Sheet) -> str:
    """The record of a sheet computed from what was recorded by its cutoff, without what objections changed since."""
    rules, span = sheet.rules.scoring, Period(sheet.period, sheet.since, sheet.until)
    lines = gather(sheet.run, span, rules, sheet.cutoff)
    return canonical(compute(_header(sheet), rules, lines, {}))


def _header(sheet: Sheet) -> dict:
    return {
        "programme": sheet.programme.code,
        "period": {"code": sheet.period, "since": str(sheet.since), "until": str(sheet.until)},
        "as_of": sheet.as_of.isoformat(),
        "cutoff": sheet.cutoff.astimezone(UTC).isoformat(timespec="microseconds"),
        "run": {"digest": sheet.run.digest, "as_of": sheet.run.as_of.isoformat()},
        "code_version": sheet.code_version,
        "demonstration": sheet.demonstration,
    }


@transaction.atomic
def publish(*, by: User | None, sheet: Sheet, on: date) -> Sheet:
    """Show the draft to the bodies, who may object for as many working days as the rules give."""
    require(by, "score")
    sheet = _locked(sheet)
    _in_state(sheet, Sheet.State.DRAFT)
    if sheet.run.signed_at is None and not sheet.demonstration:
        raise Refused(
            f"这份评分所依据的评估（评估日 {sheet.run.as_of}）尚未签署，不能公布。请先签署评估，再重新计算。",
            f"The evaluation of {sheet.run.as_of} that these scores rest on is not signed; sign it before you publish them.",
        )
    if on < sheet.as_of:
        raise Refused(
            f"公布日 {on} 早于评估日 {sheet.as_of}，请核对。",
            f"Published on {on}, before the day judged, {sheet.as_of}.",
        )
    window = sheet.rules.scoring.window
    sheet.state, sheet.published_on, sheet.published_by = Sheet.State.PUBLISHED, on, by
    sheet.open_until = after(on, window, COUNTRY, provisional=True)
    sheet.save(update_fields=["state", "published_on", "published_by", "open_until"])
    _write_down(by, "publish_scores", sheet, {"until": sheet.open_until.isoformat()})
    return sheet


@transaction.atomic
def object_to(
    *, by: User | None, sheet: Sheet, line: str, reason: str, evidence: str, on: date, body: Body | None = None
) -> Objection:
    """A body's objection to one of its own lines. `body` is named only by a command of the system."""
    require(by, "object")
    sheet, body = _locked(sheet), by.body if by else body
    _in_state(sheet, Sheet.State.PUBLISHED)
    _in_window(sheet, on)
    _of_the_body(sheet, body, line)
    _said("异议理由", "reason", reason)
    if sheet.objections.filter(body=body, line=line).exists():
        raise Refused("对这一行已经提过异议，每行只能提一次。", "This line has been objected to already; once is all.")
    made = Objection.objects.create(
        sheet=sheet, body=body, line=line, reason=reason.strip(), evidence=evidence.strip(), made_on=on, made_at=timezone.now(),
        made_by=by,
    )  # fmt: skip
    _write_down(by, "object_score", sheet, {"body": body.code, "line": line, "why": made.reason})
    return made


def _of_the_body(sheet: Sheet, body: Body, key: str) -> None:
    rules = sheet.rules.scoring
    mine = [
        one for one in map(read_line, json.loads(sheet.record)["lines"]) if one.body == body.code and one.key == key
    ]
    if not mine:
        raise Refused(f"评分表中没有“{body}”的这一行。", f"The sheet has no such line of “{body}”.")
    if rules.criterion[mine[0].criterion].judged(mine[0].outcome) != BAD:
        raise Refused("这一行没有减分，不必提异议。", "This line takes nothing away; there is nothing to object to.")


def _in_window(sheet: Sheet, on: date) -> None:
    if not sheet.published_on <= on <= sheet.open_until:
        raise Refused(
            f"异议期为 {sheet.published_on} 至 {sheet.open_until}，今天是 {on}，不再受理。",
            f"Objections are taken from {sheet.published_on} to {sheet.open_until}; today is {on}.",
        )


@transaction.atomic
def answer(*, by: User | None, objection: Objection, upheld: bool, reason: str) -> Answer:
    """The office's answer. Where it upholds, the line no longer counts, and the scores follow at once."""
    require(by, "score")
    sheet = _locked(objection.sheet)
    _in_state(sheet, Sheet.State.PUBLISHED)
    _said("答复理由", "reason", reason)
    if Answer.objects.filter(objection=objection).exists():
        raise Refused("这条异议已经答复，答复不能更改。", "This objection has its answer, which stays as it is.")
    made = Answer.objects.create(objection=objection, upheld=upheld, reason=reason.strip(), at=timezone.now(), by=by)
    sheet.record = canonical(again(json.loads(sheet.record), excluded_by(sheet)))
    sheet.digest = digest(sheet.record)
    sheet.save(update_fields=["record", "digest"])
    verb = "uphold_objection" if upheld else "reject_objection"
    _write_down(by, verb, sheet, {"body": objection.body.code, "line": objection.line, "why": made.reason})
    return made


@transaction.atomic
def consent(*, by: User, sheet: Sheet) -> Consent:
    """A body's word that it has no further objection."""
    require(by, "object")
    sheet = _locked(sheet)
    _in_state(sheet, Sheet.State.PUBLISHED)
    if found := sheet.consents.filter(body=by.body).first():
        return found
    if sheet.objections.filter(body=by.body, answer=None).exists():
        raise Refused(
            "贵部门还有异议未答复，答复后再确认。", "An objection of yours awaits its answer; confirm after it."
        )
    made = Consent.objects.create(sheet=sheet, body=by.body, at=timezone.now(), by=by)
    _write_down(by, "consent_scores", sheet, {"body": by.body.code})
    return made


@transaction.atomic
def sign(*, by: User, sheet: Sheet, on: date) -> Sheet:
    """Make the sheet final. Every objection has its answer, and the window is over or every body has spoken."""
    require(by, "sign")
    if by is None:
        raise TypeError("a signature is a person's")
    sheet = _locked(sheet)
    _in_state(sheet, Sheet.State.PUBLISHED)
    _settled(sheet, on)
    if digest(sheet.record) != sheet.digest:
        raise Refused(
            "评分记录与其校验值不符，不能签署。", "The record does not match its digest and cannot be signed."
        )
    sheet.state, sheet.signed_at, sheet.signed_by = Sheet.State.FINAL, timezone.now(), by
    sheet.save(update_fields=["state", "signed_at", "signed_by"])
    _write_down(by, "sign_scores", sheet)
    return sheet


def _settled(sheet: Sheet, on: date) -> None:
    if waiting := sheet.objections.filter(answer=None).count():
        raise Refused(
            f"还有 {waiting} 条异议未答复，答复后才能定稿。",
            f"{waiting} objections await their answer; answer them first.",
        )
    silent = silent_bodies(sheet)
    if on <= sheet.open_until and silent:
        raise Refused(
            f"异议期到 {sheet.open_until} 止，今天是 {on}，还有 {len(silent)} 个部门没有确认。请待期满或各部门确认后定稿。",
            f"Objections are taken until {sheet.open_until}, today is {on}, and {len(silent)} bodies have not confirmed; wait for either.",
        )


@transaction.atomic
def withdraw(*, by: User | None, sheet: Sheet, why: str) -> Sheet:
    """Take a published sheet back, with the reason; it stays on record, and the period can be computed anew."""
    require(by, "score")
    sheet = _locked(sheet)
    _in_state(sheet, Sheet.State.PUBLISHED)
    _said("撤回理由", "reason", why)
    sheet.state = Sheet.State.WITHDRAWN
    sheet.save(update_fields=["state"])
    _write_down(by, "withdraw_scores", sheet, {"why": why.strip()})
    return sheet


SIMULATED = "（模拟异议）该事项已在期限内办结，登记有误，请予复核。"
PROOF = "（模拟）整改报告及现场照片"


@transaction.atomic
def demonstrate(*, by: User | None, programme: Programme, on: date) -> Sheet | None:
    """A simulated sheet of the last half-year over by a day, published, with one simulated objection that awaits its answer.

    Made once, by the system, marked as simulated; none where the programme has no rules or no run to rest on.
    """
    span = next((one for one in periods_until(on) if "H" in one.code), None)
    stands = Sheet.objects.filter(programme=programme).exists()
    if stands or not run_for(programme, span) or not rules_for(programme, span, timezone.now()):
        return None
    sheet = compute_sheet(by=by, programme=programme, period=span.code, demonstration=True)
    sheet = publish(by=by, sheet=sheet, on=sheet.as_of)
    if found := _objectionable(sheet):
        body = programme.jurisdiction.bodies.get(code=found.body)
        object_to(
            by=by, sheet=sheet, line=found.key, reason=SIMULATED, evidence=PROOF, on=sheet.published_on, body=body
        )
    return sheet


def _objectionable(sheet: Sheet):
    """A line that took something away: one of the last part that has any."""
    rules = sheet.rules.scoring
    lines = map(read_line, json.loads(sheet.record)["lines"])
    bad = [one for one in lines if one.count == 1 and rules.criterion[one.criterion].judged(one.outcome) == BAD]
    order = list(rules.criterion)
    return max(bad, key=lambda one: order.index(one.criterion), default=None)


def _locked(sheet: Sheet) -> Sheet:
    standing = Sheet.objects.select_for_update(of=("self",)).select_related("programme__jurisdiction", "run", "rules")
    return standing.get(pk=sheet.pk)


def _in_state(sheet: Sheet, wanted: str) -> None:
    if sheet.state != wanted:
        now, then = sheet.get_state_display(), Sheet.State(wanted).label
        raise Refused(
            f"{sheet.period} 评分表现为“{now}”，须为“{then}”才能这样办。请刷新页面。",
            f"The sheet of {sheet.period} is {sheet.state}; it would have to be {wanted}. Load the page anew.",
        )


def _said(zh: str, en: str, text: str) -> None:
    if (length := len(text.strip())) < LEAST:
        raise Refused(
            f"请写明{zh}，至少 {LEAST} 个字，现为 {length} 个。",
            f"Write the {en}, at least {LEAST} characters; there are {length}.",
        )


def _write_down(by: User | None, verb: str, sheet: Sheet, more: dict | None = None) -> None:
    record(
        by=by, verb=verb, thing=f"scores.sheet {sheet.period}", jurisdiction=sheet.programme.jurisdiction,
        detail={"programme": sheet.programme.code, "as_of": sheet.as_of.isoformat(), "digest": sheet.digest, **(more or {})},
    )  # fmt: skip
