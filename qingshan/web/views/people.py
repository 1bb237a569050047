"""Accounts: opened, closed, given a new first password. None is ever deleted, since the trail names it."""

from django import forms
from django.contrib import messages
from django.contrib.auth.password_validation import validate_password
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from qingshan.people import actions
from qingshan.people.actions import require
from qingshan.people.models import Body, Role, User
from qingshan.people.queries import accounts_of, locked_out
from qingshan.web import wording
from qingshan.web.pages import first_programme


def _first_password() -> forms.CharField:
    return forms.CharField(
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        label=gettext_lazy("初始密码"),
        error_messages={"required": gettext_lazy("请填写初始密码。")},
    )


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
    email = forms.EmailField(
        required=False,
        label=gettext_lazy("邮箱（接收提醒，或用于单点登录）"),
        error_messages={"invalid": gettext_lazy("邮箱应写作 name@example.org。")},
    )
    password = _first_password()

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


class ResetForm(forms.Form):
    password = _first_password()

    def __init__(self, user, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self):
        validate_password(self.cleaned_data["password"], self.user)
        return self.cleaned_data["password"]


@require_http_methods(["GET", "POST"])
def index(request):
    require(request.user, "manage_people")
    first_programme(request)
    jurisdiction = request.user.jurisdiction
    form = AccountForm(jurisdiction, request.POST or None)
    if form.is_valid():
        user = actions.open_account(by=request.user, jurisdiction=jurisdiction, handed_out=True, **form.cleaned_data)
        messages.success(request, _("已开通账号 %(name)s，首次登录时须修改密码。") % {"name": user.username})
        return redirect("people")
    page = {"here": "people", "people": accounts_of(jurisdiction), "locked": locked_out(), "form": form}
    return render(request, "qingshan/people.html", page)


def _account(request, number: int) -> User:
    require(request.user, "manage_people")
    first_programme(request)
    return get_object_or_404(accounts_of(request.user.jurisdiction), pk=number)


@require_POST
def close(request, number):
    user = actions.close_account(by=request.user, user=_account(request, number))
    messages.success(request, _("已关闭账号 %(name)s。它做过的事仍留在记录里。") % {"name": user.username})
    return redirect("people")


@require_POST
def reopen(request, number):
    user = actions.reopen_account(by=request.user, user=_account(request, number))
    messages.success(request, _("已重新开放账号 %(name)s。") % {"name": user.username})
    return redirect("people")


@require_POST
def unlock(request, number):
    user = _account(request, number)
    actions.unlock_account(by=request.user, user=user)
    messages.success(request, _("已解锁账号 %(name)s，现在可以登录。") % {"name": user.username})
    return redirect("people")


@require_http_methods(["GET", "POST"])
def reset(request, number):
    user = _account(request, number)
    form = ResetForm(user, request.POST or None)
    if form.is_valid():
        actions.reset_password(by=request.user, user=user, password=form.cleaned_data["password"])
        messages.success(request, _("已重设 %(name)s 的密码，首次登录时须修改。") % {"name": user.username})
        return redirect("people")
    return render(request, "qingshan/reset.html", {"here": "people", "account": user, "form": form})
