"""Processes that never stop working: they start cases, complete tasks, file documents and write letters."""

from pathlib import Path
from typing import Any

from engine import cases
from engine.actors import Actor
from engine.documents import add_document
from engine.doors import perform
from engine.facts import Fact
from engine.outbox import queue_letter
from tests.durability.crew import CREW, FOUR, opened
from tests.engine.house import House

#: How long the test may wait for the next act of a process (seconds).
PATIENCE = 120


def toil(url: str, folder: Path, me: Actor, stopped: Any, tells: Any) -> None:
    """Act until told to stop; every act that was acknowledged is told as its case."""
    house = opened(url, folder)
    number = 0
    while not stopped.is_set():
        case = house.start()
        for _ in range(3):
            number += 1
            go_round(house, case, me, number)
            tells.send(case)
    tells.send(None)
    house.runtime.database.close()


def go_round(house: House, case: str, me: Actor, number: int) -> None:
    task = house.task(case)["id"]
    content = f"{me.login} {number} ".encode() * 500

    def act(tx: Any) -> None:
        cases.complete(tx, task, {"result": "again", "remark": "ещё раз"}, actor=me)
        filed = add_document(
            tx, case=case, kind="other", title="Файл", name="a.txt", media_type="text/plain", content=content, by="x"
        )
        letter = queue_letter(tx, "test", case=case, to="olga@example.org", subject="Весть", body="…")
        cases.tell(tx, case, [Fact("letter.told", None, {"letter": letter, "file": filed["id"]})], actor=me)

    perform(house.runtime, act, actor=me, name="complete")


class Crew:
    """Three processes at work; `acknowledged` is what they were told so far, one case id an act."""

    def __init__(self, url: str, folder: Path) -> None:
        self.acknowledged: list[str] = []
        self._stopped = CREW.Event()
        self._members, self._pipes = [], []
        for me in FOUR[:3]:
            told, tells = CREW.Pipe(duplex=False)
            member = CREW.Process(target=toil, args=(url, folder, me, self._stopped, tells))
            member.start()
            tells.close()
            self._members.append(member)
            self._pipes.append(told)

    def wait(self, acts: int) -> None:
        """Wait until every process has done some more acts."""
        for pipe in self._pipes:
            for _ in range(acts):
                self._note(pipe)

    def catch_up(self) -> int:
        """Take up what was told meanwhile; how many acts that was."""
        before = len(self.acknowledged)
        for pipe in self._pipes:
            while pipe.poll(0):
                self._note(pipe)
        return len(self.acknowledged) - before

    def stop(self) -> None:
        """Let every process finish its act and go."""
        self._stopped.set()
        for pipe, member in zip(self._pipes, self._members, strict=True):
            while pipe.poll(PATIENCE) and pipe.recv() is not None:
                pass
            member.join(PATIENCE)
            member.kill()

    def _note(self, pipe: Any) -> None:
        assert pipe.poll(PATIENCE), "a process stands still"
        self.acknowledged.append(pipe.recv())
