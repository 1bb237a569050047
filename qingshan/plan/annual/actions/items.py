"""Items of a draft, or of an amendment in preparation."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils import timezone

from qingshan.people.actions import require
from qingshan.people.models import Body, User
from qingshan.plan.actions import Refused
from qingshan.plan.models import Measure, Target

from ..composing import GOES_ON, of_measure, of_target, of_task
from ..models import Amendment, AnnualList, Change, Item
from ..proposing import Grounds
from ..queries import Entry, measure_key, parts_of, sheet_of
from ..standing import difference, print_of
from .doors import open_to_change, write_down
from .drafting import append
from .leads import decide

WRITTEN = ("title", "content", "node", "quarter", "lead_code", "partners")


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
    annual, amendment = open_to_change(annual)
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
    append(annual, [item])
    write_down(by, "add_item", annual, amendment, item=item.title)
    return item


def _taken_up(by: User | None, annual: AnnualList, amendment: Amendment | None, stands: Entry, name: str) -> Item:
    if not stands.line.removed:
        raise Refused(f"“{name}”已在这份清单里，不必重复加入。", f"“{name}” already stands in this list.")
    item = stands.item
    if not Change.objects.filter(amendment=amendment, item=item, kind=Change.Kind.REMOVE).delete()[0]:
        Change.objects.create(amendment=amendment, item=item, kind=Change.Kind.RESTORE)
    write_down(by, "restore_item", annual, amendment, item=stands.title)
    return item


@transaction.atomic
def add_item(*, by: User | None, annual: AnnualList, title: str, content: str, node: str, quarter: int, lead_code: str = "",
             partners: Iterable[str] = (), task_no: str = "") -> Item:  # fmt: skip
    """An item of the office's own."""
    require(by, "edit_list")
    annual, amendment = open_to_change(annual)
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
    append(annual, [item])
    write_down(by, "add_item", annual, amendment, item=item.title)
    return item


@transaction.atomic
def edit_item(*, by: User | None, item: Item, why: str = "", seen: str = "", **fields) -> None:
    """Change an item: in a draft itself, of an issued list in the amendment in preparation. `fields` are those of WRITTEN.

    why: the reason for another lead than the proposed one. seen: the print of the item its editor had before them; where
    another has changed it since, nothing is written.
    """
    require(by, "edit_list")
    annual, amendment = open_to_change(item.annual)
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
    write_down(by, "edit_item", annual, amendment, item=stand["title"], before=before, after=after)


def _standing(annual: AnnualList, item: Item) -> Entry:
    entries = sheet_of(annual, prepared=True).entries
    entry = next((one for one in entries if one.item.id == item.id), None)
    if entry is None or entry.line.removed:
        raise Refused("这一项已经删去，不能再改。", "This item has been taken out and cannot be changed.")
    return entry


def _rewrite(by: User | None, item: Item, after: Mapping, why: str) -> None:
    if "lead_code" in after:
        decide(by, item, after["lead_code"], why)
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
    annual, amendment = open_to_change(item.annual)
    title = _standing(annual, item).title
    item.refresh_from_db()
    if item.amendment == amendment:
        item.delete()
    else:
        _take_out(amendment, item)
    write_down(by, "remove_item", annual, amendment, item=title, why=why.strip())


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
    annual, amendment = open_to_change(item.annual)
    gone, _ = Change.objects.filter(amendment=amendment, item=item).delete() if amendment else (0, None)
    if gone:
        write_down(by, "undo_change", annual, amendment, item=item.title)
