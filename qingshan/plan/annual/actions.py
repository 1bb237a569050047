from collections.abc import Iterable, Mapping
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from qingshan.people.actions import NotAllowed, record, require
from qingshan.people.models import Body, User
from qingshan.plan.actions import Refused
from qingshan.plan.models import Measure, Programme, Target
from qingshan.plan.queries import standing_edition

from .composing import GOES_ON, lines, of_measure, of_target, of_task
from .models import Amendment, AnnualList, Change, Completion, Item
from .proposing import Grounds
from .queries import Entry, falls_into, measure_key, parts_of, sheet_of, successor_of, unfinished_before
from .standing import difference, next_number, print_of

WRITTEN = ("title", "content", "node", "quarter", "lead_code", "partners")
DECIDED = ("lead_code", "lead_name", "decided_by", "decided_at", "decided_why")
KEPT = ("theme_no", "theme", "theme_en", "task_no", "proposed_code", "proposed_name", "proposed_rule", "reason", "reason_en",
        "decided_by", "decided_at", "decided_why")  # fmt: skip


# --- making a draft


@transaction.atomic
def make(
    *, by: User | None, programme: Programme, year: int, grounds: Grounds, demonstration: bool = False
) -> AnnualList:
    """A draft of a year's list from the plan in force: what falls into the year, and what the list before left unfinished."""
    require(by, "edit_list")
    edition = standing_edition(programme)
    if edition is None:
        raise Refused("还没有采用的规划，不能编制年度清单。请先在“规划”中采用文件。",
                      "No edition of the plan has been adopted; adopt one under “Plans” first.")  # fmt: skip
    if not edition.starts.year <= year <= edition.ends.year:
        raise Refused(f"{year} 年不在规划期 {edition.starts.year}—{edition.ends.year} 年之内，请另选年份。",
                      f"{year} lies outside the plan's years {edition.starts.year}–{edition.ends.year}; choose another year.")  # fmt: skip
    annual = _begun(by, programme, edition, year, demonstration)
    Item.objects.bulk_create(
        Item(annual=annual, order=order, **fields)
        for order, fields in enumerate(lines(parts_of(edition, year), grounds, year), 1)
    )
    carried = _carry_over(annual)
    _write_down(by, "make_list", annual, edition=edition.ordinal, count=annual.items.count(), carried=len(carried))
    return annual


def _begun(by: User | None, programme: Programme, edition, year: int, demonstration: bool) -> AnnualList:
    try:
        with transaction.atomic():
            return AnnualList.objects.create(programme=programme, edition=edition, year=year, created_by=by,
                                             created_at=timezone.now(), demonstration=demonstration)  # fmt: skip
    except IntegrityError as already:
        raise Refused(
            f"{year} 年的清单已经有了，请直接打开。", f"There already is a list of {year}; open it."
        ) from already


@transaction.atomic
def carry_over(*, by: User | None, annual: AnnualList) -> int:
    """Bring a draft in step with what the list before has left unfinished by now; says how many items it changed."""
    require(by, "edit_list")
    annual = _draft(annual)
    changed = _carry_over(annual)
    if changed:
        _write_down(by, "carry_over", annual, count=len(changed), items=changed)
    return len(changed)


def _carry_over(annual: AnnualList) -> list[str]:
    """The names of the items that were taken over, or given back since they are done after all.

    Where the same measure or target stands in the draft already, that item is marked as carried instead of standing twice.
    """
    left = {entry.item.id: entry for entry in unfinished_before(annual)}
    entries = sheet_of(annual).entries
    changed = [
        _given_back(annual, one) for one in entries if one.item.carried_from_id and one.item.carried_from_id not in left
    ]
    stand = {one.key: one.item for one in entries if one.key and not one.item.carried_from_id}
    for carried in {one.item.carried_from_id for one in entries} & left.keys():
        del left[carried]
    fresh = [one for one in left.values() if not _marked(stand.get(one.key), one)]
    _append(annual, [_carried(annual, one) for one in fresh])
    return changed + [one.title for one in left.values()]


def _marked(same: Item | None, unfinished: Entry) -> bool:
    if same:
        same.carried_from = unfinished.item
        same.save()
    return same is not None


def _given_back(annual: AnnualList, entry: Entry) -> str:
    """An item whose unfinished predecessor is done by now: it stays only where it falls into the year by itself."""
    if falls_into(annual, entry.item):
        entry.item.carried_from = None
        entry.item.save()
    else:
        entry.item.delete()
    return entry.title


def _carried(annual: AnnualList, entry: Entry) -> Item:
    """The item again, due by the end of the first quarter: it is late already. It keeps its lead."""
    old = entry.item
    same = {name: getattr(old, name) for name in KEPT} | dict(entry.line.fields) | {"quarter": 1}
    if old.annual.edition_id == annual.edition_id:
        same |= {"measure_id": old.measure_id, "target_id": old.target_id}
    return Item(annual=annual, carried_from=old, **same)


def _append(annual: AnnualList, items: list[Item]) -> None:
    top = annual.items.aggregate(top=Max("order"))["top"] or 0
    for order, item in enumerate(items, top + 1):
        item.order = order
    Item.objects.bulk_create(items)


# --- items of a draft, or of an amendment in preparation


@transaction.atomic
def add_source(
    *,
    by: User | None,
    annual: AnnualList,
    grounds: Grounds,
    measure: Measure | None = None,
    target: Target | None = None,
) -> Item:
    """Put one measure or official target into a list, whatever the rules say of its year. What an amendment took out comes back
    under its number, with the words it had."""
    require(by, "edit_list")
    annual, amendment = _open(annual)
    source, edition = (measure, measure.task.edition) if measure else (target, target.edition)
    name, key = (measure.title, measure_key(measure)) if measure else (target.name, ("target", target.code))
    if edition.programme_id != annual.programme_id:
        raise Refused(f"“{name}”不属于这份清单的规划。", f"“{name}” is not of the plan of this list.")
    stands = next((one for one in sheet_of(annual, prepared=True).entries if one.key == key), None)
    if stands:
        return _taken_up(by, annual, amendment, stands, name)
    plan = parts_of(edition, annual.year)
    parts, line_of = (plan.measures, of_measure) if measure else (plan.targets, of_target)
    part = next(one for one in parts if one.id == source.pk)
    item = Item(annual=annual, amendment=amendment, **line_of(plan, grounds, part, annual.year, GOES_ON))
    _append(annual, [item])
    _write_down(by, "add_item", annual, amendment, item=item.title)
    return item


def _taken_up(by: User | None, annual: AnnualList, amendment: Amendment | None, stands: Entry, name: str) -> Item:
    if not stands.line.removed:
        raise Refused(f"“{name}”已在这份清单里，不必重复加入。", f"“{name}” already stands in this list.")
    item = stands.item
    if not Change.objects.filter(amendment=amendment, item=item, kind=Change.Kind.REMOVE).delete()[0]:
        Change.objects.create(amendment=amendment, item=item, kind=Change.Kind.RESTORE)
    _write_down(by, "restore_item", annual, amendment, item=stands.title)
    return item


@transaction.atomic
def add_item(*, by: User | None, annual: AnnualList, title: str, content: str, node: str, quarter: int, lead_code: str = "",
             partners: Iterable[str] = (), task_no: str = "") -> Item:  # fmt: skip
    """An item of the office's own."""
    require(by, "edit_list")
    annual, amendment = _open(annual)
    task = (
        next((one for one in parts_of(annual.edition, annual.year).tasks if one.no == task_no), None)
        if task_no
        else None
    )
    fields = _written(annual, {}, title=title, content=content, node=node, quarter=quarter, lead_code=lead_code,
                      partners=partners)  # fmt: skip
    item = Item(annual=annual, amendment=amendment, **of_task(task), **fields)
    if item.lead_code:
        item.decided_by, item.decided_at = by, timezone.now()
    _append(annual, [item])
    _write_down(by, "add_item", annual, amendment, item=item.title)
    return item


@transaction.atomic
def edit_item(*, by: User | None, item: Item, why: str = "", seen: str = "", **fields) -> None:
    """Change an item: in a draft itself, of an issued list in the amendment in preparation. `fields` are those of WRITTEN.

    why: the reason for another lead than the proposed one. seen: the print of the item its editor had before them; where
    another has changed it since, nothing is written.
    """
    require(by, "edit_list")
    annual, amendment = _open(item.annual)
    stand = dict(_standing(annual, item).line.fields)
    if seen and seen != print_of(stand):
        raise Refused("这一项在您打开之后已被他人修改，您的改动没有保存。请核对下面的现行内容后重新修改。",
                      "Someone else has changed this item since you opened it; your change was not saved. Look at how it stands now and edit it again.")  # fmt: skip
    plain = {name: stand[name] for name in WRITTEN} | {"partners": [code or name for code, name in stand["partners"]]}
    after = difference(stand, _written(annual, stand, **(plain | fields)))
    if not after:
        return
    after |= {f"{name}_en": "" for name in ("title", "content", "node") if name in after}  # it said the old words
    item.refresh_from_db()
    if item.amendment == amendment:
        _rewrite(by, item, after, why)
    else:
        _amend(amendment, item, after)
    before = {name: stand[name] for name in after}
    _write_down(by, "edit_item", annual, amendment, item=stand["title"], before=before, after=after)


def _standing(annual: AnnualList, item: Item) -> Entry:
    entries = sheet_of(annual, prepared=True).entries
    entry = next((one for one in entries if one.item.id == item.id), None)
    if entry is None or entry.line.removed:
        raise Refused("这一项已经删去，不能再改。", "This item has been taken out and cannot be changed.")
    return entry


def _rewrite(by: User | None, item: Item, after: Mapping, why: str) -> None:
    if "lead_code" in after:
        _decide(by, item, after["lead_code"], why)
    for name, value in after.items():
        setattr(item, name, value)
    item.save()


def _amend(amendment: Amendment, item: Item, after: Mapping) -> None:
    """The amendment holds what differs from the list as issued so far; what was changed back is no change."""
    issued = next(one for one in sheet_of(item.annual).entries if one.item.id == item.id).line.fields
    change = Change.objects.filter(amendment=amendment, item=item).first() or Change(amendment=amendment, item=item)
    back = change.kind == Change.Kind.RESTORE
    change.kind = Change.Kind.RESTORE if back else Change.Kind.CHANGE
    change.after = difference(issued, {**change.after, **after})
    if change.after or back:
        change.save()
    elif change.pk:
        change.delete()


def _written(annual: AnnualList, stand: Mapping, *, title: str, content: str, node: str, quarter: int, lead_code: str,
             partners: Iterable[str]) -> dict:  # fmt: skip
    """The fields as they are stored, checked. `stand`: the item as it was, whose names of bodies stay as printed."""
    words = {"title": title.strip(), "content": content.strip(), "node": node.strip()}
    _check_words(words, quarter)
    known = dict(Body.objects.filter(jurisdiction=annual.programme.jurisdiction).values_list("code", "name"))
    if lead_code and lead_code not in known and lead_code != stand.get("lead_code"):
        raise Refused("牵头部门不在部门名录中，请另选。", "The leading body is not in the directory; choose another.")
    printed = known | {code: name for code, name in stand.get("partners", []) if code}
    if stand.get("lead_code"):
        printed[stand["lead_code"]] = stand["lead_name"]
    others = (one for one in dict.fromkeys(partners) if one and one != lead_code)
    pairs = [[one, printed[one]] if one in printed else ["", one] for one in others]
    lead_name = printed[lead_code] if lead_code else ""
    return words | {"quarter": quarter, "lead_code": lead_code, "lead_name": lead_name, "partners": pairs}


def _check_words(words: Mapping[str, str], quarter: int) -> None:
    names = {"title": ("项目名称", "name"), "content": ("主要内容", "content"), "node": ("计划节点", "node")}
    for name, (zh, en) in names.items():
        if not words[name]:
            raise Refused(f"请填写{zh}。", f"Fill in the {en}.")
    if len(words["title"]) > 200:
        raise Refused(f"项目名称最多 200 字，现有 {len(words['title'])} 字。",
                      f"A name has at most 200 characters, this one {len(words['title'])}.")  # fmt: skip
    if quarter not in (1, 2, 3, 4):
        raise Refused("完成季度应为 1 至 4。", "The quarter is one of 1 to 4.")


@transaction.atomic
def remove_item(*, by: User | None, item: Item, why: str) -> None:
    """Take an item out of a draft, or put its removal into the amendment in preparation; the reason goes on record."""
    require(by, "edit_list")
    if not why.strip():
        raise Refused("请写明为什么删去这一项。", "Say why this item is taken out.")
    annual, amendment = _open(item.annual)
    title = _standing(annual, item).title
    item.refresh_from_db()
    if item.amendment == amendment:
        item.delete()
    else:
        _take_out(amendment, item)
    _write_down(by, "remove_item", annual, amendment, item=title, why=why.strip())


def _take_out(amendment: Amendment, item: Item) -> None:
    change = Change.objects.filter(amendment=amendment, item=item).first() or Change(amendment=amendment, item=item)
    if change.kind == Change.Kind.RESTORE:  # it was out before
        change.delete()
        return
    change.kind, change.after = Change.Kind.REMOVE, {}
    change.save()


@transaction.atomic
def undo_change(*, by: User | None, item: Item) -> None:
    """Take an item's change or removal out of the amendment in preparation."""
    require(by, "edit_list")
    annual, amendment = _open(item.annual)
    gone, _ = Change.objects.filter(amendment=amendment, item=item).delete() if amendment else (0, None)
    if gone:
        _write_down(by, "undo_change", annual, amendment, item=item.title)


@transaction.atomic
def decide_lead(*, by: User | None, item: Item, code: str, why: str = "") -> Item:
    """The office's choice of the lead of an item that is not issued yet; another than the proposed one needs its reason."""
    require(by, "edit_list")
    annual, amendment = _open(item.annual)
    item = annual.items.filter(pk=item.pk, amendment=amendment).first()
    if item is None:
        raise Refused("这一项已经印发或删去，请用“修改”调整牵头部门。", "This item has been issued or taken out; edit it to change its lead.")  # fmt: skip
    others = [[one, name] for one, name in item.partners if one != code]
    before = (item.lead_code, item.lead_name) if item.lead_code else (item.proposed_code, item.proposed_name)
    _decide(by, item, code, why)
    if before[0] not in ("", code) and list(before) not in others:
        others.insert(0, list(before))
    item.partners = others
    item.save()
    _write_down(by, "decide_lead", annual, amendment, item=item.title, lead=item.lead_name, proposed=item.proposed_name,
                why=item.decided_why)  # fmt: skip
    return item


def _decide(by: User | None, item: Item, code: str, why: str) -> None:
    known = {one.code: one for one in Body.objects.filter(jurisdiction=item.annual.programme.jurisdiction)}
    if code not in known:
        raise Refused("请从部门名录中选定牵头部门。", "Choose the leading body from the directory.")
    body, proposed = known[code], known.get(item.proposed_code)
    if proposed and body != proposed and not why.strip():
        raise Refused(
            f"建议由{proposed}牵头，改由{body}牵头须写明理由。",
            f"{proposed.name_en or proposed} was proposed; say why {body.name_en or body} should lead instead.",
        )
    item.lead_code, item.lead_name = body.code, body.name
    item.decided_by, item.decided_at = by, timezone.now()
    item.decided_why = why.strip() if code != item.proposed_code else ""


@transaction.atomic
def accept_leads(*, by: User | None, annual: AnnualList) -> int:
    """Decide every undecided item as proposed; says how many. Items without a proposal stay open."""
    require(by, "edit_list")
    annual, amendment = _open(annual)
    found = list(annual.items.filter(lead_code="", amendment=amendment).exclude(proposed_code=""))
    for item in found:
        item.lead_code, item.lead_name = item.proposed_code, item.proposed_name
        item.decided_by, item.decided_at, item.decided_why = by, timezone.now(), ""
    Item.objects.bulk_update(found, DECIDED)
    if found:
        _write_down(by, "accept_leads", annual, amendment, count=len(found))
    return len(found)


# --- issuing


@transaction.atomic
def issue(*, by: User | None, annual: AnnualList, on: date) -> AnnualList:
    """Number the draft and freeze it."""
    require(by, "issue_list")
    annual = _draft(annual)
    entries = sheet_of(annual).entries
    if not entries:
        raise Refused("清单里还没有项目，不能印发。", "The list has no item yet and cannot be issued.")
    _check_leads(entries)
    _check_day(annual, on, [])
    _set_order(entries)
    annual.state, annual.number = AnnualList.State.ISSUED, next_number(annual.year, [])
    annual.issued_on, annual.issued_by, annual.issued_at = on, by, timezone.now()
    annual.save()
    _write_down(by, "issue_list", annual, number=annual.number, count=len(entries), issued=str(on))
    return annual


def _check_leads(entries: list[Entry]) -> None:
    undecided = [one.title for one in entries if not one.decided]
    if undecided:
        raise Refused(f"还有 {len(undecided)} 项没有确定牵头部门，例如“{undecided[0]}”，请先确定。",
                      f"{len(undecided)} items have no decided lead, for instance “{undecided[0]}”; decide them first.")  # fmt: skip


def _check_day(annual: AnnualList, on: date, before: list[date]) -> None:
    """The day of issue lies within a year of the list's year, and not before that of an earlier paper."""
    if abs(on.year - annual.year) > 1:
        raise Refused(f"印发日期 {on} 与清单年份 {annual.year} 相差一年以上，请核对。",
                      f"The day of issue, {on}, lies more than a year from the list's year, {annual.year}; check it.")  # fmt: skip
    if before and on < max(before):
        raise Refused(f"印发日期 {on} 早于上一份文件的 {max(before)}，请核对。",
                      f"The day of issue, {on}, lies before that of the paper before, {max(before)}; check it.")  # fmt: skip


def _set_order(entries: list[Entry]) -> None:
    """Numbers without gaps, theme by theme."""
    items = [entry.item for entry in sorted(entries, key=lambda one: (one.item.theme_no, one.item.order))]
    for order, item in enumerate(items, 1):
        item.order = order
    Item.objects.bulk_update(items, ["order"])


@transaction.atomic
def drop(*, by: User | None, annual: AnnualList) -> None:
    """Give up a draft with all its items."""
    require(by, "edit_list")
    annual = _draft(annual)
    _write_down(by, "drop_list", annual, count=annual.items.count())
    annual.delete()


@transaction.atomic
def begin_amendment(*, by: User | None, annual: AnnualList, why: str) -> Amendment:
    """An amendment of an issued list in preparation; a list has one at a time."""
    require(by, "edit_list")
    annual = _issued(annual)
    if not why.strip():
        raise Refused("请写明为什么修订。", "Say why the list is amended.")
    if annual.amendments.filter(issued_at=None).exists():
        raise Refused("这份清单已有一次修订在准备，请先印发或作废它。", "An amendment of this list is being prepared; issue or drop it first.")  # fmt: skip
    ordinal = (annual.amendments.aggregate(top=Max("ordinal"))["top"] or 0) + 1
    made = Amendment.objects.create(
        annual=annual, ordinal=ordinal, why=why.strip(), created_by=by, created_at=timezone.now()
    )
    _write_down(by, "begin_amendment", annual, made, why=made.why)
    return made


@transaction.atomic
def issue_amendment(*, by: User | None, annual: AnnualList, on: date) -> Amendment:
    """Number the amendment in preparation and freeze it; from now on the list stands as amended."""
    require(by, "issue_list")
    annual, amendment = _amended(annual)
    count = amendment.changes.count() + amendment.added.count()
    if not count:
        raise Refused("修订里还没有改动，不能印发。请先修改、增加或删去项目。",
                      "The amendment changes nothing yet; change, add or remove an item first.")  # fmt: skip
    papers = [annual, *annual.amendments.exclude(issued_at=None)]
    _check_leads(sheet_of(annual, prepared=True).standing)
    _check_day(annual, on, [one.issued_on for one in papers])
    amendment.number = next_number(annual.year, [one.number for one in papers])
    amendment.issued_on, amendment.issued_by, amendment.issued_at = on, by, timezone.now()
    amendment.save()
    _write_down(by, "issue_amendment", annual, amendment, number=amendment.number, count=count, issued=str(on))
    return amendment


@transaction.atomic
def drop_amendment(*, by: User | None, annual: AnnualList) -> None:
    """Give up the amendment in preparation."""
    require(by, "edit_list")
    annual, amendment = _amended(annual)
    _write_down(by, "drop_amendment", annual, amendment, why=amendment.why)
    amendment.changes.all().delete()
    amendment.added.all().delete()  # while it still is in preparation: of an issued list nothing else can be taken away
    amendment.delete()


# --- what is done


@transaction.atomic
def mark_done(*, by: User | None, item: Item, done_on: date | None, note: str = "") -> Completion:
    """The office's word that an issued item's node is done on a day; without a day, that it is not done after all."""
    require(by, "edit_list")
    annual = _issued(item.annual)
    entry = next((one for one in sheet_of(annual).standing if one.item.id == item.id), None)
    if entry is None:
        raise Refused(
            "这一项不在现行清单里，不能登记完成。", "This item does not stand in the list; it cannot be done."
        )
    _check_done(annual, item, done_on, note)
    done = Completion.objects.create(item=item, done_on=done_on, note=note.strip(), by=by, at=timezone.now())
    _write_down(by, "mark_done", annual, item=entry.title, done=str(done_on or ""), note=done.note)
    return done


def _check_done(annual: AnnualList, item: Item, done_on: date | None, note: str) -> None:
    later = successor_of(item)
    if later:
        raise Refused(f"这一项已结转到 {later.annual.year} 年清单，请在那里登记。",
                      f"This item was carried over into the list of {later.annual.year}; mark it there.")  # fmt: skip
    if done_on is None and not note.strip():
        raise Refused("撤回完成须写明理由。", "Say why it is not done after all.")
    if done_on and done_on > timezone.localdate():
        raise Refused(f"完成日期 {done_on} 晚于今天 {timezone.localdate()}，请改正。",
                      f"The day {done_on} lies after today, {timezone.localdate()}; correct it.")  # fmt: skip
    if done_on and done_on.year < annual.year:
        raise Refused(f"完成日期 {done_on} 早于清单年份 {annual.year}，请改正。",
                      f"The day {done_on} lies before the list's year, {annual.year}; correct it.")  # fmt: skip


@transaction.atomic
def fill_demonstration(*, by: User | None, annual: AnnualList, quarters: Mapping[int, int]) -> None:
    """Give the items of a demonstration's draft their quarters, by item, and accept every proposed lead."""
    require(by, "edit_list")
    annual = _draft(annual)
    found = list(annual.items.filter(pk__in=quarters))
    for item in found:
        item.quarter = quarters[item.pk]
    Item.objects.bulk_update(found, ["quarter"])
    accept_leads(by=by, annual=annual)


@transaction.atomic
def fill_completions(*, by: User | None, annual: AnnualList, done: Mapping[int, date], note: str) -> None:
    """The simulated completions of a demonstration's issued list, by item, each with the note that says so."""
    require(by, "edit_list")
    annual, now = _issued(annual), timezone.now()
    if not annual.demonstration:
        raise Refused("只有示范清单可以填入模拟完成情况。", "Only a list of a demonstration is filled with simulated completions.")  # fmt: skip
    items = annual.items.filter(pk__in=done)
    Completion.objects.bulk_create(
        Completion(item=one, done_on=done[one.pk], note=note, by=by, at=now) for one in items
    )
    _write_down(by, "mark_done", annual, count=len(items), note=note)


# --- doors


def _locked(annual: AnnualList) -> AnnualList:
    found = AnnualList.objects.select_for_update().filter(pk=annual.pk).first()
    if found is None:
        raise Refused("这份清单已经作废。", "This list has been dropped.")
    return found


def _draft(annual: AnnualList) -> AnnualList:
    """The list, if it is a draft at this moment; it stays one until the transaction ends."""
    annual = _locked(annual)
    if annual.state != AnnualList.State.DRAFT:
        raise NotAllowed(
            f"{annual.year} 年清单已印发（{annual.number}），内容已冻结。如需修改，请作修订。",
            f"The list of {annual.year} was issued as {annual.number} and is frozen; make an amendment to change it.",
        )
    return annual


def _issued(annual: AnnualList) -> AnnualList:
    annual = _locked(annual)
    if annual.state != AnnualList.State.ISSUED:
        raise Refused("清单还没有印发，可以直接修改，也还不能登记完成。",
                      "The list is still a draft: edit it as it is; nothing of it can be done yet.")  # fmt: skip
    return annual


def _open(annual: AnnualList) -> tuple[AnnualList, Amendment | None]:
    """The list if it can be written to: a draft, or issued with an amendment in preparation, which is returned beside it."""
    annual = _locked(annual)
    amendment = annual.amendments.filter(issued_at=None).first()
    return (annual, amendment) if amendment else (_draft(annual), None)


def _amended(annual: AnnualList) -> tuple[AnnualList, Amendment]:
    annual, amendment = _open(annual)
    if amendment is None:
        raise Refused("没有在准备的修订。", "No amendment is being prepared.")
    return annual, amendment


def _write_down(by: User | None, verb: str, annual: AnnualList, amendment: Amendment | None = None, **detail) -> None:
    if amendment:
        detail["amendment"] = amendment.ordinal
    programme = annual.programme
    thing = f"plan.annual {programme.code}/{annual.year}"
    record(by=by, verb=verb, thing=thing, jurisdiction=programme.jurisdiction, detail=detail)
