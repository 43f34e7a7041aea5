"""Hot cases: what a step left is kept in memory, so that the next step of the case begins without a question.

Who takes a case has it alone, and leaves it again, one step further, once that step is kept. Nobody asks whether the
memory is still true: what a step writes hangs on the case's revision and last hash, one of which every change of a
case, its tasks and its terms changes, and an act that ends in any other way is carried out again on what is stored. A
draft alone changes neither; it is not remembered, and no completion reads it.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import Any, Final

from engine.columns import as_json, read_json
from engine.forks import mind_forks

Row = dict[str, Any]

#: Cases in memory, and the bytes of their states, data and tasks, about.
_MOST: Final = 1_000
_ROOM: Final = 32_000_000
#: A case whose state is larger than this is not kept: reading it back is little beside its step.
_LARGEST: Final = 200_000
#: What a row takes beside its JSON.
_ROW: Final = 2_000
#: The columns that are JSON.
_OF_CASE: Final = ("at", "data")
_OF_TASK: Final = ("candidates", "local", "due")


@dataclass(slots=True)
class Hot:
    """A case as a step left it: its row, the machine's state, rows of open tasks by id, the settings of the house.

    Not all tasks need be here, and no settings (None) where the step asked for none. `tasks` are packed, so nothing is
    shared with those who got the rows of the step.
    """

    case: Row
    state: bytes
    tasks: dict[str, Row]
    settings: Mapping[str, Any] | None


class HotCases:
    """The hot cases of one process, found by their open tasks; its threads share them."""

    def __init__(self, most: int = _MOST) -> None:
        """`most`: cases kept at once; those longest untouched are forgotten first."""
        self._most = most
        self.begin_anew()
        mind_forks(self)

    def begin_anew(self) -> None:
        """Know no case: the thread that held the lock, and what it was about, stay behind where a process forks."""
        self._cases: OrderedDict[str, Hot] = OrderedDict()
        self._case_of: dict[str, str] = {}
        self._room = _ROOM
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._cases)

    def take(self, task_id: str) -> tuple[Row, Hot] | None:
        """A task's row, and its case with the other tasks, all as they are stored; no longer kept. None: unknown."""
        with self._lock:
            identity = self._case_of.get(task_id)
            if identity is None:
                return None
            hot = self._drop(identity)
        hot.case = _unpacked(hot.case, _OF_CASE)
        return _unpacked(hot.tasks.pop(task_id), _OF_TASK), hot

    def put(self, identity: str, left: Hot | None) -> None:
        """Keep a case in place of what was known of it; None, nothing open in it, or too large: it is forgotten."""
        is_kept = left is not None and left.tasks and len(left.state) <= _LARGEST
        hot = (
            Hot(_packed(left.case, _OF_CASE), _exact(left.state), left.tasks, left.settings)
            if left and is_kept
            else None
        )
        with self._lock:
            if identity in self._cases:
                self._drop(identity)
            if hot is None:
                return
            self._cases[identity] = hot
            self._case_of.update(dict.fromkeys(hot.tasks, identity))
            self._room -= _size(hot)
            while len(self._cases) > self._most or self._room < 0:
                self._drop(next(iter(self._cases)))

    def _drop(self, identity: str) -> Hot:
        hot = self._cases.pop(identity)
        self._room += _size(hot)
        for task_id in hot.tasks:
            del self._case_of[task_id]
        return hot


def packed_task(row: Row) -> Row:
    """A task's row as `Hot` has it."""
    return {**_packed(row, _OF_TASK), "created_at": _in_utc(row["created_at"]), "due_at": _in_utc(row["due_at"])}


def _packed(row: Row, names: Sequence[str]) -> Row:
    return {**row, **{name: as_json(row[name]) for name in names}}


def _exact(raw: bytes) -> bytes:
    """The same bytes without the room behind them that orjson leaves, four times as much as they take."""
    return bytes(memoryview(raw))


def _unpacked(row: Row, names: Sequence[str]) -> Row:
    for name in names:
        row[name] = read_json(row[name])
    return row


def _in_utc(instant: datetime | None) -> datetime | None:
    return None if instant is None else instant.astimezone(UTC)


def _size(hot: Hot) -> int:
    return len(hot.state) + len(hot.case["data"]) + _ROW * (1 + len(hot.tasks))
