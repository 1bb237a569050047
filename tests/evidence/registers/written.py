"""What is written to a file, as bytes, and opened again."""

import io

from openpyxl import load_workbook

BODIES = {"water": "水务局", "farm": "农业局"}


def written(write, *given, **named) -> bytes:
    file = io.BytesIO()
    write(file, *given, **named)
    return file.getvalue()


def book_of(content: bytes):
    return load_workbook(io.BytesIO(content))
