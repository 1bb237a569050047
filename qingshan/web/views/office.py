"""The audit trail and the accounts."""

from django import forms
from django.contrib import messages
from django.contrib.auth.password_validation import validate_password
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from qingshan.people.actions import open_account, require
from qingshan.people.models import AuditLine, Body, Role, User
from qingshan.people.queries import broken_audit_line
from qingshan.web import wording
from qingshan.web.pages import first_programme


@require_safe
def audit(request):
    require(request.user, "read_audit")
    first_programme(request)
    lines = AuditLine.objects.filter(jurisdiction=request.user.jurisdiction_id).order_by("-id")
    verb = request.GET.get("verb", "")
    if verb:
        lines = lines.filter(verb=verb)
    page = Paginator(lines, 50).get_page(request.GET.get("page"))
    shown = {"here": "audit", "page": page, "verbs": wording.VERBS.items(), "verb": verb}
    if "check" in request.GET:
        shown |= {"checked": True, "broken": broken_audit_line(), "count": AuditLine.objects.count()}
    return render(request, "qingshan/audit.html", shown)


class AccountForm(forms.Form):
    username = forms.SlugField(
        max_length=60,
        label=gettext_lazy("账号"),
        error_messages={
            "required": gettext_lazy("请填写账号。"),
            "invalid": gettext_lazy("账号只能用英文字母、数字、“-”和“_”。"),
        },
    )
    name = forms.CharField(
        max_length=60,
        label=gettext_lazy("称呼"),
        error_messages={"required": gettext_lazy("请填写称呼，如“区水务局联络员”。")},
    )
    role = forms.ChoiceField(label=gettext_lazy("角色"), choices=list(wording.ROLES.items()))
    body = forms.ModelChoiceField(Body.objects.none(), required=False, label=gettext_lazy("部门"))
    password = forms.CharField(
        widget=forms.PasswordInput,
        strip=False,
        label=gettext_lazy("初始密码"),
        error_messages={"required": gettext_lazy("请填写初始密码。")},
    )

    def __init__(self, jurisdiction, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = Body.objects.filter(jurisdiction=jurisdiction).order_by("order")

    def clean_username(self):
        if User.objects.filter(username=self.cleaned_data["username"]).exists():
            raise forms.ValidationError(
                _("账号“%(name)s”已经有人使用，请换一个。") % {"name": self.cleaned_data["username"]}
            )
        return self.cleaned_data["username"]

    def clean_password(self):
        validate_password(self.cleaned_data["password"])
        return self.cleaned_data["password"]

    def clean(self):
        found = super().clean()
        if found.get("role") == Role.LIAISON and not found.get("body"):
            self.add_error("body", _("联络员须代表一个部门，请选定。"))
        return found


@require_http_methods(["GET", "POST"])
def people(request):
    require(request.user, "manage_people")
    first_programme(request)
    jurisdiction = request.user.jurisdiction
    form = AccountForm(jurisdiction, request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = open_account(by=request.user, jurisdiction=jurisdiction, **form.cleaned_data)
        messages.success(request, _("已开通账号 %(name)s。") % {"name": user.username})
        return redirect("people")
    found = User.objects.filter(jurisdiction=jurisdiction).select_related("body").order_by("role", "username")
    return render(request, "qingshan/people.html", {"here": "people", "people": found, "form": form})
