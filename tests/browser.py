"""A real Chromium for the tests that look at pages: on PATH, else Playwright's own, else Debian's by apt-get."""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

#: Nothing but the page under test may reach the network; root cannot use the sandbox.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class NoBrowserError(RuntimeError):
    """No Chromium here; install one (`apt-get install chromium`) or put it on PATH."""


@cache
def chromium() -> str:
    """Answer the path of a Chromium, installing Debian's as a last resort; raises NoBrowserError."""
    return _on_path() or _playwrights() or _debians()


def _on_path() -> str | None:
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def _playwrights() -> str | None:
    folder = Path.home() / ".cache" / "ms-playwright"
    return next((str(path) for path in sorted(folder.glob("chromium-*/chrome-linux*/chrome"))), None)


def _debians() -> str:
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        raise NoBrowserError(NoBrowserError.__doc__)
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
        subprocess.run([apt, *arguments], check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    found = _on_path()
    if found is None:
        raise NoBrowserError(NoBrowserError.__doc__)
    return found
