"""What the system or the database said, in words for the administrator."""

import errno
from typing import Final

_REASONS: Final = {
    errno.ENOENT: "нет такого файла или папки",
    errno.ENOTDIR: "на месте папки лежит файл",
    errno.EEXIST: "на месте папки лежит файл",
    errno.EISDIR: "на месте файла лежит папка",
    errno.EACCES: "нет права на это",
    errno.EPERM: "нет права на это",
    errno.EROFS: "диск открыт только для чтения",
    errno.ENOSPC: "на диске кончилось место",
    errno.EDQUOT: "исчерпана квота диска",
    errno.EFBIG: "файлы такого размера здесь писать нельзя",
    errno.EIO: "диск не читается или не пишется",
    errno.EADDRINUSE: "он занят другой программой",
    errno.EADDRNOTAVAIL: "у этой машины его нет",
}


def reason(error: OSError) -> str:
    """Why a call failed, and the file where one is named."""
    place = f" ({error.filename})" if error.filename else ""
    return f"{_REASONS.get(error.errno or 0, error.strerror or str(error))}{place}"


def origin(error: BaseException) -> str:
    """What the database or its driver said, in its own words and one line."""
    return " ".join(str(error.__cause__ or error).split())
