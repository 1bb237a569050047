import io
import re
import zipfile

from click.testing import CliRunner
from openpyxl import load_workbook

from qingshan.cli import main
from qingshan.evidence.registers.actions import put_entries
from qingshan.evidence.registers.models import Entry

from .outfalls import stated

ENGLISH = re.compile("[A-Za-z]{2,} [a-z]{2,}")


def run(*words):
    return CliRunner().invoke(main, ["registers", *map(str, words)])


def test_a_template_is_filled_checked_imported_and_exported(register, tmp_path):
    file = tmp_path / "outfalls.xlsx"
    assert run("template", "outfalls", file).exit_code == 0
    book = load_workbook(file)
    book.worksheets[0]["A3"], book.worksheets[0]["E3"] = "P-1", "12.5"
    book.save(file)
    checked = run("check", "outfalls", file)
    assert (checked.exit_code, checked.stdout) == (
        0,
        "没有问题：新增 1 条，修改 0 条，不变 0 条。\n",
    ) and not Entry.objects.exists()
    imported = run("import", "outfalls", file, "--known-on", "2025-03-01")
    assert imported.stdout == "已导入：新增 1 条，修改 0 条，不变 0 条。\n"
    assert Entry.objects.get().known_on.isoformat() == "2025-03-01"
    out = tmp_path / "out.csv"
    assert run("export", "outfalls", out, "--filter", "flow>=12").exit_code == 0
    assert "P-1" in out.read_text("utf-8-sig")


def test_faults_are_listed_and_nothing_is_kept(register, tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("编号,水量\n1,much\n2,=1+1\n", "utf8")
    for command in ("check", "import"):
        done = run(command, "outfalls", file)
        assert (
            done.exit_code == 1
            and "a.csv B2：“水量”“much”读不懂" in done.stdout
            and "a.csv B3：这一格是公式" in done.stdout
        )
        assert all(
            ENGLISH.search(line)
            for line in (done.stdout + done.stderr).splitlines()
            if "a.csv" in line or "共 2 处" in line
        )
    assert not Entry.objects.exists()


def test_export_as_workbook_and_archive(register, tmp_path):
    put_entries(by=None, programme=register, register="outfalls", rows=[stated("1")])
    assert run("export", "outfalls", tmp_path / "a.xlsx").exit_code == 0
    assert load_workbook(tmp_path / "a.xlsx").worksheets[0]["A3"].value == "1"
    assert run("export", "outfalls", tmp_path / "a.zip").exit_code == 0
    assert zipfile.ZipFile(io.BytesIO((tmp_path / "a.zip").read_bytes())).namelist() == ["meta.xml", "occurrence.txt"]


def test_what_cannot_be_read_or_written_is_answered_in_both_languages(register, tmp_path):
    for words in (
        ("check", "outfalls", tmp_path),
        ("import", "outfalls", tmp_path),
        ("export", "outfalls", tmp_path),
        ("template", "outfalls", tmp_path),
    ):
        assert f"{tmp_path}：这是文件夹。 {tmp_path} cannot be read or written: it is a folder." in run(*words).stderr
    for words in (
        ("check", "outfalls", "none.csv"),
        ("template", "outfalls", "none/a.xlsx"),
        ("export", "outfalls", "none/a.csv"),
    ):
        assert "：没有这个文件或文件夹。" in run(*words).stderr
    for words in (
        ("check", "lakes", __file__),
        ("export", "outfalls", tmp_path / "a.csv", "--filter", "colour=red"),
        ("retention", "--by", "nobody", "--apply"),
    ):
        assert ENGLISH.search(run(*words).stderr)


def test_what_cannot_be_done_is_answered(register, tmp_path):
    assert "没有台账 lakes" in run("template", "lakes", tmp_path / "a.xlsx").stderr
    assert "不能按 colour 筛选" in run("export", "outfalls", tmp_path / "a.csv", "--filter", "colour=red").stderr
    assert (
        "请用 --programme 指明规划，现有：riverbend"
        in run("template", "outfalls", tmp_path / "a.xlsx", "--programme", "x").stderr
    )
