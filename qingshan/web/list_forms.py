"""What the office fills in for the items of an annual list."""

from django import forms
from django.utils.translation import gettext_lazy

from qingshan.people.models import Body
from qingshan.plan.annual.queries import Entry
from qingshan.plan.models import Programme
from qingshan.web import wording
from qingshan.web.annual import QUARTERS
from qingshan.web.plan_forms import FILL_IN

LONG = FILL_IN | {"max_length": gettext_lazy("最多 %(limit_value)d 字，现有 %(show_value)d 字。")}
DAY = {"required": gettext_lazy("请选定日期。"), "invalid": gettext_lazy("日期应写作 2025-10-31。")}


def _words(label, length: int, rows: int = 0, required: bool = True) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput
    return forms.CharField(label=label, max_length=length, widget=widget, required=required, error_messages=LONG)


def day_field(label) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, error_messages=DAY)


class ItemForm(forms.Form):
    title = _words(gettext_lazy("项目名称"), 200)
    content = _words(gettext_lazy("主要内容"), 2000, rows=2)
    node = _words(gettext_lazy("计划节点"), 1000, rows=2)
    quarter = forms.TypedChoiceField(
        label=gettext_lazy("完成季度"), coerce=int, choices=lambda: QUARTERS.items(), error_messages=FILL_IN
    )
    lead_code = forms.ChoiceField(label=gettext_lazy("牵头部门"), required=False)
    why = _words(gettext_lazy("不按建议确定牵头的理由"), 300, required=False)
    partners = forms.MultipleChoiceField(
        label=gettext_lazy("配合部门"), required=False, widget=forms.CheckboxSelectMultiple
    )
    others = _words(gettext_lazy("名录以外的配合单位（用顿号分隔）"), 300, required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, programme: Programme, **kwargs):
        super().__init__(*args, **kwargs)
        bodies = Body.objects.filter(jurisdiction=programme.jurisdiction_id)
        known = [(one.code, wording.said(one)) for one in bodies]
        self.fields["lead_code"].choices = [("", gettext_lazy("未定")), *known]
        self.fields["partners"].choices = known

    @classmethod
    def of(cls, entry: Entry, print_: str, *args, programme: Programme) -> "ItemForm":
        initial = {name: getattr(entry, name) for name in ("title", "content", "node", "quarter", "lead_code")}
        known = [code for code, _ in entry.partners if code]
        others = "、".join(name for code, name in entry.partners if not code)
        initial |= {"partners": known, "others": others, "seen": print_, "why": entry.item.decided_why}
        return cls(*args, programme=programme, initial=initial)

    @property
    def given(self) -> dict:
        """As `edit_item` and `add_item` take them."""
        names = ("title", "content", "node", "quarter", "lead_code")
        others = [one.strip() for one in self.cleaned_data["others"].replace("，", "、").split("、")]
        return {name: self.cleaned_data[name] for name in names} | {
            "partners": [*self.cleaned_data["partners"], *filter(None, others)]
        }


class NewItemForm(ItemForm):
    task_no = forms.ChoiceField(label=gettext_lazy("所属任务"), required=False)

    def __init__(self, *args, tasks: list, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["why"], self.fields["seen"]
        none = ("", gettext_lazy("不属于哪一项任务"))
        self.fields["task_no"].choices = [none, *((one.no, f"{one.no} {wording.said(one, 'title')}") for one in tasks)]

    @property
    def given(self) -> dict:
        return super().given | {"task_no": self.cleaned_data["task_no"]}


class IssueForm(forms.Form):
    on = day_field(gettext_lazy("印发日期"))


class DoneForm(forms.Form):
    done_on = day_field(gettext_lazy("完成日期"))
    note = _words(gettext_lazy("说明或依据"), 500, required=False)


class ReasonForm(forms.Form):
    why = _words(gettext_lazy("理由"), 500)
