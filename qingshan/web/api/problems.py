"""What goes wrong, as problem+json (RFC 9457) with the sentence in both languages."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from ninja import Schema
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from qingshan.evidence.registers.actions import Invalid, Overtaken
from qingshan.evidence.registers.filters import BadFilter
from qingshan.evidence.reports.actions import Unfit
from qingshan.observations.cells import Unreadable as UnreadableCells
from qingshan.people.actions import NotAllowed
from qingshan.plan.actions import Refused
from qingshan.plan.document import NotAPlan
from qingshan.plan.importing import Unreadable
from qingshan.web.api.callers import counted_by_address, left_of_window

TYPE = "application/problem+json"


class Fault(Schema):
    """What is wrong with one field; `field` is empty where the whole is meant."""

    field: str
    zh: str
    en: str


class Problem(Schema):
    """A request that was not carried out, and why."""

    type: str = "about:blank"
    title: str
    status: int
    zh: str
    en: str
    faults: list[Fault] = []
    yours: int | None = None
    newest: dict[str, Any] | None = None


class Misasked(Exception):
    """A question that cannot be answered as it stands; what to mend, field by field."""

    def __init__(self, faults: list[Fault]):
        super().__init__(faults[0].zh)
        self.faults = faults


TITLES = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
          409: "Conflict", 422: "Unprocessable Content", 429: "Too Many Requests"}  # fmt: skip
MEANS = {  # what the document says of each
    400: "请求读不懂，或含有不能保存的字符。 The body cannot be read, or holds what cannot be kept.",
    401: "没有有效的令牌，也没有登录。 There is no valid token and no session.",
    403: "角色或令牌不许这样做。 The role or the token may not do this.",
    404: "没有这一项，或不归您查看。 There is no such thing, or it is not yours to see.",
    409: "来得太晚，或现状、规则不允许；没有写入，原因见 zh、en。 It comes too late, or what stands or a rule does not allow it; "
    "nothing was written, and the sentence says why.",
    422: "不合接口、规划、台账或填报的要求，逐项见 faults。 It does not fit the API, the plan, the register or the report; see `faults`.",
    429: "这一分钟的次数已经用完。 The requests of this minute are used up.",
}
UNFIT_FILE = (
    "文件过大，或不是所收的类型，也是如此。 So it is with a file that is too large or of a kind that is not taken."
)


def problem(status: int, zh: str, en: str, **more) -> JsonResponse:
    told = Problem(title=TITLES[status], status=status, zh=zh, en=en, **more)
    return JsonResponse(
        told.model_dump(mode="json", exclude_none=True), status=status, content_type=TYPE,
        json_dumps_params={"ensure_ascii": False},
    )  # fmt: skip


@csrf_exempt  # nothing is here to be written to
@login_not_required
def nowhere(request):
    return problem(404, "没有这个接口，请核对地址。", "There is nothing at this address; see /api/v1/docs.")


def _refused(request, refused: Refused | NotAllowed | Unreadable | UnreadableCells | NotAPlan, status: int, **more):
    return problem(status, refused.zh, refused.en, **more)


def _invalid(request, wrong: Invalid):
    faults = [Fault(field=one.field, zh=one.zh, en=one.en) for _, one in wrong.problems]
    return _refused(request, wrong, 422, faults=faults)


def _unfit(request, wrong: Unfit):
    faults = [Fault(field=f"{line}.{one.field}", zh=one.zh, en=one.en) for line, one in wrong.faults]
    return _refused(request, wrong, 422, faults=faults)


def _misasked(request, wrong: Misasked):
    first = wrong.faults[0]
    return problem(422, first.zh, first.en, faults=wrong.faults)


def _overtaken(request, overtaken: Overtaken):
    """Both versions: the number that was looked at, and the newest content."""
    newest = overtaken.newer[-1] if overtaken.newer else None
    told = newest and {"number": newest.number, "data": newest.data, "state": newest.state}
    return _refused(request, overtaken, 409, yours=overtaken.newer[0].number - 1 if newest else None, newest=told)


def _unreadable(request, wrong: ValidationError):
    faults = [
        Fault(field=".".join(map(str, one["loc"][1:])), zh=f"不合要求（{one['type']}）", en=one["msg"])
        for one in wrong.errors
    ]
    return problem(
        422,
        "请求不合接口的要求，请按所列各项改正。",
        "The request does not fit the API; see each fault.",
        faults=faults,
    )


def _unknown(request, error: AuthenticationError):
    if not counted_by_address(request):
        return _too_many(request, Throttled(wait=left_of_window()))
    answer = problem(
        401,
        "请先说明身份：在网页登录，或在 Authorization 中写明有效的访问令牌。",
        "Say who you are: sign in on the pages, or send a valid access token as Authorization: Bearer.",
    )
    answer["WWW-Authenticate"] = "Bearer"
    return answer


def _too_many(request, error: Throttled):
    most, _, seconds = request.rate
    answer = problem(
        429, f"每分钟最多 {most} 次，已经用完；请 {seconds} 秒后再试。",
        f"At most {most} requests a minute, and they are used up; try again in {seconds} seconds.",
    )  # fmt: skip
    answer["Retry-After"] = str(seconds)
    return answer


def _http(request, error: HttpError):
    if error.status_code == 403:
        return problem(403, "缺少表单令牌，没有写入。", "The header X-CSRFToken is missing; nothing was written.")
    return problem(400, "读不懂请求的内容，应为 JSON。", "The body of the request cannot be read; it should be JSON.")


def handle(api) -> None:
    """Tell the API what to answer for each kind of refusal; the nearest kind counts."""
    api.add_exception_handler(NotAllowed, lambda request, refused: _refused(request, refused, 403))
    api.add_exception_handler(Refused, lambda request, refused: _refused(request, refused, 409))
    api.add_exception_handler(BadFilter, lambda request, refused: _refused(request, refused, 422))
    api.add_exception_handler(Invalid, _invalid)
    api.add_exception_handler(Unfit, _unfit)
    api.add_exception_handler(Overtaken, _overtaken)
    api.add_exception_handler(Misasked, _misasked)
    for unread in (Unreadable, UnreadableCells, NotAPlan):
        api.add_exception_handler(unread, lambda request, wrong: _refused(request, wrong, 422))
    api.add_exception_handler(
        Http404,
        lambda request, missing: problem(
            404, "没有这一项，或不归您查看。", "There is no such thing, or it is not yours to see."
        ),
    )
    api.add_exception_handler(ValidationError, _unreadable)
    api.add_exception_handler(AuthenticationError, _unknown)
    api.add_exception_handler(Throttled, _too_many)
    api.add_exception_handler(HttpError, _http)
