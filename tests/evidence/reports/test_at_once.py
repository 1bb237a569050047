"""The due evening: many bodies hand in at the same moment, each in a thread of a server of their own. Nothing is lost."""

import os
import secrets
import subprocess
import sys
from urllib.parse import urlsplit

import psycopg
import pytest

BODIES, PROCESSES = 24, 3
SETS_UP = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "qingshan.config.settings"
import django
django.setup()
from datetime import date
from decimal import Decimal
from qingshan.evidence.reports.models import Report, Version
from qingshan.evidence.reports.actions import Change, Overtaken, open_round, save_lines, submit
from qingshan.evidence.reports.answers import Answer, Asked
OPEN = date(2025, 10, 9)
"""
PREPARES = (
    SETS_UP
    + """
from django.core.management import call_command
from qingshan.evidence.reports.rounds import Kind, days
from qingshan.people.models import Body, Jurisdiction
from qingshan.plan.models import Programme
call_command("migrate", verbosity=0)
place = Jurisdiction.objects.create(code="riverbend", name="河湾区")
codes = [f"b{n}" for n in range(int(sys.argv[1]))]
for code in codes:
    Body.objects.create(jurisdiction=place, code=code, name=code)
programme = Programme.objects.create(jurisdiction=place, code="riverbend", title="河湾计划")
quarter = Kind("q", "季度填报", "Quarterly", "quarter", 1, 8, 13, 3, date(2025, 1, 1))
asked = [Asked(f"measure:{n}", "measure", "percent", {"zh": f"举措 {n}", "en": f"Measure {n}"}) for n in range(3)]
open_round(by=None, programme=programme, kind=quarter, days=days(quarter, date(2025, 7, 1)), owed=dict.fromkeys(codes, asked))
"""
)
REPORTS = (
    SETS_UP
    + """
from concurrent.futures import ThreadPoolExecutor
from django.db import connection
def hand_in(pk):
    try:
        report = Report.objects.get(pk=pk)
        for line in report.lines.all():
            save_lines(by=None, report=report, changes={line.pk: Change(line.number, Answer(Decimal(pk % 100), f"进展 {pk}"))}, on=OPEN)
        return submit(by=None, report=report, seen=dict(report.lines.values_list("pk", "number")), on=OPEN).number
    finally:
        connection.close()
mine = list(Report.objects.order_by("pk").values_list("pk", flat=True))[int(sys.argv[1])::int(sys.argv[2])]
print("ready", flush=True)
sys.stdin.readline()
with ThreadPoolExecutor(4) as pool:
    print(sum(pool.map(hand_in, mine)))
"""
)
SAME = (
    SETS_UP
    + """
report = Report.objects.order_by("pk").first()
line = report.lines.first()
print("ready", flush=True)
sys.stdin.readline()
try:
    save_lines(by=None, report=report, changes={line.pk: Change(line.number, Answer(Decimal(50), sys.argv[1]))}, on=OPEN)
    print("kept")
except Overtaken as late:
    print("told" if "您的修改没有保存" in late.zh else late.zh)
"""
)
READS = (
    SETS_UP
    + """
from qingshan.people.models import AuditLine
from qingshan.people.queries import broken_audit_line
whole = [one for one in Version.objects.select_related("report") if all(
    line["claim"] == str(one.report_id % 100) and line["progress"] == f"进展 {one.report_id}" for line in one.content)]
print(len(whole), Report.objects.filter(state="submitted").count(), AuditLine.objects.filter(verb="submit_report").count(), broken_audit_line())
"""
)


@pytest.fixture
def home(tmp_path):
    """The environment of a database of its own, on whichever the tests run."""
    given = os.environ.get("DATABASE_URL", "")
    others = {**os.environ, "QINGSHAN_HOME": str(tmp_path)}
    if not given.startswith("postgres"):
        yield {**others, "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3"}
        return
    name = f"qingshan_reports_{secrets.token_hex(6)}"
    with psycopg.connect(given, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield {**others, "DATABASE_URL": urlsplit(given)._replace(path=f"/{name}").geturl()}
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def start(home, program, *words):
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, words)], env=home, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def finish(process, line=None):
    out, err = process.communicate(line, timeout=100)
    assert process.returncode == 0, err
    return out.split()


def at_once(processes) -> list[str]:
    for one in processes:
        assert one.stdout.readline() == "ready\n", one.stderr.read()
    for one in processes:
        one.stdin.write("go\n")
        one.stdin.flush()
    return [word for one in processes for word in finish(one)]


@pytest.mark.timeout(240)
def test_nothing_is_lost_when_all_report_at_once(home):
    finish(start(home, PREPARES, BODIES))
    said = at_once([start(home, SAME, "甲"), start(home, SAME, "乙")])
    assert sorted(said) == ["kept", "told"]  # two editors of one line
    said = at_once([start(home, REPORTS, n, PROCESSES) for n in range(PROCESSES)])
    assert sum(map(int, said)) == BODIES
    assert finish(start(home, READS)) == [str(BODIES)] * 3 + ["None"]
