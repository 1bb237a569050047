"""What is written to a file, as bytes."""

import io


def written(write, *given, **named) -> bytes:
    file = io.BytesIO()
    write(file, *given, **named)
    return file.getvalue()
