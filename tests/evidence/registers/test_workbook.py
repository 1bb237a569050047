import tempfile
import tracemalloc
from decimal import Decimal

from qingshan.evidence.registers.workbook import write

from .outfalls import DEFINITION, placed
from .written import BODIES, book_of, written


def test_the_template_says_what_to_fill_in():
    book = book_of(written(write, DEFINITION, BODIES))
    sheet, words = book.worksheets
    heads = {cell.value: cell for cell in sheet[1]}
    assert {"编号*", "水量（m³/d）", "类型", "状态", "经度", "纬度"} <= heads.keys()
    assert heads["水量（m³/d）"].comment.text == "数字，0—100000。" and heads["编号*"].comment.text == "文字，必填。"
    assert (
        sheet.row_dimensions[2].hidden
        and sheet["A2"].value == "qingshan-register:outfalls:1:no"
        and sheet.freeze_panes == "B3"
    )
    assert words.sheet_state == "hidden"
    lists = {str(rule.sqref).split(":")[0]: rule.formula1 for rule in sheet.data_validations.dataValidation}
    letter = heads["类型"].column_letter
    column = lists[f"{letter}3"].split("$")[1]
    assert [words[f"{column}{row}"].value for row in (2, 3)] == ["工业", "农业"]
    assert len(lists) == 4


def test_the_template_offers_the_places_that_the_programme_names():
    sheet, words = book_of(written(write, placed("枫林镇", "柳溪镇"), BODIES)).worksheets
    (rule,) = [one for one in sheet.data_validations.dataValidation if str(one.sqref).startswith("C3:")]
    column = rule.formula1.split("$")[1]
    assert sheet["C2"].value == "town" and [words[f"{column}{row}"].value for row in (2, 3)] == ["枫林镇", "柳溪镇"]
    assert "C3:" not in str(book_of(written(write, placed(), BODIES)).worksheets[0].data_validations.dataValidation)


def test_a_number_shows_its_decimals():
    content = written(write, DEFINITION, BODIES, [{"no": "1", "flow": "12.50"}])
    cell = book_of(content).worksheets[0]["E3"]
    assert (Decimal(str(cell.value)), cell.number_format) == (Decimal("12.5"), "0.00")


def peak(write, *given) -> int:
    """The most memory [bytes] that writing to a file on the disk takes beside what was there before."""
    with tempfile.TemporaryFile() as file:
        tracemalloc.start()
        write(file, *given)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return found


def many(count: int):
    """Rows of which no two hold the same words."""
    return (
        {"no": f"P-{n}", "name": f"第 {n} 个排口 {n * 7919}", "flow": f"{n}.50", "state": "found", "origin": "reported"}
        for n in range(count)
    )


def test_ten_times_the_rows_are_written_in_the_same_memory():
    peak(write, DEFINITION, BODIES, many(10), True)  # what is loaded once
    few, more = (peak(write, DEFINITION, BODIES, many(count), True) for count in (300, 3000))
    assert more < few * 1.3 + 100_000
