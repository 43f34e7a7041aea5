"""Several processes at one database: each makes its own runtime, acts when the others act, and tells what it was told.

The processes are forked from a clean server process that has the modules loaded, so that none inherits a connection.
"""

import multiprocessing
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

from typing_extensions import override

from engine import cases, history
from engine.actors import Actor
from engine.clock import ClockMode
from engine.database import Database
from engine.errors import RefusedError
from engine.files import FileStore
from engine.records import cases as records
from engine.runtime import Runtime
from tests.engine.house import CLERK, House, toy_registry

CREW: ForkServerContext = multiprocessing.get_context("forkserver")
CREW.set_forkserver_preload(
    ["pytest", "psycopg", "processes", "tests.durability.acts", "tests.processes.council_meeting.hall"]
)

#: What a process may wait for another before the test is given up (seconds).
PATIENCE = 180

FOUR = tuple(Actor(login, login.title(), frozenset({"clerk", "admin"})) for login in ("anna", "boris", "vera", "gleb"))


class WallHouse(House):
    """The toy house on the system clock, where tickers share their work."""

    @override
    def open(self) -> Runtime:
        files = FileStore(self.folder / "files")
        return Runtime(Database(self.url), toy_registry(self.service), mode=ClockMode.SYSTEM, files=files)


@dataclass(frozen=True)
class Subject:
    """What is raced for: a case, its task (where it has one), and the number of the round."""

    case: str
    task: str = ""
    number: int = 0


Racer = Callable[[Any, Subject, Actor], Any]


def race(
    open_house: Callable[[], Any], racers: Sequence[Racer], subjects: Sequence[Subject], people: Sequence[Actor] = FOUR
) -> list[list[str]]:
    """Let one process a racer act on each subject, all at the same moment; the words each was told, by subject.

    A word is "ok", the slug of a refusal, or "fault: …" for anything a person should never be told.
    """
    barrier = CREW.Barrier(len(racers))
    pipes, crew = [], []
    for racer, actor in zip(racers, people, strict=False):
        told, tells = CREW.Pipe(duplex=False)
        member = CREW.Process(target=_run, args=(open_house, (racer, actor), tuple(subjects), barrier, tells))
        member.start()
        tells.close()
        pipes.append(told)
        crew.append(member)
    try:
        columns = [pipe.recv() for pipe in pipes if pipe.poll(PATIENCE)]
    finally:
        for member in crew:
            member.join(10)
            member.kill()
    assert len(columns) == len(racers), "a racer never came home"
    return [list(row) for row in zip(*columns, strict=True)]


def _run(
    open_house: Callable[[], Any], racer: tuple[Racer, Actor], subjects: Sequence[Subject], barrier: Any, tells: Any
) -> None:
    house = open_house()
    act, actor = racer
    words = []
    for subject in subjects:
        barrier.wait(PATIENCE)
        words.append(word_of(lambda subject=subject: act(house, subject, actor)))  # type: ignore[misc]
    house.runtime.database.close()
    tells.send(words)
    tells.close()


def word_of(act: Callable[[], Any]) -> str:
    """What an act was answered with, in a word."""
    try:
        act()
    except RefusedError as error:
        return error.slug_
    except Exception as error:  # noqa: BLE001 - what it is, is judged by the test
        return f"fault: {type(error).__name__}: {error}"
    return "ok"


def stuck_or_false(house: Any, case: str, actor: Actor = CLERK) -> list[str]:
    """What is wrong with a case: a history that is not true, or a case that neither waits nor has ended."""
    with house.runtime.reading() as tx:
        row = cases.get_case(tx, case, actor)
        found = [f"{d.table} {d.seq}: {d.message}" for d in history.verify(tx, row).differences]
        instants = [f["at"] for f in history.read(tx, case, limit=10_000)["items"]]
        if row["state"] != "ended" and not row["at"]:
            found.append("the case waits for nothing and has not ended")
        if row["state"] == "ended" and records.timers_of(tx.connection, case):
            found.append("an ended case has timers")
        if row["state"] == "active" and any(t["held"] for t in records.timers_of(tx.connection, case)):
            found.append("a timer of a moving case is held")
    if instants != sorted(instants):
        found.append("facts go back in time")
    return found


def opened(url: str, folder: Path, kind: type[House] = House) -> House:
    """A process's own house on a database that has one already."""
    return kind(url, folder, is_new=False)
