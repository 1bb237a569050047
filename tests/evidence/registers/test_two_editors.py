"""Several people change one row at the same moment, each in a process of their own: one is kept, the others are told."""

import os
import subprocess
import sys

SETS_UP = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "qingshan.config.settings"
import django
django.setup()
from datetime import date
from qingshan.evidence.registers.actions import Overtaken, add_entry, change_entry, define_register
from qingshan.evidence.registers.models import Entry
"""
PREPARES = (
    SETS_UP
    + """
from django.core.management import call_command
from qingshan.evidence.registers.schema import Definition
from qingshan.people.models import Body, Jurisdiction
from qingshan.plan.models import Programme
call_command("migrate", verbosity=0)
place = Jurisdiction.objects.create(code="riverbend", name="河湾区")
Body.objects.create(jurisdiction=place, code="water", name="水务局")
programme = Programme.objects.create(jurisdiction=place, code="riverbend", title="河湾计划")
columns = [{"code": code, "name": {"zh": code, "en": code}, "type": "text", "required": code == "no"} for code in ("no", "town")]
told = {"code": "wells", "name": {"zh": "水井", "en": "Wells"}, "key": ["no"], "body": "water", "fields": columns}
define_register(by=None, programme=programme, definition=Definition.model_validate(told))
add_entry(by=None, programme=programme, register="wells", data={"no": "1"}, known_on=date(2025, 1, 1))
"""
)
EDITS = (
    SETS_UP
    + """
import sys
entry = Entry.objects.get()
print("ready", flush=True)
sys.stdin.readline()
try:
    change_entry(by=None, entry=entry, expected=1, data={"town": sys.argv[1]}, known_on=date(2025, 1, 2))
    print("kept")
except Overtaken as late:
    print("told" if "您的修改没有保存" in late.zh else late.zh)
"""
)
READS = SETS_UP + "print(Entry.objects.get().number, Entry.objects.get().revisions.count())"


def start(home, program, *words):
    return subprocess.Popen(
        [sys.executable, "-c", program, *words], env={**os.environ, "QINGSHAN_HOME": str(home), "DATABASE_URL": f"sqlite:///{home}/db.sqlite3"},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def finish(process, line=None):
    out, err = process.communicate(line, timeout=60)
    assert process.returncode == 0, err
    return out.split()


def test_one_is_kept_and_the_others_are_told(tmp_path):
    finish(start(tmp_path, PREPARES))
    editors = [start(tmp_path, EDITS, f"镇{number}") for number in range(3)]
    for one in editors:
        assert one.stdout.readline() == "ready\n"
    for one in editors:
        one.stdin.write("go\n")
        one.stdin.flush()
    said = sorted(word for one in editors for word in finish(one))
    assert said == ["kept", "told", "told"]
    assert finish(start(tmp_path, READS)) == ["2", "2"]
