"""Files that come in."""

from ninja.files import UploadedFile

from qingshan.plan.actions import Refused

MEGA = 2**20


def content_of(file: UploadedFile, most: int) -> bytes:
    """The bytes of a file that was sent. Raises Refused, before all of it is read, where there are more than `most`."""
    if file.size > most:
        raise Refused(
            f"文件有 {file.size / MEGA:.1f} MB，上限 {most // MEGA} MB，请缩小或拆分。",
            f"The file has {file.size / MEGA:.1f} MB, at most {most // MEGA} MB are allowed; make it smaller or split it.",
        )
    return file.read()
