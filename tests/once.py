"""What is dear to make and the same for every worker of a run: the first that asks makes it, the others wait for it."""

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def alone(home: Path, name: str) -> Iterator[None]:
    """No other worker of the run is inside such a block of the same name."""
    with (home / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def folder_once(home: Path, name: str, fill: Callable[[Path], None]) -> Path:
    """A folder below `home` that `fill` has filled, whole, once in the run; nobody writes into it afterwards."""
    folder = home / name
    with alone(home, name):
        if not folder.exists():
            making = home / f"making_{name}"
            shutil.rmtree(making, ignore_errors=True)
            making.mkdir()
            fill(making)
            making.rename(folder)
    return folder
