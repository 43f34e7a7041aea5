"""Definitions: a bundle of files read, normalised, compiled and kept by the hash of its content."""

from engine.definitions.bundle import Bundle, bundle_of, read_bundle
from engine.definitions.definition import Definition, compile_bundle
from engine.definitions.released import Shelf, in_force, release, version_row, versions

__all__ = [
    "Bundle",
    "Definition",
    "Shelf",
    "bundle_of",
    "compile_bundle",
    "in_force",
    "read_bundle",
    "release",
    "version_row",
    "versions",
]
