"""What the operations of the API are asked about in the county of `world.py`, and what is sent to them."""

import re
from urllib.parse import urlencode

from django.utils import timezone

from ...plan import sample
from ..world import LATER

PDF = b"%PDF-1.4 a record"
# The thing that a number in an address stands for, by what the address holds: the last that fits counts.
THINGS = [
    ("number", "/registers", "entry"), ("number", "/uploads/", "upload"), ("number", "/deliveries/", "delivery"), ("number", "/filters/", "kept"), ("number", "/reports", "report"),
    ("number", "/alerts", "alert"), ("number", "/meetings", "meeting"), ("number", "/assignments", "assignment"),
    ("number", "/scores", "sheet"), ("file", "/registers", "file"), ("file", "/reports", "evidence"), ("line", "/lines", "line"),
    ("number", "/rivers", "river"), ("number", "/people", "liaison"), ("number", "/tokens", "token"), ("ordinal", "/incidents", "incident"),
    ("call", "/calls", "call"), ("item", "/items", "item"), ("handling", "/proof", "proof"), ("objection", "/objections", "objection"),
]  # fmt: skip
CODES = {
    "/editions": "d01",
    "/registers": "outfalls",
    "entries.zip": "records",
    "/metrics": "phosphorus",
    "/series": "phosphorus-monthly",
}
FIXED = {"year": 2025, "order": 1, "no": "1", "kind": "quarter", "period": "2026-Q2", "medium": "air"}
POINT = {"lon": 121.03, "lat": 30.73}
ASKED = {  # what an address must ask
    "/zoning": POINT, "/emergency": POINT, "/air/days": {"since": "2026-07-01", "until": "2026-07-09"}, "/air/months": {"year": 2026},
    "/air/period": {"since": "2026-07-01", "until": "2026-07-31"}, "/air/hours": {"year": 2026},
    "/rows.xlsx": {"since": "2026-07-01", "until": "2026-07-02"},
    "/measurements/flagged": {"medium": "air"}, "/water/period": {"since": "2026-06", "until": "2026-07"}, "/water/samples": {"year": 2026},
}  # fmt: skip
DAY = LATER.isoformat()
SEEN = {"site": "sample-air", "item": "PM25", "period": "hour", "time": "2026-07-01T00:00:00", "flag": "spike"}
COLUMNS = [
    {"number": 0, "role": "site"},
    {"number": 1, "role": "time"},
    {"number": 2, "role": "item:PM25", "unit": "μg/m³"},
]
SENT = {
    "POST /runs": {"as_of": DAY},
    "POST /entries": {"data": {"no": "P-2"}},
    "PATCH /entries/{number}": {"expected": 1, "data": {"name": "南闸"}},
    "POST /move": {"expected": 1, "to": "traced"},
    "POST /entries/{number}/withdraw": {"expected": 1, "why": "重复登记"},
    "POST /filters": {"name": "南闸", "query": "q=南闸"},
    "POST /lists": {"year": 2026},
    "POST /lists/{year}/items": {"title": "修复岸线", "content": "全线", "node": "完成", "quarter": 3},
    "PATCH /items/{order}": {"seen": "0" * 16, "node": "完成"},
    "POST /lead": {"code": "works", "why": "职责相近"},
    "POST /remove": {"why": "重复"},
    "POST /done": {"done_on": None},
    "POST /sources": {"target": "phosphorus"},
    "POST /issue": {"on": DAY},
    "POST /amendment": {"why": "调整"},
    "POST /accept": {"version": 1},
    "POST /return": {"version": 1, "why": "请核对"},
    "POST /reopen": {"until": DAY, "why": "系统停机"},
    "POST /acknowledge": {"note": "马上办"},
    "POST /settle": {"issue": False, "note": "已办"},
    "POST /meetings": {"held_on": DAY},
    "PATCH /meetings/{number}": {"place": "三楼会议室"},
    "POST /meetings/{number}/items": {"title": "另一项议题"},
    "PATCH /items/{item}": {"title": "议题", "proposal": "同意"},
    "POST /items/{item}/move": {"way": "up"},
    "POST /decide": {"outcome": "deferred", "wording": "下次再议"},
    "POST /check": {"kind": "closed", "note": "属实"},
    "POST /scores": {"period": "2025-H2"},
    "POST /scores/{number}/withdraw": {"why": "重新计算"},
    "POST /objections": {"line": "a b", "reason": "数据有误"},
    "PATCH /editions/{ordinal}": {"number": "某政〔2026〕1号"},
    "POST /targets": {"name": "湿地面积", "kind": "cumulative_count", "op": ">=", "value": "3", "unit": "hm²", "due": "2026-12-31"},
    "PATCH /targets/{code}": {"note": "核对过"},
    "PATCH /tasks/{no}": {"title": "任务一"},
    "POST /zoning": {"shape": {"type": "Polygon", "coordinates": [[[121.0, 30.7], [121.1, 30.7], [121.1, 30.8], [121.0, 30.7]]]}},
    "POST /incidents": {"drill": True, "kind": "spill", "title": "演练二", "place": "北河", **POINT, "began_at": "2026-07-01T09:00:00+08:00"},
    "POST /calls": {"entries": [1]},
    "POST /calls/{call}": {"step": "acknowledged"},
    "POST /notes": {"note": "围油栏已布设"},
    "POST /close": {"summary": "处置有序"},
    "POST /take": {},
    "POST /deliveries/{number}/mapping": {"name": "月报", "medium": "air", "heading": 1, "period": "hour", "columns": COLUMNS},
    "POST /verdicts": {"medium": "air", "verdict": "confirmed", "why": "核对过", "values": [SEEN]},
    "POST /retention": {"seen": 1, "why": "保存期满"},
    "POST /inbox/read": {},
    "PUT /inbox/preference": {"email": "", "language": "en", "by_mail": False},
    "POST /people": {"account": "newcomer", "name": "新人", "role": "leader", "password": "a-long-first-word-7"},
    "POST /reset": {"password": "a-long-first-word-7"},
    "POST /tokens": {"body": "works", "name": "平台", "expires_on": None},
    "POST /answer": {"upheld": False, "reason": "数据无误"},
}  # fmt: skip
FORMS = {  # what is sent as a form: its fields, and the file
    "POST /editions": ({}, ("行动计划.txt", sample.data())),
    "POST /entries/{number}/files": ({"note": "北闸"}, ("照片.pdf", PDF)),
    "POST /uploads": ({}, ("排口.csv", "编号\nP-2\n".encode())),
    "POST /deliveries": ({}, ("月报.csv", b"site,time,PM25\n")),
    "POST /workbook": ({"step": "check"}, ("填报.xlsx", b"PK no workbook")),
    "POST /lines/{line}/files": ({}, ("记录.pdf", PDF)),
    "POST /assignments/{number}/report": ({"note": "办了"}, ("证明.pdf", PDF)),
}


def meant(world, operation: str) -> dict:
    """A value for every name that may stand in the operation's address."""
    found = dict(world.parameters) | FIXED
    found |= {name: world.named[thing] for name, part, thing in THINGS if part in operation}
    found["code"] = next((code for part, code in reversed(CODES.items()) if part in operation), "phosphorus")
    sites = {"/water": "sample-water", "/history": "sample-well", "}/samples": "sample-well"}
    found["site"] = next((site for part, site in sites.items() if part in operation), "sample-air")
    return found | ({"kind": "agenda"} if "/meetings" in operation else {})


def asked_of(operation: str) -> str:
    """What stands behind the address."""
    told = next(
        (
            values
            for end, values in ASKED.items()
            if operation == f"GET /programmes/{{programme}}{end}" or operation.endswith(f"{{site}}{end}")
        ),
        {},
    )
    return f"?{urlencode(told)}" if told and operation.startswith("GET") else ""


def body_of(world, operation: str) -> dict:
    """What is sent as JSON."""
    if operation.endswith("/submit"):
        return {"seen": {str(world.named["line"]): 1}}
    if operation.endswith("/bulk"):
        return {"entries": [{"id": world.named["entry"], "expected": 1}], "data": {"name": "南闸"}}
    if operation == "POST /tokens":
        return SENT[operation] | {"expires_on": timezone.localdate().isoformat()}
    if re.match(r"PATCH .*/reports/{number}$", operation):
        return {"lines": [{"id": world.named["line"], "expected": 1, "progress": "已完成设计"}]}
    return _by_end(SENT, operation) or {}


def form_of(operation: str):
    """(fields, (name, content)) of what is sent as a form, or nothing."""
    return _by_end(FORMS, operation)


def _by_end(table: dict, operation: str):
    """The longest line that the operation ends with."""
    method, path = operation.split(" ")
    ends = [key for key in table if key.split(" ")[0] == method and path.endswith(key.split(" ")[1])]
    return table[max(ends, key=len)] if ends else None
