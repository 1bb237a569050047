import io
import struct
import zipfile
import zlib

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from qingshan.plan import importing
from qingshan.plan.document import read
from qingshan.plan.formats import docx
from qingshan.plan.importing import Unreadable, text_of

from .texts import plan, task

TEXT = plan(task("新建泵站12座。"), task("植树。"))


def refused(data: bytes, name: str = "") -> Unreadable:
    with pytest.raises(Unreadable) as found:
        text_of(data, name)
    assert found.value.zh.endswith("。") and found.value.en.endswith(".")
    assert "\n" not in found.value.zh + found.value.en
    return found.value


def docx_of(*lines: str, table: list[list[str]] | None = None, after: str = "") -> bytes:
    page = Document()
    for line in lines:
        page.add_paragraph(line)
    if table:
        grid = page.add_table(rows=0, cols=len(table[0]))
        for row in table:
            for cell, words in zip(grid.add_row().cells, row, strict=True):
                cell.text = words
    if after:
        page.add_paragraph(after)
    kept = io.BytesIO()
    page.save(kept)
    return kept.getvalue()


def pdf_of(*objects: bytes) -> bytes:
    """A PDF of one page from its objects; the first is the catalogue."""
    out, places = b"%PDF-1.4\n", []
    for i, words in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (i, words)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    tail = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + tail


def pdf_saying(text: str) -> bytes:
    """A PDF whose text layer says so, one line of the page a line, in a font that maps two-byte codes to Unicode."""
    codes = {char: i for i, char in enumerate(sorted(set(text) - {"\n"}), 1)}
    lines = [
        f"1 0 0 1 50 {780 - 20 * i} Tm <{''.join(f'{codes[c]:04x}' for c in line)}> Tj"
        for i, line in enumerate(text.split("\n"))
    ]
    content = f"BT /F1 10 Tf {' '.join(lines)} ET".encode()
    pairs = "\n".join(f"<{code:04x}> <{char.encode('utf-16-be').hex()}>" for char, code in codes.items())
    to_unicode = f"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def 1 begincodespacerange <0000> <ffff> endcodespacerange {len(codes)} beginbfchar\n{pairs}\nendbfchar endcmap end end".encode()
    return pdf_of(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /Song /Encoding /Identity-H /DescendantFonts [6 0 R] /ToUnicode 7 0 R >>",
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Song /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /DW 1000 /FontDescriptor 8 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(to_unicode), to_unicode),
        b"<< /Type /FontDescriptor /FontName /Song /Flags 4 /FontBBox [0 0 1000 1000] /ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >>",
    )


# plain text


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030", "gbk"]
)
def test_the_encodings_of_plain_text(encoding):
    assert text_of(TEXT.encode(encoding), "plan.txt").lstrip("\ufeff") == TEXT


def test_line_ends_of_other_systems_are_read():
    assert len(read(text_of(TEXT.replace("\n", "\r\n").encode(), "plan.txt")).tasks) == 2


@pytest.mark.parametrize("data", [b"", b"\x00" * 50, b"  \r\n"])
def test_an_empty_file_is_refused(data):
    assert "空" in refused(data).zh


def test_bytes_of_no_encoding_are_refused():
    refused(b"\xff\xfe\x00\xd8" + b"\x80\xff" * 40)
    refused(bytes(range(256)) * 20)


def test_a_large_file_is_refused_with_both_numbers():
    found = refused(b"\x01" * (importing.LIMIT + 2**20))
    for said in (found.zh, found.en):
        assert f"{importing.LIMIT // 2**20} MB" in said and f"{importing.LIMIT / 2**20 + 1:.1f} MB" in said


# .docx


def test_a_docx_gives_paragraphs_and_tables_in_order():
    data = docx_of("前言", table=[["序号", "任务"], ["1", "清淤"]], after="附注")
    assert text_of(data, "plan.docx") == "前言\n序号\t任务\n1\t清淤\n附注"


def test_a_docx_is_known_by_its_content_not_its_name():
    assert text_of(docx_of("清理河岸"), "plan.txt") == "清理河岸"


def test_a_docx_plan_is_read_like_its_text():
    from_docx = read(text_of(docx_of(*TEXT.rstrip("\n").split("\n")), "plan.docx"))
    assert [(t.no, t.title, t.departments) for t in from_docx.tasks] == [
        (t.no, t.title, t.departments) for t in read(TEXT).tasks
    ]


def test_numbers_that_word_writes_by_itself_are_restored():
    page = Document()
    for words in ("清理河岸", "疏浚河道"):
        page.add_paragraph(words, style="List Number")
    paragraph = page.add_paragraph("修复湿地")
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val, properties.get_or_add_numId().val = 0, _chinese_list(page)
    kept = io.BytesIO()
    page.save(kept)
    assert text_of(kept.getvalue()).split("\n")[-1] == "（一）修复湿地"


def _chinese_list(page) -> int:
    from docx.oxml import parse_xml

    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    root = page.part.numbering_part.element
    level = '<w:lvl w:ilvl="0"><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%1）"/></w:lvl>'
    root.insert(0, parse_xml(f'<w:abstractNum {space} w:abstractNumId="77">{level}</w:abstractNum>'))
    root.append(parse_xml(f'<w:num {space} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    return 77


def zipped(parts: dict[str, bytes]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return kept.getvalue()


def test_an_archive_that_is_no_docx_is_refused():
    assert "不是 .docx" in refused(zipped({"readme.txt": b"x"}), "plan.docx").zh


def test_a_docx_cut_short_is_refused():
    refused(docx_of("清理河岸")[:500], "plan.docx")


def test_a_docx_with_damaged_parts_is_refused():
    refused(zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<w:document"}), "plan.docx")


def test_a_zip_bomb_is_refused_by_what_it_declares(monkeypatch):
    monkeypatch.setattr(docx, "INFLATED_LIMIT", 2**20)
    bomb = zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b" " * 2**22})
    assert "上限 1 MB" in refused(bomb, "plan.docx").zh


def test_a_zip_bomb_that_lies_about_its_size_is_refused(monkeypatch):
    monkeypatch.setattr(docx, "INFLATED_LIMIT", 2**20)
    honest = zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b" " * 2**22})
    lying = honest.replace(struct.pack("<L", 2**22), struct.pack("<L", 1000))
    assert lying != honest
    refused(lying, "plan.docx")


def test_entities_of_a_docx_are_not_expanded():
    attack = (
        b'<!DOCTYPE d [<!ENTITY a "'
        + b"x" * 1000
        + b'">]><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>&a;</w:t></w:r></w:p></w:body></w:document>'
    )
    words = text_of(zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": attack}), "plan.docx")
    assert "xxx" not in words


@pytest.mark.parametrize("data", [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, b"{\\rtf1 plan}"])
def test_old_word_files_are_told_to_be_saved_anew(data):
    assert ".docx" in refused(data, "plan.doc").zh


def test_a_file_that_only_says_it_is_a_docx_is_refused():
    assert "内容" in refused("清理河岸".encode(), "plan.docx").zh


# .pdf


def test_the_text_layer_of_a_pdf_is_read():
    lines = TEXT.rstrip("\n")
    assert [t.title for t in read(text_of(pdf_saying(lines), "plan.pdf")).tasks] == ["整治河道环境", "整治河道环境"]


def test_a_scanned_pdf_is_refused_and_ocr_named():
    scan = pdf_of(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
    )
    found = refused(scan, "plan.pdf")
    assert "OCR" in found.zh and "OCR" in found.en


def test_a_damaged_pdf_is_refused():
    refused(b"%PDF-1.4\n" + zlib.compress(b"nothing") * 3, "plan.pdf")


# .html


PAGE = """<!DOCTYPE html><html><head><meta charset="{charset}"><title>门户</title><script>var hits = 3;</script>
<style>p {{ margin: 0 }}</style></head><body><nav>首页 政务公开</nav><div class="header-nav">网站导航</div>
<div id="zoom"><h1>青溪区水环境治理行动计划（2025—2027年）</h1>{body}</div>
<div class="footer">版权所有</div></body></html>"""


def page(charset: str = "utf-8") -> bytes:
    body = "".join(f"<p>　　{line}</p>\n" for line in TEXT.split("\n")[1:] if line)
    return PAGE.format(charset=charset, body=body).encode("gb18030" if charset.startswith("gb") else charset)


@pytest.mark.parametrize("charset", ["utf-8", "gb2312", "gbk"])
def test_a_web_page_is_read_without_its_navigation(charset):
    words = text_of(page(charset), "plan.html")
    assert words.startswith("青溪区水环境治理行动计划（2025—2027年）\n二、重点任务")
    assert not any(stray in words for stray in ("首页", "网站导航", "版权所有", "hits", "margin"))


def test_a_table_of_a_web_page_keeps_its_rows():
    body = "<table><tr><th>序号</th><th>重点任务</th><th>责任单位</th></tr><tr><td>1</td><td><p>清淤</p></td><td>区水务局</td></tr></table>"
    assert "序号\t重点任务\t责任单位\n1\t清淤\t区水务局" in text_of(
        PAGE.format(charset="utf-8", body=body).encode(), "plan.html"
    )


LAYOUT = """<html><body><table><tr><td><table><tr><td><b>索 引 号：</b></td><td>000/2025-1</td><td><b>主题分类：</b></td><td>环境</td></tr>
<tr><td><b>发文机关：</b></td><td>青溪区人民政府</td><td><b>成文日期：</b></td><td>2025年3月8日</td></tr>
<tr><td><b>标　　题：</b></td><td colspan="3">青溪区人民政府关于加强湖泊保护的意见</td></tr>
<tr><td><b>发文字号：</b></td><td>青政〔2025〕8号</td><td><b>发布日期：</b></td><td>2025年3月12日</td></tr></table></td></tr></table>
<table><tr><td><br><table><tr><td id="content"><p>青溪区人民政府关于</p><p>加强湖泊保护的意见</p>{body}</td></tr></table></td></tr></table></body></html>"""


def test_a_page_laid_out_in_tables_keeps_its_paragraphs_and_facts():
    body = (
        "".join(f"<p>&nbsp;&nbsp;{line}</p>" for line in TEXT.split("\n")[1:] if line)
        + "<p>各单位要加强协作。</p>" * 40
    )
    reading = read(text_of(LAYOUT.format(body=body).encode(), "plan.html"))
    assert [t.title for t in reading.tasks] == ["整治河道环境", "整治河道环境"]
    facts = reading.facts
    assert (facts.title, facts.number) == ("青溪区人民政府关于加强湖泊保护的意见", "青政〔2025〕8号")
    assert (facts.issuer, facts.issued) == ("青溪区人民政府", "2025-03-08")


def test_a_title_beside_the_text_of_a_web_page_is_kept():
    body = "".join(f"<p>{line}</p>" for line in TEXT.split("\n")[1:] if line)
    told = f"<html><body><div><h1>{TEXT.splitlines()[0]}</h1><div class='info'>来源：区水务局</div><div id='text'>{body}</div></div></body></html>"
    assert text_of(told.encode(), "plan.html").startswith(TEXT.splitlines()[0])


def test_an_empty_web_page_is_refused():
    refused(b"<html><body><script>1</script></body></html>", "plan.html")


# anything


@settings(max_examples=150)
@given(
    st.sampled_from(
        [b"", b"PK\x03\x04", b"%PDF-1.7\n", b"<html><body>", b"\xff\xfe", b"\xef\xbb\xbf", b"\xd0\xcf\x11\xe0"]
    ),
    st.binary(max_size=600),
    st.sampled_from(["plan.txt", "plan.docx", "plan.pdf", "plan.html", "plan", ""]),
)
def test_any_bytes_give_text_or_one_sentence(opening, data, name):
    try:
        assert isinstance(text_of(opening + data, name), str)
    except Unreadable as refusal:
        assert refusal.zh.endswith("。") and "\n" not in refusal.zh


@settings(max_examples=60)
@given(st.data())
def test_a_docx_with_any_byte_changed_gives_text_or_one_sentence(data):
    whole = bytearray(docx_of("清理河岸", "植树"))
    for _ in range(3):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        text_of(bytes(whole), "plan.docx")
    except Unreadable as refusal:
        assert refusal.zh.endswith("。")
