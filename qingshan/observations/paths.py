"""The files and places that commands are given: what cannot be read or written is told before anything is worked out."""

import errno
import os
import stat
import sys
from pathlib import Path

import click

from .system import of_the_system


def stop(zh: str, en: str, status: int = 2):
    click.echo(f"{zh} {en}", err=True)
    sys.exit(status)


class Readable(click.ParamType):
    """A file that is there and may be read; it is not opened, since it may be a pipe."""

    name = "file"

    def convert(self, value, param, ctx) -> Path:
        file = Path(value)
        try:
            _allowed(not stat.S_ISDIR(file.stat().st_mode), errno.EISDIR, file)
            _allowed(os.access(file, os.R_OK), errno.EACCES, file)
        except OSError as reason:
            stop(*of_the_system(reason))
        return file


class Writable(click.ParamType):
    """A file that can be made, or written anew, in a folder that is there."""

    name = "file"

    def convert(self, value, param, ctx) -> Path:
        file = Path(value)
        try:
            _allowed(not file.is_dir(), errno.EISDIR, file)
            _allowed(stat.S_ISDIR(file.parent.stat().st_mode), errno.ENOTDIR, file)
            _allowed(os.access(file if file.exists() else file.parent, os.W_OK), errno.EACCES, file)
        except OSError as reason:
            stop(*of_the_system(reason, str(file)))
        return file


def _allowed(fits: bool, number: int, file: Path) -> None:
    if not fits:
        raise OSError(number, os.strerror(number), str(file))


def store_place(place: str | None = None) -> str:
    """Where observations are kept: the place named, else QINGSHAN_OBSERVATIONS, else a folder of QINGSHAN_HOME."""
    home = Path(os.environ.get("QINGSHAN_HOME", "var"))
    found = place or os.environ.get("QINGSHAN_OBSERVATIONS") or str(home / "observations")
    if Path(found).is_file():
        stop(f"观测库的位置 {found} 是文件，应为文件夹。", f"The store is to be a folder; {found} is a file.")
    return found
