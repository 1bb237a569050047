"""Rows of a register from a workbook (.xlsx as Excel and WPS write it), a CSV file or a Darwin Core archive.

Everything that is wrong is told at its cell; nothing of a file with a fault is kept. Nothing in a cell is computed: a cell
that holds a formula is a fault.
"""

from .files import MOST_BYTES, read_rows
from .sheets import MOST_FAULTS, MOST_ROWS, Fault
from .taking import FaultyFile, dry_run, import_rows

__all__ = ["MOST_BYTES", "MOST_FAULTS", "MOST_ROWS", "Fault", "FaultyFile", "dry_run", "import_rows", "read_rows"]
