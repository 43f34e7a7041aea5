"""Workers under load: each completes tasks or fires timers until it is told to stop, and tells every act acknowledged.

What a worker sends through its pipe has been committed before; what was in the pipe when it was killed still arrives.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from ctypes import c_bool
from dataclasses import replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

import sqlalchemy as sa

from engine import cases, inbox
from engine.database import as_json
from engine.doors import drain, perform
from engine.errors import ConflictError, UnavailableError
from engine.records.tables import task, text
from engine.timers import fire_next
from handlers.idempotency import once, read_key
from tests.durability.crew import CREW, PATIENCE
from tests.engine.house import CLERK

#: What the worker sends where it was told that the database is away.
AWAY = "away"

Work = Callable[[Any, Any, str, Sequence[str]], None]


class Crew:
    """Workers of one kind; one that was killed is replaced by another with a new name."""

    def __init__(self, open_house: Callable[[], Any], work: Work, subjects: Sequence[str], size: int) -> None:
        self.open_house, self.work, self.subjects = open_house, work, tuple(subjects)
        #: Without a lock, unlike an event: who is killed while looking at it would leave the others waiting for ever.
        self.stop = CREW.RawValue(c_bool, False)
        self.members: list[tuple[BaseProcess, Connection]] = []
        self.pipes: list[Connection] = []
        self.told: list[str] = []
        self.count = 0
        for _member in range(size):
            self.hire()

    def hire(self) -> None:
        """One worker more."""
        self.count += 1
        ours, theirs = CREW.Pipe(duplex=False)
        name = f"w{self.count}"
        member = CREW.Process(target=_run, args=(self.open_house, self.work, name, self.subjects, theirs, self.stop))
        member.start()
        theirs.close()
        self.members.append((member, ours))
        self.pipes.append(ours)

    def kill(self, number: int) -> None:
        """End one worker at once, whatever it is doing, and hire another."""
        member, _pipe = self.members.pop(number % len(self.members))
        member.kill()
        member.join(PATIENCE)
        self.hire()

    def hear(self, count: int, patience: float = PATIENCE) -> int:
        """Wait until that many acts more were acknowledged; returns how many were, fewer once everybody has left."""
        heard = 0
        while heard < count and self.pipes:
            ready = wait(self.pipes, patience)
            assert ready, f"nothing was acknowledged for {patience} s"
            for pipe in ready:
                heard += self._take(pipe)  # type: ignore[arg-type]
        return heard

    def _take(self, pipe: Connection) -> int:
        try:
            word = pipe.recv()
        except EOFError:
            self.pipes.remove(pipe)
            pipe.close()
            return 0
        self.told.append(word)
        return int(word != AWAY)

    def finish(self) -> Counter[str]:
        """Let the workers end by themselves and hear them out: what was told, and how often."""
        self.stop.value = True
        while self.pipes:
            self.hear(1)
        for member, _pipe in self.members:
            member.join(PATIENCE)
            assert member.exitcode == 0, "a worker ended by an error"
        return Counter(self.told)

    def dismiss(self) -> None:
        """End everybody, after a failure."""
        for member, pipe in self.members:
            member.kill()
            member.join(PATIENCE)
            pipe.close()


def _run(open_house: Callable[[], Any], work: Work, *rest: Any) -> None:
    name, subjects, pipe, stop = rest
    house = open_house()

    def tells(word: str) -> bool:
        pipe.send(word)
        return not stop.value

    work(house, tells, name, subjects)
    house.runtime.database.close()
    pipe.close()


def go_rounds(house: Any, tells: Callable[[str], bool], name: str, subjects: Sequence[str]) -> None:
    """Complete the open task of one case after another, each time with a text of its own."""
    number, goes_on = 0, True
    while goes_on:
        number += 1
        case, mark = subjects[(number * 7 + len(name)) % len(subjects)], f"{name}-{number}"
        with house.runtime.reading() as tx:
            task = inbox.list_tasks(tx, CLERK, scope="all", case=case, element="check").items[0]["id"]
        data = {"result": "again", "remark": mark}

        def act(tx: Any, task: str = task, data: Any = data) -> Any:
            return cases.complete(tx, task, data, actor=CLERK)

        try:
            perform(house.runtime, act, actor=CLERK, name="complete")
        except ConflictError:
            continue
        goes_on = tells(mark)


def go_rounds_with_keys(house: Any, tells: Callable[[str], bool], name: str, subjects: Sequence[str]) -> None:
    """The same by people who repeat what they got no answer to, with the same key."""
    number, goes_on = 0, True
    me = replace(CLERK, login=name)
    while goes_on:
        number += 1
        case, mark = subjects[(number * 7 + len(name)) % len(subjects)], f"{name}-{number}"
        try:
            with house.runtime.reading() as tx:
                task = inbox.list_tasks(tx, CLERK, scope="all", case=case, element="check").items[0]["id"]
        except UnavailableError:
            goes_on = tells(AWAY)
            continue
        goes_on = _insist(house, tells, me, task, mark)


def _insist(house: Any, tells: Callable[[str], bool], me: Any, task: str, mark: str) -> bool:
    data = {"result": "again", "remark": mark}
    key = read_key(me.login, mark, method="POST", path=f"/tasks/{task}", body=data)

    def act(tx: Any) -> Any:
        return once(
            tx,
            key,
            lambda tx: cases.complete(tx, task, data, actor=me),
            lambda done: (200, as_json(done.task["id"]).encode()),
        )

    while True:
        try:
            perform(house.runtime, act, actor=me, name="complete")
        except UnavailableError:
            tells(AWAY)
        except ConflictError as error:
            if error.slug_ != "in_progress":
                return True
        else:
            return tells(mark)


def fire_timers(house: Any, tells: Callable[[str], bool], _name: str, _subjects: Sequence[str]) -> None:
    """Fire what is due until nothing is left."""
    while fired := fire_next(house.runtime):
        drain(house.runtime)
        for told in fired:
            tells(f"{told['case']} {told['element']}")


def marks_of(house: Any) -> tuple[Counter[str], Counter[str]]:
    """How often each worker's mark stands in what completed tasks were completed with, and in the history's texts."""
    own = (text.c.case == task.c.case) & (text.c.seq == task.c.completion)
    with house.runtime.reading() as tx:
        forms = tx.connection.execute(sa.select(text.c.text).join(task, own)).scalars()
        texts = tx.connection.execute(sa.select(text.c.text)).scalars()
        return Counter(forms), Counter(texts)


def lost_or_doubled(house: Any, told: Counter[str]) -> list[str]:
    """What is wrong between what was acknowledged and what was kept: nothing, if each act is there exactly once."""
    found = []
    for name, kept in zip(("form", "history"), marks_of(house), strict=True):
        found += [f"{mark} is lost in {name}" for mark in told if mark != AWAY and mark not in kept]
        found += [f"{mark} is {count} times in {name}" for mark, count in kept.items() if count > 1]
    return found
