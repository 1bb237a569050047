import ctypes
import mmap
from datetime import datetime

import duckdb
import pyarrow as pa

from qingshan.observations.spelling import instant


def test_a_time_is_not_read_beyond_its_end():
    """The text of a time ends where memory does: whatever reads one sign more ends the process, as files now and then did."""
    told, size = b"2025-01-02 08:00", mmap.PAGESIZE
    pages = mmap.mmap(-1, 2 * size)
    start = ctypes.addressof(ctypes.c_char.from_buffer(pages))
    assert ctypes.CDLL(None).mprotect(ctypes.c_void_p(start + size), ctypes.c_size_t(size), 0) == 0  # PROT_NONE
    ctypes.memmove(start + size - len(told), told, len(told))
    text = pa.foreign_buffer(start + size - len(told), len(told), base=pages)
    offsets = pa.array([0, len(told)], pa.int32()).buffers()[1]
    cells = pa.table({"told": pa.Array.from_buffers(pa.utf8(), 1, [None, offsets, text])})
    with duckdb.connect() as connection:
        connection.register("cells", cells)
        found = connection.execute(
            f"SELECT {instant('told', '%Y-%m-%d %H:%M:%S', '%Y-%m-%d %H:%M')} FROM cells"
        ).fetchone()
    assert found == (datetime(2025, 1, 2, 8),)  # noqa: DTZ001 local standard time of the site
