"""Who calls, and how often they may."""

import time

from django.conf import settings
from django.core.cache import caches
from django.utils import timezone
from ninja.security import HttpBearer
from ninja.security.apikey import APIKeyCookie
from ninja.throttling import BaseThrottle

from qingshan.people.actions import NotAllowed
from qingshan.people.models import User
from qingshan.people.tokens.actions import used_token
from qingshan.people.tokens.models import Scope
from qingshan.people.tokens.queries import token_shown
from qingshan.web.callers import address_of

WINDOW = 60  # seconds
SAFE = ("GET", "HEAD")


class ByToken(HttpBearer):
    """访问令牌，由计划办或系统管理发放给一个部门。 An access token, issued to a body by the plan office."""

    def authenticate(self, request, token: str) -> User | None:
        today = timezone.localdate()
        found = token_shown(token, today)
        if found is None:
            return None
        used_token(token=found, today=today)
        if found.scope == Scope.READ and request.method not in SAFE:
            raise NotAllowed(
                f"令牌“{found.name}”只读，不能写入；请向计划办申请读写令牌。",
                f"The token “{found.name}” is for reading only; ask the plan office for one that writes.",
            )
        request.user = found.account
        return found.account


class BySession(APIKeyCookie):
    """网页上已登录的人。 Someone signed in on the pages; writing needs the form token in the header X-CSRFToken."""

    param_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request) -> User | None:
        """Who is nobody is told so before they are asked for a form token."""
        return super().__call__(request) if request.user.is_authenticated else None

    def authenticate(self, request, key) -> User | None:
        if request.user.must_change_password:
            raise NotAllowed(
                "请先在网页上修改别人替您设的密码。",
                "Change the password that was handed out to you on the pages first.",
            )
        return request.user


class Limit(BaseThrottle):
    """So many requests in each minute; counted in this server process."""

    def allow_request(self, request) -> bool:
        return counted(request, f"caller-{request.auth.pk}", settings.API_PER_MINUTE)

    def wait(self) -> float:
        return left_of_window()


def counted(request, who: str, most: int) -> bool:
    """Count one more request of this caller; whether it is within the limit. What is left is kept on the request."""
    cache, key = caches["callers"], f"{who}-{int(time.time()) // WINDOW}"
    cache.add(key, 0, 2 * WINDOW)
    number = cache.incr(key)
    request.rate = (most, max(0, most - number), left_of_window())
    return number <= most


def counted_by_address(request) -> bool:
    """The same for someone who has not said who they are."""
    return counted(request, f"address-{address_of(request)}", settings.API_PER_MINUTE_UNKNOWN)


def left_of_window() -> int:
    return WINDOW - int(time.time()) % WINDOW
