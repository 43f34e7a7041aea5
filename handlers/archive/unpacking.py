"""An archive read and compared with its manifest; nothing of it is believed before that."""

import hashlib
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import orjson

from engine.copies import SUFFIX
from handlers.archive.manifest import (
    CHUNK,
    DATABASE,
    FORMAT,
    MANIFEST,
    TABLES,
    ArchiveError,
    DamagedError,
    Manifest,
    digest,
    is_ours,
)


@contextmanager
def opened(source: Path) -> Iterator[tarfile.TarFile]:
    """An archive open for reading. Raises DamagedError, also inside the with-block, where it is none."""
    try:
        with tarfile.open(source, mode="r:") as archive:
            yield archive
    except (tarfile.TarError, EOFError, ValueError, OverflowError) as error:
        raise DamagedError(f"Архив повреждён, обрезан или это не архив службы ({error}).") from error


def unpack(source: Path, aside: Path) -> Manifest:
    """Write every member into a folder under its name. Raises DamagedError for a name or kind that is not ours."""
    with opened(source) as archive:
        for member in archive:
            if not member.isfile() or member.issparse() or not is_ours(member.name):
                raise DamagedError(f"В архиве посторонний файл: {member.name!r}.")
            content = archive.extractfile(member)
            if content is not None:
                _write(aside / member.name, iter(partial(content.read, CHUNK), b""))
    if not (aside / MANIFEST).exists():
        raise DamagedError("В архиве нет описи: он повреждён, обрезан или это не архив службы.")
    try:
        found = orjson.loads((aside / MANIFEST).read_bytes())
        if found["format"] != FORMAT:
            raise ArchiveError(
                f"Архив другого вида ({found['format']}). Возьмите программу, которой он сделан, или новее."
            )
        members = {str(name): str(digest) for name, digest in found["members"].items()}
        return Manifest(found["revision"], tuple(found["tables"]), members)
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise DamagedError("Опись архива не читается: он повреждён или это не архив службы.") from error


def mark_of(source: Path) -> str:
    """The hash of an archive's manifest, by which a database knows what it was filled from. Raises DamagedError."""
    with opened(source) as archive:
        member = next((member for member in archive if member.name == MANIFEST), None)
        content = archive.extractfile(member) if member else None
        return hashlib.sha256(content.read() if content else b"").hexdigest()


def _write(place: Path, chunks: Iterator[bytes]) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("wb") as out:
        out.writelines(chunks)


def compare(aside: Path, manifest: Manifest) -> None:
    """Look whether what was unpacked is what the manifest lists. Raises DamagedError."""
    there = {path.relative_to(aside).as_posix() for path in aside.rglob("*") if path.is_file()} - {MANIFEST}
    database = {f"{TABLES}/{name}{SUFFIX}" for name in manifest.tables} or {DATABASE}
    for name in sorted((there ^ manifest.members.keys()) | (database - there)):
        raise DamagedError(f"Опись и содержимое архива расходятся: {name}.")
    for name, expected in manifest.members.items():
        if digest(aside / name) != expected:
            raise DamagedError(f"Содержимое архива не то, что записано в его описи: {name}.")
