"""Rows of the annual lists' pages: what an item looks like to a reader, filters, and counts. No writes here."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import groupby

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from qingshan.people.models import Body
from qingshan.plan.annual.models import Amendment, Change, Item
from qingshan.plan.annual.queries import Entry, Sheet
from qingshan.plan.annual.standing import print_of
from qingshan.plan.models import Programme
from qingshan.web.wording import said

STATES = {
    "open": gettext_lazy("未完成"),
    "overdue": gettext_lazy("逾期"),
    "done": gettext_lazy("已完成"),
    "late": gettext_lazy("逾期完成"),
    "passed": gettext_lazy("结转下年"),
    "removed": gettext_lazy("已删去"),
}
ONLY = {
    "open": gettext_lazy("未完成"),
    "overdue": gettext_lazy("逾期"),
    "done": gettext_lazy("已完成"),
    "undecided": gettext_lazy("牵头未定"),
    "carried": gettext_lazy("上年结转"),
    "amended": gettext_lazy("经过修订"),
}
QUARTERS = {
    1: gettext_lazy("一季度"),
    2: gettext_lazy("二季度"),
    3: gettext_lazy("三季度"),
    4: gettext_lazy("四季度"),
}
SHAPES = {
    "open": "not_yet_due",
    "overdue": "off_track",
    "done": "attained",
    "late": "on_track",
    "passed": "not_yet_due",
    "removed": "no_data",
}
FEW = 2  # bodies told at once
NAMES = {
    "title": gettext_lazy("项目名称"),
    "content": gettext_lazy("主要内容"),
    "node": gettext_lazy("计划节点"),
    "quarter": gettext_lazy("完成季度"),
    "lead_name": gettext_lazy("牵头"),
    "partners": gettext_lazy("配合"),
}


@dataclass
class Names:
    """How bodies are called in the reader's language; a list keeps the Chinese name they had when it was made."""

    english: dict[str, str]

    def of(self, code: str, name: str) -> str:
        return self.english.get(code) or name if get_language() == "en" else name


def names_of(programme: Programme) -> Names:
    bodies = Body.objects.filter(jurisdiction=programme.jurisdiction_id).exclude(name_en="")
    return Names(dict(bodies.values_list("code", "name_en")))


@dataclass
class Row:
    """An item on a day. `change`: what the amendment in preparation does to it; `before`: its fields without that."""

    entry: Entry
    today: date
    names: Names
    change: Change | None = None
    before: dict | None = None
    in_preparation: bool = False

    @property
    def item(self) -> Item:
        return self.entry.item

    @property
    def state(self) -> str:
        """open, overdue, done, late (done after it was due), passed on to a later list, or removed."""
        if self.entry.line.removed:
            return "removed"
        if self.entry.done_on:
            return "late" if self.entry.done_on > self.entry.due_on else "done"
        if self.entry.passed_to:
            return "passed"
        return "overdue" if self.issued and self.entry.due_on < self.today else "open"

    @property
    def issued(self) -> bool:
        return self.item.annual.state == "issued"

    @property
    def state_word(self) -> str:
        return STATES[self.state]

    @property
    def shape(self) -> str:
        return SHAPES[self.state]

    @property
    def quarter_word(self) -> str:
        return QUARTERS[self.entry.quarter]

    @property
    def lead(self) -> str:
        return self.names.of(self.entry.lead_code, self.entry.lead_name)

    @property
    def proposed(self) -> str:
        return self.names.of(self.item.proposed_code, self.item.proposed_name)

    @property
    def partners(self) -> list[str]:
        return [self.names.of(code, name) for code, name in self.entry.partners]

    @property
    def partners_text(self) -> str:
        return _("、").join(self.partners)

    @property
    def partners_short(self) -> str:
        """The first few, where there are many."""
        return _("、").join(self.partners[:FEW])

    @property
    def many_partners(self) -> bool:
        return len(self.partners) > FEW + 1

    @property
    def print(self) -> str:
        return print_of(self.entry.line.fields)

    @property
    def pending(self) -> str:
        """What the amendment in preparation does to it: add, change, remove, restore, or nothing."""
        return "add" if self.in_preparation else self.change.kind if self.change else ""

    @property
    def marks(self) -> list[str]:
        """The numbers of the issued amendments that touched it."""
        return [one for one in self.entry.line.marks if one]

    @property
    def differences(self) -> list[tuple[str, str, str]]:
        """(name of the field, before, after) of what the amendment in preparation changes."""
        return differing(self.before, self.entry.line.fields, self.names) if self.before else []

    @property
    def carried_from(self) -> Item | None:
        return self.item.carried_from


def differing(before: dict, after: dict, names: Names) -> list[tuple[str, str, str]]:
    return [
        (words, _told(name, before, names), _told(name, after, names))
        for name, words in NAMES.items()
        if before.get(name) != after.get(name)
    ]


def _told(name: str, fields: dict, names: Names) -> str:
    if name == "quarter":
        return str(QUARTERS[fields[name]])
    if name == "lead_name":
        return names.of(fields["lead_code"], fields["lead_name"]) or _("未定")
    if name == "partners":
        return _("、").join(names.of(code, one) for code, one in fields[name]) or _("无")
    return said(fields, name)


@dataclass
class Changed:
    """What an amendment does to an item. kind: add, change, remove or restore."""

    item: Item
    kind: str
    title: str
    differences: list[tuple[str, str, str]] = field(default_factory=list)


def changes_of(sheet: Sheet, amendment: Amendment, names: Names) -> list[Changed]:
    before = sheet.before(amendment)
    by_item = {one.item_id: one for one in amendment.changes.all()}
    found = []
    for item in sheet.items:
        change, fields = by_item.get(item.id), dict(before[item.id].fields)
        if item.amendment_id == amendment.id:
            found.append(Changed(item, "add", said(item, "title")))
        elif change:
            after = differing(fields, fields | change.after, names)
            found.append(Changed(item, change.kind, said(fields, "title"), [] if change.kind == "remove" else after))
    return found


@dataclass
class Group:
    title: str
    rows: list[Row]


@dataclass
class View:
    """A list with what the address asks of it. `own`: the body whose items a liaison sees first."""

    sheet: Sheet
    today: date
    names: Names
    query: dict = field(default_factory=dict)
    own: str = ""

    @cached_property
    def rows(self) -> list[Row]:
        """All items, theme by theme."""
        added = self.sheet.draft.id if self.sheet.draft else None
        rows = [
            Row(one, self.today, self.names, self.sheet.changed.get(one.item.id), self._before(one),
                added is not None and one.item.amendment_id == added)
            for one in self.sheet.entries
        ]  # fmt: skip
        return sorted(rows, key=lambda one: (one.item.theme_no, one.item.order))

    def _before(self, entry: Entry) -> dict | None:
        change = self.sheet.changed.get(entry.item.id)
        changed = change is not None and change.kind != Change.Kind.REMOVE and self.sheet.draft in self.sheet.amendments
        return dict(self._issued[entry.item.id].fields) if changed else None

    @cached_property
    def _issued(self) -> dict:
        return self.sheet.before(self.sheet.draft)

    @cached_property
    def shown(self) -> list[Row]:
        return [one for one in self.rows if self._wanted(one)]

    def _wanted(self, row: Row) -> bool:
        ask = self.query.get
        return (
            (not ask("body") or ask("body") in row.entry.bodies)
            and (not ask("lead") or ask("lead") == row.entry.lead_code)
            and (not ask("theme") or ask("theme") == str(row.item.theme_no))
            and (not ask("quarter") or ask("quarter") == str(row.entry.quarter))
            and (not ask("only") or fits(row, ask("only")))
        )

    @property
    def groups(self) -> list[Group]:
        """By theme; for a liaison who asked for nothing, the items of their own body first."""
        if self.own and not self.query.get("body") and not self.query.get("lead"):
            return [one for one in self._own_first() if one.rows]
        return _by_theme(self.shown)

    def _own_first(self) -> Iterable[Group]:
        lead = [one for one in self.shown if one.entry.lead_code == self.own]
        joined = [one for one in self.shown if self.own in one.entry.bodies and one not in lead]
        yield Group(_("本部门牵头"), lead)
        yield Group(_("本部门配合"), joined)
        yield from _by_theme([one for one in self.shown if self.own not in one.entry.bodies])

    @property
    def themes(self) -> list[Item]:
        """The first item of each theme, for the filter."""
        return list({one.item.theme_no: one.item for one in self.rows}.values())

    @property
    def counts(self) -> dict[str, int]:
        return {name: sum(fits(one, name) for one in self.rows) for name in ONLY}

    @property
    def pending(self) -> list[Row]:
        return [one for one in self.rows if one.pending]

    @property
    def standing(self) -> int:
        return len(self.sheet.standing)


def fits(row: Row, only: str) -> bool:
    return {
        "open": row.state in ("open", "overdue", "passed"),
        "overdue": row.state == "overdue",
        "done": row.state in ("done", "late"),
        "undecided": not row.entry.decided and row.state != "removed",
        "carried": bool(row.item.carried_from_id),
        "amended": bool(row.marks),
    }.get(only, True)


def _by_theme(rows: list[Row]) -> list[Group]:
    grouped = [list(found) for _no, found in groupby(rows, key=lambda one: one.item.theme_no)]
    return [Group(said(found[0].item, "theme"), found) for found in grouped]
