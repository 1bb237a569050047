"""The way in and out, and the language."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from qingshan.people.models import Role
from qingshan.web import wording
from qingshan.web.pages import COLUMNS_COOKIE, programmes_of


class SignIn(LoginView):
    template_name = "qingshan/sign_in.html"
    redirect_authenticated_user = True


@require_safe
def home(request):
    """A liaison lands on what their body owes, anyone else on the overview."""
    request.programmes = programmes_of(request.user)
    if not request.programmes:
        return render(request, "qingshan/no_programme.html")
    code = request.programmes[0].code
    if request.user.role == Role.LIAISON:
        return redirect("body", code, request.user.body.code)
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
