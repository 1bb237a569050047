"""The API as a whole: /api/v1/."""

from functools import lru_cache

from django.urls import path, re_path
from ninja import NinjaAPI, Swagger
from ninja.openapi.schema import REF_TEMPLATE, OpenAPISchema
from ninja.schema import NinjaGenerateJsonSchema

from qingshan.web.api import (
    drafts,
    evidence,
    inbox,
    incidents,
    objections,
    overview,
    people,
    plans,
    problems,
    runs,
    scores,
    trail,
)
from qingshan.web.api.callers import BySession, ByToken, Limit
from qingshan.web.api.coordination import assignments, matters, meetings
from qingshan.web.api.lists import issuing, items, sheets
from qingshan.web.api.measurements import air, deliveries, groups, mapping, media, review, sites, stored, water
from qingshan.web.api.reading import Storable, unchanged
from qingshan.web.api.registers import bulk, kept, labels, retention, rows, workbooks, writing
from qingshan.web.api.registers import files as register_files
from qingshan.web.api.reports import files as report_files
from qingshan.web.api.reports import filling, rounds
from qingshan.web.api.reports import review as report_review
from qingshan.web.api.sheets import biodiversity, farmland, reach, zoning

ABOUT = """青山的接口：页面上能看到的，这里都能读到；页面上能办的，这里也能办，规则相同。见 docs/api.md。

The API of Qingshan: whatever a page shows can be read here, and what people do on the pages can be done here, by the same
rules. See docs/api.md."""
KNOWN = {"name": "If-None-Match", "in": "header", "schema": {"type": "string"}, "required": False,
         "description": "the ETag of an earlier answer"}  # fmt: skip
FILE = {"schema": {"type": "string", "format": "binary"}}
PROBLEM = {"$ref": REF_TEMPLATE.format(model="Problem")}


class Documented(NinjaAPI):
    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: dict | None = None) -> OpenAPISchema:
        return document(self, self.get_root_path(path_params or {}) if path_prefix is None else path_prefix)


@lru_cache(maxsize=1)
def document(api: NinjaAPI, prefix: str) -> OpenAPISchema:
    """What is really sent: problems and maps by their own media types, and 304. Made once, as it follows from the code alone."""
    schema = OpenAPISchema(api, prefix)
    shape = problems.Problem.model_json_schema(
        ref_template=REF_TEMPLATE, schema_generator=NinjaGenerateJsonSchema, mode="serialization"
    )
    schema.schemas |= shape.pop("$defs") | {"Problem": shape}
    for operations in schema["paths"].values():
        for method, operation in operations.items():
            operation["summary"] = operation["description"].split("。")[0]
            _own_media_types(operation)
            _meaning(operation)
            if method == "get":
                operation["responses"]["304"] = {"description": "Not Modified"}
                operation.setdefault("parameters", []).append(KNOWN)
    return schema


def _own_media_types(operation: dict) -> None:
    media = operation.pop("x-media-type", None)
    for status, answer in operation["responses"].items():
        if status >= 400:
            answer["content"] = {problems.TYPE: {"schema": PROBLEM}}
        elif media:
            answer["content"] = {media: next(iter(answer.get("content", {}).values()), FILE)}


def _meaning(operation: dict) -> None:
    takes_a_file = "multipart/form-data" in operation.get("requestBody", {}).get("content", {})
    for status, answer in operation["responses"].items():
        if words := problems.MEANS.get(status):
            answer["description"] = f"{words} {problems.UNFIT_FILE}" if takes_a_file and status == 409 else words


api = Documented(
    title="青山 Qingshan", version="1", description=ABOUT, urls_namespace="api", auth=[ByToken(), BySession()],
    throttle=Limit(), parser=Storable(), docs=Swagger({"persistAuthorization": False, "validatorUrl": None}),
)  # fmt: skip
problems.handle(api)
api.add_decorator(unchanged)
PARTS = (
    plans, drafts, overview, runs, evidence, rows, writing, register_files, workbooks, labels, bulk, kept, retention, zoning, reach, biodiversity, farmland,
    incidents, sites, stored, air, water, groups, media, deliveries, mapping, review, sheets, items, issuing, rounds, filling, report_files, report_review, matters, meetings, assignments,
    scores, objections, inbox, people, trail,
)  # fmt: skip
for router in dict.fromkeys(part.router for part in PARTS):
    api.add_router("", router)

urls = api.urls
for pattern in urls[0]:
    pattern.callback.login_required = False  # the API asks who someone is itself, and answers in its own way
urlpatterns = [
    path("v1/", urls),
    re_path(r"^[\s\S]*", problems.nowhere, name="api-nowhere"),
]
