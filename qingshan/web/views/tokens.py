"""Access tokens: which systems of which bodies may use the API."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from qingshan.people.actions import require
from qingshan.people.models import Body
from qingshan.people.tokens import actions
from qingshan.people.tokens.queries import tokens_of
from qingshan.web import wording
from qingshan.web.pages import first_programme


class TokenForm(forms.Form):
    body = forms.ModelChoiceField(
        Body.objects.none(),
        label=gettext_lazy("部门"),
        empty_label=None,
        error_messages={"required": gettext_lazy("请选定部门。")},
    )
    name = forms.CharField(
        max_length=60,
        label=gettext_lazy("用途"),
        error_messages={"required": gettext_lazy("请写明用途，如“水务平台每日上报”。")},
    )
    scope = forms.ChoiceField(label=gettext_lazy("权限"), choices=list(wording.SCOPES.items()))
    expires_on = forms.DateField(
        label=gettext_lazy("有效期至"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "required": gettext_lazy("请填写有效期。"),
            "invalid": gettext_lazy("有效期应写作 2026-12-31。"),
        },
    )

    def __init__(self, jurisdiction, today, *args, **kwargs):
        super().__init__(*args, initial={"expires_on": today + timedelta(days=180)}, **kwargs)
        self.today = today
        self.fields["body"].queryset = Body.objects.filter(jurisdiction=jurisdiction).order_by("order")

    def clean_expires_on(self):
        last, most = self.cleaned_data["expires_on"], self.today + timedelta(days=actions.LONGEST)
        if not self.today <= last <= most:
            raise forms.ValidationError(
                _("有效期 %(day)s 应在今天 %(today)s 与 %(most)s 之间。")
                % {"day": last, "today": self.today, "most": most}
            )
        return last


@require_http_methods(["GET", "POST"])
def index(request):
    require(request.user, "manage_tokens")
    first_programme(request)
    jurisdiction, today = request.user.jurisdiction, timezone.localdate()
    form = TokenForm(jurisdiction, today, request.POST or None)
    page = {"here": "tokens", "form": form, "today": today}
    if form.is_valid():
        page["made"], page["secret"] = actions.new_token(by=request.user, today=today, **form.cleaned_data)
        page["form"] = TokenForm(jurisdiction, today)
    page["tokens"] = tokens_of(jurisdiction)
    answer = render(request, "qingshan/tokens.html", page)
    if "secret" in page:
        answer["Cache-Control"] = "no-store"
    return answer


@require_POST
def revoke(request, number):
    require(request.user, "manage_tokens")
    token = get_object_or_404(tokens_of(request.user.jurisdiction), pk=number)
    actions.revoke_token(by=request.user, token=token)
    messages.success(request, _("已吊销令牌“%(name)s”。") % {"name": token.name})
    return redirect("tokens")
