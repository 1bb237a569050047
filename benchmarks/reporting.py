"""The evening a round is due: 200 liaisons fill in and hand in their reports at once. Is anything lost, and how long do they wait?

Repeat with:  python benchmarks/reporting.py                (about five minutes on SQLite; on PostgreSQL too where DATABASE_URL names one)
Smaller:      python benchmarks/reporting.py --liaisons 40

A district is made up with a body for each liaison. `qingshan serve` answers on the loopback; locust is the liaisons. First some
of them report one after the other while nobody else is there: that is the idle server. Then all others sign in, and at one
signal they open their report, fill in line after line with a person's pauses between, and hand in.

Nothing lost: every report whose hand-in was answered with “handed in” stands in the database as handed in, with the figures
that its liaison typed; every figure that was answered with “saved” stands there; the audit trail is whole.
In time: the 95th percentile of a hand-in is at most ten times the idle one.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[1]
SLOWER = 10  # times the idle hand-in, at most
IDLE = 20  # liaisons who report one after the other
DUE = date(2026, 7, 29)  # the evening: the day the round made up below is due
PASSWORD = "river-and-hill-7"
CODE = "evening"


# --- a district made up


def names(zh: str) -> dict[str, str]:
    return {"zh": zh, "en": zh}


def write_folder(folder: Path, bodies: int) -> None:
    """As many bodies as asked for, four to a task; each states a series, works on two measures and keeps a register's rows."""
    tasks = range(1, (bodies + 3) // 4 + 1)
    body = [f"b{n:03d}" for n in range(bodies)]
    task_of = {code: n // 4 + 1 for n, code in enumerate(body)}
    series = [
        {"code": f"s-{one}", "name": names(f"数 {one}"), "unit": "km", "frequency": "quarter", "origin": "simulated",
         "range": [0, 100000], "body": one, "source": "made-up"} for one in body
    ]  # fmt: skip
    metrics = [
        {"code": f"m-{one}", "name": names(f"指标 {one}"), "unit": "km", "better": "higher", "formula": "latest",
         "inputs": {"series": f"s-{one}"}, "freshness_months": 6, "basis": names("自拟"), "verification": "none"} for one in body
    ]  # fmt: skip
    targets = [
        {"code": f"t-{one}", "scope": task_of[one], "name": names(f"目标 {one}"), "short": names(one), "metric": f"m-{one}",
         "kind": "lower_bound", "op": ">=", "value": 100, "unit": "km", "by": 2027, "due": "2027-12-31"} for one in body
    ]  # fmt: skip
    head = {
        "code": CODE, "title": names("填报之夜"), "issuer": "自拟", "issued": "2025-01-01", "period": [2025, 2027],
        "jurisdiction": {"code": "EVENING", "name": names("自拟区"), "level": "district"},
        "starts": "2025-01-01", "ends": "2027-12-31", "office": body[0],
        "demonstration": {"as_of": DUE.isoformat(), "why": names("用来测速")},
    }  # fmt: skip
    plan = {
        "themes": [{"no": 1, "title": names("专题"), "short": names("专题")}],
        "tasks": [
            {"no": n, "title": names(f"任务 {n}"), "short": names(f"任务 {n}"), "theme": 1, "summary": names("做事"),
             "bodies": [one for one in body if task_of[one] == n],
             "measures": [{"no": k, "title": names(f"举措 {n}-{k}")} for k in (1, 2)]} for n in tasks
        ],
    }  # fmt: skip
    rounds = [{"code": "quarterly", "name": names("季度填报"), "every": "quarter", "since": "2026-04-01", "opens": 1, "due": 21,
               "lock": 25, "calendar": "CN"}]  # fmt: skip
    parts = {
        "programme.yaml": head,
        "bodies.yaml": {
            "bodies": [{"code": one, "name": f"部门 {one}", "en": f"Body {one}", "kind": "department"} for one in body]
        },
        "plan.yaml": plan,
        "targets.yaml": {"official": targets},
        "metrics.yaml": {"metrics": metrics, "series": series},
        "reporting.yaml": {"rounds": rounds},
    }
    (folder / "figures").mkdir(parents=True)
    for name, content in parts.items():
        (folder / name).write_text(json.dumps(content, ensure_ascii=False, indent=1), "utf-8")
    (folder / "sources.csv").write_text("code,kind,title,title_en\nmade-up,simulated,自拟,Made up\n", "utf-8")
    with (folder / "figures" / "quarters.csv").open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["series", "period", "value", "source", "published"])
        for one in body:
            for quarter, known in (("2025-Q4", "2026-01-20"), ("2026-Q1", "2026-04-20")):
                rows.writerow([f"s-{one}", quarter, 40, "made-up", known])


def prepare(home: Path, liaisons: int) -> None:
    """The district with its round open, judged once, and an account for each liaison."""
    import django

    django.setup()
    from django.contrib.auth.hashers import make_password
    from django.core.management import call_command
    from django.utils import timezone

    from qingshan.cycle import run_cycle
    from qingshan.evaluation.reporting import open_rounds
    from qingshan.people.models import User
    from qingshan.programme.loading import load

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    write_folder(home / "programme", liaisons)
    programme = load(home / "programme")
    (held,) = open_rounds(by=None, programme=programme, on=DUE, now=timezone.now())
    assert held.due_on == DUE, f"the round is due on {held.due_on}; change DUE"
    run_cycle(programme=programme, as_of=DUE)
    password = make_password(PASSWORD)  # one for all: to hash it for each would take longer than the evening
    User.objects.bulk_create(
        User(username=one.code, password=password, role="liaison", jurisdiction=programme.jurisdiction, body=one)
        for one in programme.jurisdiction.bodies.all()
    )


def account() -> dict:
    """What stands in the database of all that was handed in."""
    import django

    django.setup()
    from qingshan.evidence.reports.models import Line, Report
    from qingshan.people.models import AuditLine
    from qingshan.people.queries import broken_audit_line

    handed_in = Report.objects.filter(state="submitted").select_related("body")
    return {
        "handed in": {one.body.code: one.versions.count() for one in handed_in},
        "progress": {f"{pk}": text for pk, text in Line.objects.exclude(progress="").values_list("pk", "progress")},
        "told": AuditLine.objects.filter(verb="submit_report").count(),
        "trail": broken_audit_line() is None,
    }


# --- one server, one evening


@contextmanager
def serving(environment: dict[str, str]):
    with socket.socket() as knock:
        knock.bind(("127.0.0.1", 0))
        port = knock.getsockname()[1]
    command = [sys.executable, "-c", "from qingshan.cli import main; main()", "serve", "--port", str(port)]
    server = subprocess.Popen(command, env=environment, cwd=ROOT)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(server, f"{address}/sign-in/")
        yield address
    finally:
        server.terminate()
        server.wait(30)


def _wait(server: subprocess.Popen, address: str) -> None:
    """Until it answers: a database elsewhere, or a busy machine, takes its time."""
    began = time.monotonic()
    while server.poll() is None and time.monotonic() - began < 300:
        try:
            urlopen(address, timeout=10).close()
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"the server did not answer at {address} within {time.monotonic() - began:.0f} s")


def child(environment: dict[str, str], *words: str) -> dict:
    command = [sys.executable, __file__, *words]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1]) if done.stdout.strip() else {}


def evening(liaisons: int, pause: list[float], database: str = "") -> dict:
    """The figures of one evening. `pause`: seconds between two lines, from and to."""
    with tempfile.TemporaryDirectory(prefix="qingshan-bench-") as home:
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        environment = kept | {"QINGSHAN_HOME": home, "DJANGO_SETTINGS_MODULE": "qingshan.config.settings"}
        environment |= {"DATABASE_URL": database} if database else {}
        child(environment, "--prepare", home, "--liaisons", str(liaisons + IDLE))
        with serving(environment) as address:
            users = [f"b{n:03d}" for n in range(liaisons + IDLE)]
            load = [sys.executable, str(ROOT / "benchmarks" / "_evening.py"), address, CODE, PASSWORD]
            alone = _loaded([*load, "0", "0", "1", *users[:IDLE]])
            crowd = _loaded([*load, *map(str, pause), str(liaisons), *users[IDLE:]])
        stands = child(environment, "--account")
    return {"alone": alone, "crowd": crowd, "stands": stands}


def _loaded(command: list[str]) -> dict:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment)
    return json.loads(done.stdout.splitlines()[-1])


@contextmanager
def database_of_its_own(server: str):
    import psycopg

    name = f"qingshan_bench_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield urlsplit(server)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def lost(found: dict) -> list[str]:
    """What was answered as kept and does not stand in the database."""
    stands, reported = found["stands"], {**found["alone"]["handed in"], **found["crowd"]["handed in"]}
    gone = [body for body, times in reported.items() if stands["handed in"].get(body, 0) != times]
    saved = {**found["alone"]["saved"], **found["crowd"]["saved"]}
    return gone + [line for line, text in saved.items() if stands["progress"].get(line) != text]


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def tell(name: str, found: dict, liaisons: int) -> bool:
    alone, crowd = found["alone"], found["crowd"]
    print(f"{name}: {liaisons} liaisons, {sum(map(len, crowd['took'].values()))} requests in {crowd['seconds']:.0f} s, "
          f"{len(crowd['failed'])} not answered as they should be")  # fmt: skip
    for step in crowd["took"]:
        one, many = alone["took"][step], crowd["took"][step]
        print(
            f"  {step:9s} idle median {percentile(one, 0.5) * 1000:5.0f} p95 {percentile(one, 0.95) * 1000:5.0f} ms | "
            f"crowd median {percentile(many, 0.5) * 1000:5.0f} p95 {percentile(many, 0.95) * 1000:6.0f} ms"
        )
    for failure in crowd["failed"][:3]:
        print(f"  ! {failure}")
    ratio = percentile(crowd["took"]["hand in"], 0.95) / percentile(alone["took"]["hand in"], 0.95)
    gone, whole = lost(found), found["stands"]["trail"]
    everyone = len(crowd["handed in"]) == liaisons
    print(f"  handed in {len(crowd['handed in'])} of {liaisons}, lost {len(gone)}, audit trail {'whole' if whole else 'BROKEN'}; "
          f"p95 of handing in {ratio:.1f} x idle (at most {SLOWER})")  # fmt: skip
    return ratio <= SLOWER and not gone and whole and everyone


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--liaisons", type=int, default=200)
    parser.add_argument("--pause", type=float, nargs=2, default=[5, 25], help="seconds between two lines")
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    parser.add_argument("--prepare", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--account", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.prepare:
        prepare(asked.prepare, asked.liaisons)
        return 0
    if asked.account:
        print(json.dumps(account()))
        return 0
    good = True
    if asked.only != "postgresql":
        good &= tell("SQLite", evening(asked.liaisons, asked.pause), asked.liaisons)
    server = os.environ.get("DATABASE_URL", "")
    if server.startswith("postgres") and asked.only != "sqlite":
        with database_of_its_own(server) as database:
            good &= tell("PostgreSQL", evening(asked.liaisons, asked.pause, database), asked.liaisons)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
