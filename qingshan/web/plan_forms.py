"""What the office fills in while it edits a draft."""

from datetime import date

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingshan.plan.models import Edition, Target
from qingshan.web import wording
from qingshan.web.reading import OPS

FILL_IN = {"required": gettext_lazy("请填写这一项。")}
NUMBER = {"invalid": gettext_lazy("请填写数字，如 28 或 0.85。"),
          "max_digits": gettext_lazy("数字太长：小数点前最多 14 位，后最多 6 位。"),
          "max_decimal_places": gettext_lazy("小数点后最多 6 位。"),
          "max_whole_digits": gettext_lazy("小数点前最多 14 位。")}  # fmt: skip
YEAR = FILL_IN | {
    "invalid": gettext_lazy("年份应写作 2026。"),
    "min_value": gettext_lazy("年份应在 1949 至 2100 之间。"),
    "max_value": gettext_lazy("年份应在 1949 至 2100 之间。"),
}


def _words(label, length: int, required: bool = True) -> forms.CharField:
    said = FILL_IN | {"max_length": gettext_lazy("最多 %(limit_value)d 字，现有 %(show_value)d 字。")}
    return forms.CharField(label=label, max_length=length, required=required, error_messages=said)


def _year(label) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1949, max_value=2100, error_messages=YEAR)


class TargetForm(forms.Form):
    name = _words(gettext_lazy("名称"), 200)
    kind = forms.ChoiceField(label=gettext_lazy("类型"), choices=lambda: wording.KINDS.items(), error_messages=FILL_IN)
    op = forms.ChoiceField(label=gettext_lazy("比较"), choices=lambda: OPS.items(), error_messages=FILL_IN)
    value = forms.DecimalField(
        label=gettext_lazy("目标值"), max_digits=20, decimal_places=6, required=False, error_messages=NUMBER
    )
    unit = _words(gettext_lazy("单位"), 30, required=False)
    due = _year(gettext_lazy("期限（年）"))
    binding = forms.TypedChoiceField(
        label=gettext_lazy("约束"), coerce=lambda word: word == "yes",
        choices=[("yes", gettext_lazy("约束性")), ("no", gettext_lazy("力争"))],
    )  # fmt: skip
    metric = forms.ChoiceField(label=gettext_lazy("由哪个指标评判"), required=False)
    note = _words(gettext_lazy("备注"), 300, required=False)

    def __init__(self, *args, metrics: dict, **kwargs):
        super().__init__(*args, **kwargs)
        known = [(code, f"{wording.said(one)}{f'（{one.unit}）' if one.unit else ''}") for code, one in metrics.items()]
        chosen = self.initial.get("metric")
        lost = [(chosen, _("%(code)s（未定义）") % {"code": chosen})] if chosen and chosen not in metrics else []
        self.fields["metric"].choices = [("", _("未选定")), *known, *lost]

    @classmethod
    def of(cls, target: Target, *args, metrics: dict) -> "TargetForm":
        names = ("name", "kind", "op", "unit", "metric", "note")
        initial = {name: getattr(target, name) for name in names}
        value = "" if target.value is None else f"{target.value.normalize():f}"
        initial |= {"value": value, "due": target.due.year, "binding": "yes" if target.binding else "no"}
        return cls(*args, metrics=metrics, initial=initial)

    def fields_for(self, target: Target | None = None) -> dict:
        """As the plan's actions take them; the day of a target stays where its year does."""
        given = dict(self.cleaned_data)
        same = target is not None and target.due.year == given["due"]
        given["due"] = target.due if same else date(given["due"], 12, 31)
        return given


class NewTargetForm(TargetForm):
    task = forms.ChoiceField(label=gettext_lazy("所属"), required=False)

    def __init__(self, *args, tasks: list, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["note"]
        self.fields["task"].choices = [("", _("总体")), *((str(one.order), f"{one.no} {one.title}") for one in tasks)]


class FactsForm(forms.Form):
    title = _words(gettext_lazy("规划名称"), 200)
    number = _words(gettext_lazy("文号"), 80, required=False)
    issuer = _words(gettext_lazy("印发机关"), 120, required=False)
    issued = forms.DateField(
        label=gettext_lazy("印发日期"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("日期应写作 2025-10-31。")},
    )  # fmt: skip
    starts = _year(gettext_lazy("规划期自（年）"))
    ends = _year(gettext_lazy("规划期至（年）"))

    @classmethod
    def of(cls, edition: Edition, *args) -> "FactsForm":
        initial = {name: getattr(edition, name) for name in ("title", "number", "issuer", "issued")}
        return cls(*args, initial=initial | {"starts": edition.starts.year, "ends": edition.ends.year})

    def fields_for(self, edition: Edition) -> dict:
        given = dict(self.cleaned_data)
        first, last = given["starts"], given["ends"]
        given["starts"] = edition.starts if edition.starts.year == first else date(first, 1, 1)
        given["ends"] = edition.ends if edition.ends.year == last else date(last, 12, 31)
        return given


class TaskForm(forms.Form):
    """The task's words; its bodies come beside as pairs of `body` and `part`."""

    title = _words(gettext_lazy("任务名称"), 300)
    summary = forms.CharField(
        label=gettext_lazy("摘要（计划办自己的话）"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    @property
    def parts(self) -> dict[str, str]:
        """Each named body with its part, the first mention counting."""
        found: dict[str, str] = {}
        for name, part in self.rows:
            if name:
                found.setdefault(name, part if part in wording.PARTS else "responsible")
        return found

    @property
    def rows(self) -> list[tuple[str, str]]:
        names = (name.strip()[:120] for name in self.data.getlist("body"))
        return list(zip(names, self.data.getlist("part"), strict=False))
