"""The way in and out, one's password, and the language."""

from math import ceil

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.views import LoginView
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingshan.people.actions import change_password
from qingshan.people.models import Role
from qingshan.people.queries import locked_until
from qingshan.web import wording
from qingshan.web.pages import COLUMNS_COOKIE, first_programme, programmes_of


class SignIn(LoginView):
    template_name = "qingshan/sign_in.html"
    redirect_authenticated_user = True

    def get_context_data(self, **given):
        refused = self.request.GET.get("provider") == "refused"
        return super().get_context_data(**given, provider=settings.OIDC, provider_refused=refused)


def locked_out(request, response, credentials):
    """What is said to someone who has tried too often, and how long they have to wait."""
    name = (credentials or {}).get("username", "")
    left = locked_until(name, request.axes_ip_address) - timezone.now()
    minutes = max(1, ceil(left.total_seconds() / 60))
    told = ngettext(
        "这个账号连续 %(tries)s 次密码不对，已对您所在的网络锁定。请 %(minutes)s 分钟后再试；急用请联系本区系统管理员解锁。",
        "这个账号连续 %(tries)s 次密码不对，已对您所在的网络锁定。请 %(minutes)s 分钟后再试；急用请联系本区系统管理员解锁。",
        minutes,
    ) % {"tries": settings.AXES_FAILURE_LIMIT, "minutes": minutes}
    page = {"locked": told, "next": request.POST.get("next", ""), "provider": settings.OIDC}
    answer = render(request, SignIn.template_name, page, status=429)
    answer["Retry-After"] = str(minutes * 60)
    return answer


class PasswordForm(PasswordChangeForm):
    """One's own password: the present one, and the new one twice."""

    old_password = forms.CharField(
        label=gettext_lazy("现在的密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
        error_messages={"required": gettext_lazy("请填写现在的密码。")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, label in (("new_password1", _("新密码")), ("new_password2", _("再输一次新密码"))):
            self.fields[name].label, self.fields[name].help_text = label, ""
            self.fields[name].error_messages["required"] = _("请填写“%(label)s”。") % {"label": label}

    def clean(self):
        found = super().clean()
        if found.get("new_password1") and found.get("new_password1") == found.get("old_password"):
            self.add_error("new_password1", _("新密码与现在的密码相同，请另换一个。"))
        return found


@require_http_methods(["GET", "POST"])
def password(request):
    first_programme(request)
    form = PasswordForm(request.user, request.POST or None)
    if form.is_valid():
        user = change_password(by=request.user, password=form.cleaned_data["new_password1"])
        update_session_auth_hash(request, user)
        messages.success(request, _("密码已修改。您在其他电脑上的登录已一并退出。"))
        return redirect("home")
    return render(request, "qingshan/password.html", {"form": form, "here": "password"})


@require_safe
def home(request):
    """A liaison lands on what their body owes, anyone else on the overview."""
    request.programmes = programmes_of(request.user)
    if not request.programmes:
        return render(request, "qingshan/no_programme.html")
    code = request.programmes[0].code
    if request.user.role == Role.LIAISON:
        return redirect("reports", code)
    return redirect("overview", code)


@csrf_exempt  # changes nothing but the reader's own language, and works on pages kept open for days
@login_not_required
@require_POST
def language(request):
    response = _back(request)
    chosen = request.POST.get("language")
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, max_age=365 * 86400, httponly=True, samesite="Lax")
    return response


@csrf_exempt  # as above: what the reader's own table shows
@require_POST
def columns(request):
    """Which columns a reader's tables show; remembered in the browser."""
    response = _back(request)
    hidden = [name for name in wording.COLUMNS if name not in request.POST.getlist("show")]
    response.set_cookie(COLUMNS_COOKIE, ".".join(hidden), max_age=365 * 86400, httponly=True, samesite="Lax")
    return response


def _back(request):
    goes = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(goes, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(goes if safe else reverse("home"))
