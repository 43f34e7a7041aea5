"""A story of one case that can be told again from wherever a crash left it: the acts of people who retry.

Each act is done only where its effect is not there yet (what an idempotency key does at the door), and is written down
as acknowledged, synced, once the door has answered. A crash may take the process at any named point.
"""

import os
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from engine import cases, history, inbox, ticks
from engine.documents import add_document, documents_of
from engine.doors import drain, perform
from engine.errors import NotFoundError
from engine.facts import Fact
from engine.outbox import queue_letter, send_letters
from engine.records import messages as post
from tests.engine.house import CLERK, House

CASE = "00000000-0000-7000-8000-000000000001"
ROUNDS = 6
LAST_DAY = datetime.fromisoformat("2026-03-05T00:00:00+03:00")


class PaperPost:
    """A postman who writes each letter into a file, synced: what the outside has seen."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def post(self, *, identity: str, to: str, subject: str, body: str) -> None:
        """Append the letter's id."""
        note(self.path, identity)


def note(path: Path, line: str) -> None:
    """Append a line and sync it."""
    with path.open("a") as out:
        out.write(line + "\n")
        out.flush()
        os.fsync(out.fileno())


def noted(path: Path) -> list[str]:
    """The lines noted so far."""
    return path.read_text().split() if path.exists() else []


def tell(house: House, folder: Path) -> None:
    """Tell the story to its end, from wherever it stands."""
    runtime, acked = house.runtime, folder / "acknowledged"
    drain(runtime)

    def act(name: str, is_done: Callable[[], bool], do: Callable[[Any], Any]) -> None:
        if not is_done():
            perform(runtime, do, actor=CLERK, name=name)
        if name not in noted(acked):
            note(acked, name)

    act("start", partial(exists, house), start)
    for number in range(ROUNDS):
        result = "yes" if number == ROUNDS - 1 else "again"
        act(f"complete{number}", partial(has_told, house, "task.completed", number), partial(complete, result=result))
        act(f"letter{number}", partial(has_told, house, "letter.told", number), write_letter)
        act(f"document{number}", partial(has_filed, house, number), file_document)
        send_letters(runtime, PaperPost(folder / "outside"))
        move_clock(house, datetime.fromisoformat(f"2026-01-{13 + 4 * min(number, 4)}T12:00:00+03:00"))
    send_letters(runtime, PaperPost(folder / "outside"))
    move_clock(house, LAST_DAY)


def move_clock(house: House, to: datetime) -> None:
    """Move the clock, unless it was moved further before the crash; what was due by then fires either way."""
    with house.runtime.reading() as tx:
        to = max(to, tx.now)
    ticks.advance_clock(house.runtime, to)


def start(tx: Any) -> Any:
    """Begin the case under a known id."""
    return cases.start(tx, "leave", {"until": "2026-03-01", "reply": None}, actor=CLERK, title="Отпуск", case_id=CASE)


def complete(tx: Any, *, result: str) -> Any:
    """Complete the open task."""
    return cases.complete(tx, open_check(tx), {"result": result, "remark": "текст"}, actor=CLERK)


def has_told(house: House, kind: str, number: int) -> bool:
    """Whether the case has more facts of a kind than that."""
    return house.kinds(CASE).count(kind) > number


def has_filed(house: House, number: int) -> bool:
    """Whether the case has more documents than that."""
    with house.runtime.reading() as tx:
        return len(documents_of(tx, case=CASE)) > number


def open_check(tx: Any) -> str:
    """The id of the open task."""
    return str(inbox.list_tasks(tx, CLERK, scope="all", case=CASE, element="check").items[0]["id"])


def write_letter(tx: Any) -> None:
    """Queue a letter and tell so."""
    letter = queue_letter(tx, "test", case=CASE, to="olga@example.org", subject="Весть", body="…")
    cases.tell(tx, CASE, [Fact("letter.told", None, {"letter": letter})], actor=CLERK)


def file_document(tx: Any) -> None:
    """Store a file, different each time."""
    number = len(documents_of(tx, case=CASE))
    content = f"content {number}".encode() * 100
    add_document(
        tx, case=CASE, kind="other", title="Файл", name="a.txt", media_type="text/plain", content=content, by="olga"
    )


def exists(house: House) -> bool:
    """Whether the case was started."""
    try:
        house.case(CASE)
    except NotFoundError:
        return False
    return True


def faults_of(house: House, folder: Path) -> list[str]:
    """What breaks an invariant after the story has ended: nothing lost, nothing twice, history true, files whole."""
    found = []
    facts = house.facts(CASE)
    kinds = [f["kind"] for f in facts]
    expected = {"case.started": 1, "task.completed": ROUNDS, "letter.told": ROUNDS, "case.ended": 1}
    found += [f"{kind}: {kinds.count(kind)} of {n}" for kind, n in expected.items() if kinds.count(kind) != n]
    tokens = [f["data"]["token"] for f in facts if f["kind"] == "timer.fired"]
    if len(tokens) != len(set(tokens)):
        found.append("a timer fired twice")
    found += [f"early timer {f['seq']}" for f in facts if f["kind"] == "timer.fired" and f["at"] < f["data"]["due"]]
    acked = noted(folder / "acknowledged")
    if len(acked) != len(set(acked)) or len(acked) != 1 + 3 * ROUNDS:
        found.append(f"{len(acked)} acts acknowledged")
    with house.runtime.reading() as tx:
        verdict = history.verify(tx, cases.get_case(tx, CASE, CLERK))
        found += [f"{d.table} {d.seq}: {d.message}" for d in verdict.differences]
        letters = post.letters(
            tx.connection, case_id=CASE, owner=None, login=None, everything=True, after=None, limit=100
        )
        rows = documents_of(tx, case=CASE)
        if len(rows) != ROUNDS:
            found.append(f"{len(rows)} documents")
        for row in rows:
            house.runtime.files.read(row["sha256"])  # type: ignore[union-attr]
    outside = noted(folder / "outside")
    found += [f"letter {row['id']} never left" for row in letters if row["id"] not in outside]
    found += [f"letter {identity} unknown" for identity in outside if identity not in {r["id"] for r in letters}]
    if [row["delivery"] for row in letters] != ["sent"] * ROUNDS:
        found.append("a letter is not marked as sent")
    return found
