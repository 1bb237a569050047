"""From which network a request comes."""

from django.conf import settings


def address_of(request) -> str:
    """The caller's address [IP], as the last of one's own proxies saw it.

    Each proxy adds the address it was called from at the end of X-Forwarded-For; whatever stands before those of one's
    own (`QINGSHAN_PROXIES`) could have been written by anybody.
    """
    hops = [one.strip() for one in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if one.strip()]
    own = settings.PROXIES
    return hops[-own] if own and len(hops) >= own else request.META.get("REMOTE_ADDR", "")
