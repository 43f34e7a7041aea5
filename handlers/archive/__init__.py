"""A backup: a tar of the database as of one moment, the files, and a manifest of their hashes; and back from it."""

from handlers.archive.backup import save
from handlers.archive.manifest import ArchiveError, DamagedError, Manifest
from handlers.archive.restore import load

__all__ = ["ArchiveError", "DamagedError", "Manifest", "load", "save"]
