"""Why the system did not read or write a file."""

import errno

SYSTEM = {
    errno.ENOENT: ("没有这个文件或文件夹", "there is no such file or folder"), errno.EISDIR: ("这是文件夹", "it is a folder"),
    errno.ENOTDIR: ("上一级不是文件夹", "what it should lie in is no folder"), errno.EACCES: ("没有权限", "permission is lacking"),
    errno.EPERM: ("没有权限", "permission is lacking"), errno.ENOSPC: ("磁盘已满", "the disk is full"),
    errno.EROFS: ("磁盘只能读", "the disk is read-only"),
}  # fmt: skip


def of_the_system(reason: OSError, file: str = "") -> tuple[str, str]:
    """The reason as a sentence in both languages; `file` is how its reader calls the file."""
    where = file or reason.filename or ""
    strange = (reason.strerror or " ".join(str(reason).split())[:200],) * 2
    zh, en = SYSTEM.get(reason.errno, strange)
    return f"读写不了 {where}：{zh}。", f"{where} cannot be read or written: {en}."
