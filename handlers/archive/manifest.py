"""What lies in an archive under which name, and what is told where it cannot be written or read."""

import hashlib
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from engine.errors import UnavailableError
from handlers.causes import reason

DATABASE: Final = "database.sqlite"
TABLES: Final = "tables"
MANIFEST: Final = "manifest.json"
#: Of the archive as a whole; another one is refused.
FORMAT: Final = 1
CHUNK: Final = 1 << 20
_CONTENT: Final = re.compile(r"files/([0-9a-f]{2})/([0-9a-f]{62})")
_TABLE: Final = re.compile(r"tables/[a-z_]+\.rows")
_RETRY: Final = "Проверьте путь, права и свободное место и повторите."


class ArchiveError(Exception):
    """A backup cannot be made or restored here; the message says what to do."""


class DamagedError(ArchiveError):
    """An archive or a database that is not what it should be."""


@dataclass(frozen=True)
class Manifest:
    """SHA-256 of every member by its path in the archive; of PostgreSQL also the revision and the order of tables."""

    revision: str | None = None
    tables: tuple[str, ...] = ()
    members: dict[str, str] = field(default_factory=dict)

    @property
    def files(self) -> list[str]:
        """The members that are contents of the file store."""
        return sorted(name for name in self.members if _CONTENT.fullmatch(name))

    @property
    def damaged(self) -> list[str]:
        """The contents of the file store that are not what their address says."""
        return [name for name in self.files if name.removeprefix("files/").replace("/", "") != self.members[name]]

    def to_json(self) -> dict[str, Any]:
        """Return the manifest as it stands in the archive."""
        return {"format": FORMAT, "revision": self.revision, "tables": list(self.tables), "members": self.members}


@contextmanager
def told(what: str) -> Iterator[None]:
    """Let a fault of the disk or the database be told as such, and not as one of the archive or of the program."""
    try:
        yield
    except UnavailableError as error:
        raise ArchiveError(f"{what}. {error.message}") from error
    except sqlite3.OperationalError as error:
        raise ArchiveError(f"{what}: файл базы данных не читается или не пишется ({error}). {_RETRY}") from error
    except sqlite3.DatabaseError as error:
        raise DamagedError(f"Файл базы данных повреждён: {error}.") from error
    except OSError as error:
        raise ArchiveError(f"{what}: {reason(error)}. {_RETRY}") from error


def is_ours(name: str) -> bool:
    """Whether a member of that name has any business in an archive."""
    return name in {DATABASE, MANIFEST} or bool(_CONTENT.fullmatch(name) or _TABLE.fullmatch(name))


def contents(folder: Path) -> Iterator[Path]:
    """The contents in a folder of the file store, in order."""
    for path in sorted(folder.glob("??/*")):
        if path.is_file() and _CONTENT.fullmatch(f"files/{path.parent.name}/{path.name}"):
            yield path


def digest(path: Path) -> str:
    """A file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_sqlite(path: Path) -> None:
    """Look whether a SQLite file is one and its pages fit together. Raises DamagedError, sqlite3.Error."""
    with closing(sqlite3.connect(path)) as connection:
        ((found,),) = connection.execute("PRAGMA quick_check(1)").fetchall()
    if found != "ok":
        raise DamagedError(f"Файл базы данных повреждён: {' '.join(found.split())}.")


def fold_log(path: Path) -> None:
    """Bring what SQLite keeps beside a file into it: closing it tries that, and is silent where there is no room.

    Raises sqlite3.Error.
    """
    with closing(sqlite3.connect(path)) as connection:
        ((mode,),) = connection.execute("PRAGMA journal_mode=DELETE").fetchall()
    if mode != "delete":
        raise sqlite3.OperationalError(f"journal mode {mode}")


def sync(path: Path) -> None:
    """Let a file or a folder's names reach the disk; a file system that cannot do it for folders does without."""
    descriptor = os.open(path, os.O_RDONLY)
    with suppress(OSError):
        os.fsync(descriptor)
    os.close(descriptor)
