"""Writes of registers: definitions, one row, many rows, evidence files, and what tells of people taken out when its time is over."""

from .attachments import LARGEST_FILE, attach, file_fits, keep_file
from .contents import DEGREES, known_to, placed, tidy
from .definitions import define_register, index_names, remake_indexes
from .doors import Invalid, Overtaken, require_own
from .entries import add_entry, bulk_change, change_entry, differences, move, rehearse, withdraw
from .many import Outcome, Stated, Watch, examine, put_entries
from .redacting import LONGEST_WHY, redact

__all__ = [
    "DEGREES", "Invalid", "LARGEST_FILE", "LONGEST_WHY", "Outcome", "Overtaken", "Stated", "Watch", "add_entry",
    "attach", "bulk_change", "change_entry", "define_register", "differences", "examine", "file_fits", "index_names",
    "keep_file", "known_to", "move", "placed", "put_entries", "redact", "rehearse", "remake_indexes", "require_own",
    "tidy", "withdraw",
]  # fmt: skip
