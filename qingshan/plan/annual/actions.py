from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from qingshan.people.actions import NotAllowed, record, require
from qingshan.people.models import Body, User
from qingshan.plan.actions import Refused
from qingshan.plan.models import Measure, Programme, Target, Task
from qingshan.plan.queries import standing_edition

from . import leading
from .leading import Party
from .models import Amendment, AnnualList, Change, Completion, Item
from .proposing import Grounds, Node, Promise, Term, Text, name_of, node_of_measure, node_of_target
from .queries import Entry, sheet_of, unfinished_before
from .standing import difference, next_number

WHOLE = Text("总体目标", "Overall targets")
OWN = Text("其他", "Other")
WRITTEN = ("title", "content", "node", "quarter", "lead_code", "partners")


# --- making a draft


@transaction.atomic
def make(*, by: User | None, programme: Programme, year: int, demonstration: bool = False) -> AnnualList:
    """An empty draft of a year's list, from the plan in force."""
    require(by, "edit_list")
    edition = standing_edition(programme)
    if edition is None:
        raise Refused("还没有采用的规划，不能编制年度清单。请先在“规划”中采用文件。",
                      "No edition of the plan has been adopted; adopt one under “Plans” first.")  # fmt: skip
    if not edition.starts.year <= year <= edition.ends.year:
        raise Refused(
            f"{year} 年不在规划期 {edition.starts.year}—{edition.ends.year} 年之内，请另选年份。",
            f"{year} lies outside the plan's years {edition.starts.year}–{edition.ends.year}; choose another year.",
        )
    if AnnualList.objects.filter(programme=programme, year=year).exists():
        raise Refused(f"{year} 年的清单已经有了，请直接打开。", f"There already is a list of {year}; open it.")
    annual = AnnualList.objects.create(programme=programme, edition=edition, year=year, created_by=by, created_at=timezone.now(),
                                       demonstration=demonstration)  # fmt: skip
    _write_down(by, "make_list", annual, edition=edition.ordinal)
    return annual


@transaction.atomic
def propose(*, by: User | None, annual: AnnualList, grounds: Grounds) -> int:
    """Add every measure and official target that falls into the year and does not stand in the draft; says how many."""
    require(by, "edit_list")
    annual = _draft(annual)
    room = _Room(annual, grounds)
    found = [one for one in (*map(room.of_measure, room.measures), *map(room.of_target, room.targets)) if one]
    found.sort(key=lambda item: (item.theme_no, item.target_id is None, room.order.get(item.task_no, 0)))
    _append(annual, found)
    if found:
        _write_down(by, "propose_items", annual, count=len(found))
    return len(found)


@transaction.atomic
def add_source(*, by: User | None, annual: AnnualList, grounds: Grounds,
               measure: Measure | None = None, target: Target | None = None) -> Item:  # fmt: skip
    """Put one measure or official target into a draft or into the amendment in preparation, whatever the rules say of its year."""
    require(by, "edit_list")
    annual, amendment = _open(annual)
    room = _Room(annual, grounds)
    free = Node(Text("按规划推进，形成年度成果", "Advance as planned, with a result for the year"), 4)
    source, stand = (measure, room.with_measure) if measure else (target, room.with_target)
    made = room.of_measure(measure, free) if measure else room.of_target(target, free)
    if made is None:
        name = source.title if measure else source.name
        raise Refused(f"“{name}”已在这份清单里，不必重复加入。" if source.pk in stand else f"“{name}”不属于这份清单所依据的规划版本。",
                      "This already stands in the list." if source.pk in stand else "This is not of the edition the list was made from.")  # fmt: skip
    made.amendment = amendment
    _append(annual, [made])
    _write_down(by, "add_item", annual, amendment, item=made.title)
    return made


class _Room:
    """What a list's items are made from: the edition's parts, and what already stands in the list."""

    def __init__(self, annual: AnnualList, grounds: Grounds):
        self.annual, self.grounds = annual, grounds
        self.term = Term(annual.edition.starts, annual.edition.ends)
        tasks = list(annual.edition.tasks.select_related("theme").prefetch_related("measures", "involvements__body"))
        self.tasks = {task.id: task for task in tasks}
        self.by_no = {task.no: task for task in tasks}
        self.order = {task.no: task.order for task in tasks}
        self.measures = [one for task in tasks for one in task.measures.all()]
        targets = list(annual.edition.targets.all())
        self.targets = [one for one in targets if one.origin == Target.Origin.PLAN]
        self.counted_in = {one.metric: one.task_id for one in targets if one.metric and one.task_id}
        self.units = annual.programme.about.get("units", {})
        self.with_measure = set(annual.items.exclude(measure=None).values_list("measure_id", flat=True))
        self.with_target = set(annual.items.exclude(target=None).values_list("target_id", flat=True))
        self.english = dict(
            Body.objects.filter(jurisdiction=annual.programme.jurisdiction).values_list("code", "name_en")
        )
        self.sizes = Counter(task.theme_id for task in tasks)
        self.related = {
            (task.theme_id, one.body.code): 0 for task in tasks for one in task.involvements.all() if one.body
        }
        for task in tasks:
            for code in {one.body.code for one in task.involvements.all() if one.body}:
                self.related[task.theme_id, code] += 1

    def of_measure(self, measure: Measure, free: Node | None = None) -> Item | None:
        """Its item, by the rules of the year or else with the node `free`; none where it stands already or does not fall due."""
        node = node_of_measure(measure.title, self.term, self.annual.year) or free
        if node is None or measure.id in self.with_measure or measure.task_id not in self.tasks:
            return None
        task = self.tasks[measure.task_id]
        name = name_of(measure.title)
        plain = name == measure.title.strip()
        content = f"落实任务 {task.no}“{task.title}”：{measure.title}" if plain else measure.title
        content_en = (
            f"Part of task {task.no}, {task.title_en or task.title}: {measure.title_en}" if measure.title_en else ""
        )
        item = Item(
            annual=self.annual,
            measure=measure,
            title=name,
            title_en=measure.title_en[:300],
            content=content,
            content_en=content_en,
        )
        return self._filled(item, [task], node, measure.title)

    def _tasks_of(self, target: Target) -> list[Task]:
        """The tasks that work for a target: its own; of a target of the whole plan those it judges, or where its metric is used."""
        own = target.task_id or (None if target.supports else self.counted_in.get(target.metric))
        return [self.tasks[own]] if own else [self.by_no[str(no)] for no in target.supports if str(no) in self.by_no]

    def of_target(self, target: Target, free: Node | None = None) -> Item | None:
        before, reached = self.grounds.lines.get(target.code, (None, None))
        promise = Promise(Text(target.name, target.name_en), target.kind, target.op, target.value, target.unit, target.starts,
                          target.due, self.units.get(target.unit, ""), before, reached)  # fmt: skip
        node = node_of_target(promise, self.annual.year) or free
        if node is None or target.id in self.with_target or target.edition_id != self.annual.edition_id:
            return None
        tasks = self._tasks_of(target)
        content = f"规划目标：{target.name}" + ("" if target.binding else "（力争）")
        english = (
            f"Target of the plan: {target.name_en}" + ("" if target.binding else " (striven for)")
            if target.name_en
            else ""
        )
        item = Item(
            annual=self.annual,
            target=target,
            title=target.name,
            title_en=target.name_en,
            content=content,
            content_en=english,
        )
        return self._filled(
            item, tasks, node, target.name, self.grounds.owners.get(target.metric, ""), whole=target.task_id is None
        )

    def _filled(self, item: Item, tasks: list, node: Node, sentence: str, owner: str = "", whole: bool = False) -> Item:
        task = tasks[0] if tasks and not whole else None
        theme = task.theme if task else None
        words = Text(theme.title, theme.title_en) if theme else WHOLE if whole else OWN
        item.theme_no, item.theme, item.theme_en = theme.no if theme else 0 if whole else 999, words.zh, words.en
        item.task_no = task.no if task else ""
        item.node, item.node_en, item.quarter = node.text.zh, node.text.en, node.quarter
        parties = _parties(tasks)
        near = tasks[0].theme_id if tasks else None
        related = {code: count for (theme_id, code), count in self.related.items() if theme_id == near}
        keeping = (
            {owner: 1}
            if owner
            else dict(sum((Counter(self.grounds.keepers.get(one.no, {})) for one in tasks), Counter()))
        )
        lead = leading.propose(parties, sentence, keeping, related, self.sizes[near], self.english)
        item.proposed_code, item.proposed_name, item.proposed_rule = lead.code, lead.name, lead.rule
        item.reason, item.reason_en = lead.reason.zh, lead.reason.en
        if lead.rule == "named":  # the plan has decided
            item.lead_code, item.lead_name = lead.code, lead.name
        item.partners = [[one.code, one.name] for one in leading.partners(parties, lead.code)]
        return item


def _parties(tasks: Iterable) -> list[Party]:
    found: dict[str, Party] = {}
    for task in tasks:
        for one in task.involvements.all():
            party = Party(one.body.code, one.body.name, one.part) if one.body else Party("", one.printed, one.part)
            found.setdefault(party.code or party.name, party)
    return list(found.values())


def _append(annual: AnnualList, items: list[Item]) -> None:
    order = annual.items.aggregate(top=Max("order"))["top"] or 0
    for item in items:
        order += 1
        item.order = order
        item.title = _cut(item.title, 200)
    Item.objects.bulk_create(items)


def _cut(words: str, length: int) -> str:
    return words if len(words) <= length else words[: length - 1] + "…"


@transaction.atomic
def carry_over(*, by: User | None, annual: AnnualList) -> int:
    """Take the unfinished items of the latest issued list before into the draft; says how many.

    Where the same measure or target stands in the draft already, that item is marked as carried instead of standing twice.
    """
    require(by, "edit_list")
    annual = _draft(annual)
    left = unfinished_before(annual)
    stand = {
        entry.key: entry.item for entry in sheet_of(annual).entries if entry.key and not entry.item.carried_from_id
    }
    fresh = []
    for entry in left:
        same = stand.pop(entry.key, None) if entry.key else None
        if same:
            same.carried_from = entry.item
            same.save()
        else:
            fresh.append(_carried(annual, entry))
    _append(annual, fresh)
    if left:
        _write_down(by, "carry_over", annual, count=len(left), items=[entry.title for entry in left])
    return len(left)


def _carried(annual: AnnualList, entry: Entry) -> Item:
    """The item again, due by the end of the first quarter: it is late already. It keeps its lead."""
    old = entry.item
    same = {name: getattr(old, name) for name in ("theme_no", "theme", "theme_en", "task_no", "proposed_code", "proposed_name",
                                                  "proposed_rule", "reason", "reason_en", "decided_by", "decided_at", "decided_why")}  # fmt: skip
    here = old.measure_id and old.measure.task.edition_id == annual.edition_id
    there = old.target_id and old.target.edition_id == annual.edition_id
    return Item(annual=annual, carried_from=old, measure=old.measure if here else None, target=old.target if there else None,
                **(same | dict(entry.line.fields) | {"quarter": 1}))  # fmt: skip


# --- editing a draft, or preparing an amendment


@transaction.atomic
def add_item(*, by: User | None, annual: AnnualList, title: str, content: str, node: str, quarter: int, lead_code: str,
             partners: Iterable[str] = (), task_no: str = "") -> Item:  # fmt: skip
    """An item of the office's own, in a draft or in the amendment in preparation."""
    require(by, "edit_list")
    annual, amendment = _open(annual)
    task = annual.edition.tasks.select_related("theme").filter(no=task_no).first() if task_no else None
    theme = task.theme if task and task.theme else None
    words = Text(theme.title, theme.title_en) if theme else OWN
    fields = _written(
        annual, title=title, content=content, node=node, quarter=quarter, lead_code=lead_code, partners=partners
    )
    item = Item(annual=annual, amendment=amendment, task_no=task.no if task else "", theme_no=theme.no if theme else 999,
                theme=words.zh, theme_en=words.en, **fields)  # fmt: skip
    if item.lead_code:
        item.decided_by, item.decided_at = by, timezone.now()
    _append(annual, [item])
    _write_down(by, "add_item", annual, amendment, item=item.title)
    return item


@transaction.atomic
def edit_item(*, by: User | None, item: Item, why: str = "", **fields) -> None:
    """Change an item of a draft; of an issued list, in the amendment in preparation. `fields` are those of WRITTEN."""
    require(by, "edit_list")
    unknown = set(fields) - set(WRITTEN)
    if unknown:
        raise TypeError(f"not editable: {sorted(unknown)}")
    annual, amendment = _open(item.annual)
    entry = next((one for one in sheet_of(annual, prepared=True).entries if one.item.id == item.id), None)
    if entry is None or entry.line.removed:
        raise Refused("这一项已经删去，不能再改。", "This item has been taken out and cannot be changed.")
    stand = dict(entry.line.fields)
    plain = {name: stand[name] for name in WRITTEN} | {"partners": [code or name for code, name in stand["partners"]]}
    after = difference(stand, _written(annual, stand, **(plain | fields)))
    for name in ("title", "content", "node"):
        if name in after:  # the English said the old words
            after[f"{name}_en"] = ""
    if not after:
        return
    if amendment is None or item.amendment_id == amendment.id:
        _rewrite(by, item, after, why)
    else:
        _amended(amendment, item, after)
    _write_down(
        by,
        "edit_item",
        annual,
        amendment,
        item=stand["title"],
        before={name: stand[name] for name in after},
        after=after,
    )


def _rewrite(by: User | None, item: Item, after: dict, why: str) -> None:
    if "lead_code" in after:
        _decide(by, item, after["lead_code"], why)
    for name, value in after.items():
        setattr(item, name, value)
    item.save()


def _amended(amendment: Amendment, item: Item, after: dict) -> None:
    """The amendment holds what differs from the list as issued so far; what was changed back is no change."""
    issued = next(one for one in sheet_of(item.annual).entries if one.item.id == item.id).line.fields
    change = Change.objects.filter(amendment=amendment, item=item).first() or Change(amendment=amendment, item=item)
    differs = difference(issued, {**change.after, **after})
    change.kind, change.after = Change.Kind.CHANGE, differs
    if differs:
        change.save()
    elif change.pk:
        change.delete()


def _written(annual: AnnualList, stand: Mapping | None = None, *, title: str, content: str, node: str, quarter: int, lead_code: str,
             partners: Iterable[str]) -> dict:  # fmt: skip
    """The fields as they are stored, checked. `stand`: the item as it was, whose names of bodies stay as printed."""
    words = {"title": (title.strip(), "项目名称", "name"), "content": (content.strip(), "主要内容", "content"),
             "node": (node.strip(), "计划节点", "node")}  # fmt: skip
    for text, zh, en in words.values():
        if not text:
            raise Refused(f"请填写{zh}。", f"Fill in the {en}.")
    if len(words["title"][0]) > 200:
        raise Refused(
            f"项目名称最多 200 字，现有 {len(words['title'][0])} 字。",
            f"A name has at most 200 characters, this one {len(words['title'][0])}.",
        )
    if quarter not in (1, 2, 3, 4):
        raise Refused("完成季度应为 1 至 4。", "The quarter is one of 1 to 4.")
    known = dict(Body.objects.filter(jurisdiction=annual.programme.jurisdiction).values_list("code", "name"))
    if lead_code and lead_code not in known:
        raise Refused("牵头部门不在部门名录中，请另选。", "The leading body is not in the directory; choose another.")
    printed = {code: name for code, name in (stand or {}).get("partners", []) if code}
    lead_name = stand["lead_name"] if stand and stand["lead_code"] == lead_code else known.get(lead_code, "")
    pairs = [
        [one, printed.get(one, known[one])] if one in known else ["", one]
        for one in dict.fromkeys(partners)
        if one and one != lead_code
    ]
    return {name: text for name, (text, _, _) in words.items()} | {
        "quarter": quarter, "lead_code": lead_code, "lead_name": lead_name, "partners": pairs}  # fmt: skip


@transaction.atomic
def remove_item(*, by: User | None, item: Item, why: str) -> None:
    """Take an item out of a draft, or put its removal into the amendment in preparation; the reason goes on record."""
    require(by, "edit_list")
    if not why.strip():
        raise Refused("请写明为什么删去这一项。", "Say why this item is taken out.")
    annual, amendment = _open(item.annual)
    if amendment is None or item.amendment_id == amendment.id:
        item.delete()
    else:
        Change.objects.update_or_create(
            amendment=amendment, item=item, defaults={"kind": Change.Kind.REMOVE, "after": {}}
        )
    _write_down(by, "remove_item", annual, amendment, item=item.title, why=why.strip())


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
    """The office's choice of a draft item's lead; a choice other than the proposed one needs its reason."""
    require(by, "edit_list")
    annual = _draft(item.annual)
    item = annual.items.get(pk=item.pk)
    parties = [[one, name] for one, name in item.partners if one != code]
    if item.lead_code and item.lead_code != code:
        parties.insert(0, [item.lead_code, item.lead_name])
    elif not item.lead_code and item.proposed_code and item.proposed_code != code:
        parties.insert(0, [item.proposed_code, item.proposed_name])
    _decide(by, item, code, why)
    item.partners = list(map(list, dict.fromkeys(map(tuple, parties))))
    item.save()
    _write_down(
        by,
        "decide_lead",
        annual,
        item=item.title,
        lead=item.lead_name,
        proposed=item.proposed_name,
        why=item.decided_why,
    )
    return item


def _decide(by: User | None, item: Item, code: str, why: str) -> None:
    body = Body.objects.filter(jurisdiction=item.annual.programme.jurisdiction, code=code).first()
    if body is None:
        raise Refused("请从部门名录中选定牵头部门。", "Choose the leading body from the directory.")
    if item.proposed_code and code != item.proposed_code and not why.strip():
        raise Refused(
            f"建议由{item.proposed_name}牵头，改由{body.name}牵头须写明理由。",
            f"{item.proposed_name} was proposed; say why {body.name} should lead instead.",
        )
    item.lead_code, item.lead_name = body.code, body.name
    item.decided_by, item.decided_at = by, timezone.now()
    item.decided_why = why.strip() if code != item.proposed_code else ""


@transaction.atomic
def accept_leads(*, by: User | None, annual: AnnualList) -> int:
    """Decide every undecided item of a draft as proposed; says how many. Items without a proposal stay open."""
    require(by, "edit_list")
    annual = _draft(annual)
    open_items = list(annual.items.filter(lead_code="").exclude(proposed_code=""))
    for item in open_items:
        item.lead_code, item.lead_name = item.proposed_code, item.proposed_name
        item.decided_by, item.decided_at, item.decided_why = by, timezone.now(), ""
    Item.objects.bulk_update(open_items, ["lead_code", "lead_name", "decided_by", "decided_at", "decided_why"])
    if open_items:
        _write_down(by, "accept_leads", annual, count=len(open_items))
    return len(open_items)


# --- issuing


@transaction.atomic
def issue(*, by: User | None, annual: AnnualList, on: date) -> AnnualList:
    """Number the draft and freeze it."""
    require(by, "issue_list")
    annual = _draft(annual)
    entries = sheet_of(annual).entries
    undecided = [one.title for one in entries if not one.decided]
    if not entries:
        raise Refused("清单里还没有项目，不能印发。", "The list has no item yet and cannot be issued.")
    if undecided:
        raise Refused(
            f"还有 {len(undecided)} 项没有确定牵头部门，例如“{undecided[0]}”，请先确定。",
            f"{len(undecided)} items have no decided lead, for instance “{undecided[0]}”; decide them first.",
        )
    _set_order(annual, entries)
    annual.state, annual.number = AnnualList.State.ISSUED, next_number(annual.year, [])
    annual.issued_on, annual.issued_by, annual.issued_at = on, by, timezone.now()
    annual.save()
    _write_down(by, "issue_list", annual, number=annual.number, count=len(entries), issued=str(on))
    return annual


def _set_order(annual: AnnualList, entries: list[Entry]) -> None:
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
    annual = _locked(annual)
    if annual.state != AnnualList.State.ISSUED:
        raise Refused(
            "清单还没有印发，可以直接修改，不需要修订。", "The list is still a draft; edit it, it needs no amendment."
        )
    if not why.strip():
        raise Refused("请写明为什么修订。", "Say why the list is amended.")
    ordinal = (annual.amendments.aggregate(top=Max("ordinal"))["top"] or 0) + 1
    try:
        with transaction.atomic():
            made = Amendment.objects.create(
                annual=annual, ordinal=ordinal, why=why.strip(), created_by=by, created_at=timezone.now()
            )
    except IntegrityError as already:
        raise Refused(
            "这份清单已有一次修订在准备，请先印发或作废它。",
            "An amendment of this list is being prepared; issue or drop it first.",
        ) from already
    _write_down(by, "begin_amendment", annual, made, why=made.why)
    return made


@transaction.atomic
def issue_amendment(*, by: User | None, annual: AnnualList, on: date) -> Amendment:
    """Number the amendment in preparation and freeze it; from now on the list stands as amended."""
    require(by, "issue_list")
    annual, amendment = _open(annual)
    if amendment is None:
        raise Refused("没有在准备的修订。", "No amendment is being prepared.")
    count = amendment.changes.count() + amendment.added.count()
    if not count:
        raise Refused(
            "修订里还没有改动，不能印发。请先修改、增加或删去项目。",
            "The amendment changes nothing yet; change, add or remove an item first.",
        )
    undecided = [one.title for one in sheet_of(annual, prepared=True).standing if not one.decided]
    if undecided:
        raise Refused(
            f"“{undecided[0]}”没有确定牵头部门，请先确定。", f"“{undecided[0]}” has no decided lead; decide it first."
        )
    numbers = [annual.number, *annual.amendments.values_list("number", flat=True)]
    amendment.number = next_number(annual.year, numbers)
    amendment.issued_on, amendment.issued_by, amendment.issued_at = on, by, timezone.now()
    amendment.save()
    _write_down(by, "issue_amendment", annual, amendment, number=amendment.number, count=count, issued=str(on))
    return amendment


@transaction.atomic
def drop_amendment(*, by: User | None, annual: AnnualList) -> None:
    """Give up the amendment in preparation."""
    require(by, "edit_list")
    annual, amendment = _open(annual)
    if amendment:
        _write_down(by, "drop_amendment", annual, amendment, why=amendment.why)
        amendment.delete()


# --- what is done


@transaction.atomic
def mark_done(*, by: User | None, item: Item, done_on: date | None, note: str = "") -> Completion:
    """The office's word that an issued item's node is done on a day; without a day, that it is not done after all."""
    require(by, "edit_list")
    annual = _locked(item.annual)
    if annual.state != AnnualList.State.ISSUED:
        raise Refused("清单还没有印发，不能登记完成。", "The list has not been issued; nothing of it can be done yet.")
    if done_on and done_on > timezone.localdate():
        raise Refused(
            f"完成日期 {done_on} 晚于今天 {timezone.localdate()}，请改正。",
            f"The day {done_on} lies after today, {timezone.localdate()}; correct it.",
        )
    if done_on is None and not note.strip():
        raise Refused("撤回完成须写明理由。", "Say why it is not done after all.")
    if item.id not in {one.item.id for one in sheet_of(annual).standing}:
        raise Refused(
            "这一项不在现行清单里，不能登记完成。", "This item does not stand in the list; it cannot be done."
        )
    done = Completion.objects.create(item=item, done_on=done_on, note=note.strip(), by=by, at=timezone.now())
    _write_down(by, "mark_done", annual, item=item.title, done=str(done_on or ""), note=done.note)
    return done


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


def _open(annual: AnnualList) -> tuple[AnnualList, Amendment | None]:
    """The list if it can be written to: a draft, or issued with an amendment in preparation, which is returned beside it."""
    annual = _locked(annual)
    amendment = annual.amendments.filter(issued_at=None).first()
    return (annual, amendment) if amendment else (_draft(annual), None)


def _write_down(by: User | None, verb: str, annual: AnnualList, amendment: Amendment | None = None, **detail) -> None:
    if amendment:
        detail["amendment"] = amendment.ordinal
    programme = annual.programme
    record(
        by=by,
        verb=verb,
        thing=f"plan.annual {programme.code}/{annual.year}",
        jurisdiction=programme.jurisdiction,
        detail=detail,
    )
