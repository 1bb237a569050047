"""What waits for the reader, and how they want to be written to."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from qingshan.coordination import actions, queries
from qingshan.coordination.models import Seen
from qingshan.web.coordination import language_of, page_of
from qingshan.web.pages import first_programme


class MailForm(forms.Form):
    email = forms.EmailField(
        required=False,
        label=gettext_lazy("邮箱"),
        error_messages={"invalid": gettext_lazy("邮箱写法不对，应如 name@example.org。")},
    )
    language = forms.ChoiceField(label=gettext_lazy("邮件语言"), choices=[("zh-hans", "中文"), ("en", "English")])
    by_mail = forms.BooleanField(required=False, label=gettext_lazy("每日摘要发到邮箱"))


@require_http_methods(["GET", "POST"])
def index(request):
    first_programme(request)
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        actions.set_preference(by=request.user, **form.cleaned_data)
        messages.success(request, _("已保存。"))
        return redirect("inbox")
    page = Paginator(queries.inbox(request.user), 50).get_page(request.GET.get("page"))
    seen = set(
        Seen.objects.filter(user=request.user, notice__in=[one.pk for one in page]).values_list("notice_id", flat=True)
    )
    for one in page:
        one.page, one.read = page_of(one.programme, one.address), one.pk in seen
        one.closed = bool(one.alert and one.alert.closed)
    return render(request, "qingshan/coordination/inbox.html", {"here": "inbox", "page": page, "form": form})


def _form(request) -> MailForm:
    wants = getattr(request.user, "preference", None)
    known = {
        "email": request.user.email,
        "language": language_of(request.user),
        "by_mail": wants.by_mail if wants else True,
    }
    return MailForm(request.POST or None, initial=known)


@require_POST
def read(request):
    """Mark one notice or all as read; a notice that leads somewhere goes there."""
    wanted = request.POST.get("notice", "")
    found = queries.inbox(request.user).filter(pk=int(wanted)) if wanted.isascii() and wanted.isdigit() else None
    if wanted and not found:
        return redirect("inbox")
    actions.read_notices(by=request.user, notices=found)
    page = page_of(found[0].programme, found[0].address) if found else ""
    return redirect(page or "inbox")
