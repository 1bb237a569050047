"""Sign-in by the district's own identity provider, where one is set."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.views.decorators.http import require_safe
from mozilla_django_oidc.views import OIDCAuthenticationCallbackView, OIDCAuthenticationRequestView


def _where_set(view):
    """The library's view, or no page at all where no provider is set."""

    @login_not_required
    @require_safe
    def show(request):
        if not settings.OIDC:
            raise Http404
        return view(request)

    return show


ask = _where_set(lambda request: OIDCAuthenticationRequestView.as_view()(request))
back = _where_set(lambda request: OIDCAuthenticationCallbackView.as_view()(request))
