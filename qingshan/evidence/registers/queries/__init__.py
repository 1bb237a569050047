"""Reads of registers: rows as people see them, and what metrics count of them."""

from .counting import (
    Amount,
    Due,
    Seen,
    amounts,
    begins,
    dues,
    origins,
    periods,
    renewed,
    seen,
    selected,
    total,
    totals_by,
)
from .exporting import as_csv, names_of_bodies, plain_rows, write_archive, write_workbook
from .mapping import Cell, Drawn, Near, around_point, bounds, drawn, in_box, near
from .rows import (
    Kept,
    Overdue,
    Page,
    Sought,
    all_tallies,
    any_simulated,
    as_seen,
    columns_ever,
    counts_by,
    definition_of,
    entries,
    file_of,
    history,
    inside_json,
    matching,
    number,
    on_the_map,
    overdue,
    page,
    pairs,
    register_now,
    register_of,
    registers_as_of,
    revisions_as_of,
    serving,
    sight,
    sought,
    standing,
    tallies,
)

__all__ = [
    "Amount", "Cell", "Drawn", "Due", "Kept", "Near", "Overdue", "Page", "Seen", "Sought", "all_tallies", "amounts",
    "any_simulated", "around_point", "as_csv", "as_seen", "begins", "bounds", "columns_ever", "counts_by",
    "definition_of", "drawn", "dues", "entries", "file_of", "history", "in_box", "inside_json", "matching",
    "names_of_bodies", "near", "number", "on_the_map", "origins", "overdue", "page", "pairs", "periods",
    "plain_rows", "register_now", "register_of", "registers_as_of", "renewed", "revisions_as_of", "seen", "selected",
    "serving", "sight", "sought", "standing", "tallies", "total", "totals_by", "write_archive", "write_workbook",
]  # fmt: skip
