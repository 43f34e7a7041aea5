"""Reading a history: pages of events with their texts, and the case as it stood at any of them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import orjson

from engine.errors import NotFoundError
from engine.history.chain import served
from engine.records import definitions as definition_records
from engine.records import history as records
from engine.records.acts import DamagedError

if TYPE_CHECKING:
    from engine.forms import Form
    from engine.runtime import Transaction

#: The keys that stand in a fact for a text kept apart.
_MARK: Final = {"ref", "digest"}


def entered(tx: "Transaction", task: Mapping[str, Any], form: "Form | None") -> dict[str, Any] | None:
    """What a task was completed with (or declined with), as it was sent; None where it is not completed.

    The history is its one copy: a text erased there is null here.
    """
    fact = records.get(tx.connection, task["case"], task["completion"]) if task["completion"] else None
    if fact is None:
        return None
    found = records.texts(tx.connection, task["case"], fact["seq"], fact["seq"])
    texts = {row["ref"]: str(row["text"]) for row in found}
    kept: dict[str, Any] = orjson.loads(fact["data"])["data"]

    def told(value: Any) -> str | None:
        return texts.get(value["ref"]) if isinstance(value, Mapping) and value.keys() == _MARK else value

    if fact["kind"] == "task.declined":
        return {name: told(value) for name, value in kept.items()}
    return kept if form is None else form.read_back(kept, told)


def read(tx: "Transaction", case_id: str, *, after: int = 0, limit: int = 100) -> dict[str, Any]:
    """Events past `after`: `items` as served, `texts` {ref: {text, salt}}, `next` (the seq to go on after, or None).

    Raises DamagedError for what is no event.
    """
    with _told_as_damaged():
        rows = records.page(tx.connection, case_id, after, limit + 1)
        items = [served(row) for row in rows[:limit]]
    more = len(rows) > limit
    rows = rows[:limit]
    texts = records.texts(tx.connection, case_id, rows[0]["seq"], rows[-1]["seq"]) if rows else []
    return {
        "items": items,
        "texts": {t["ref"]: {"text": t["text"], "salt": t["salt"]} for t in texts},
        "next": rows[-1]["seq"] if more else None,
    }


def replay(tx: "Transaction", case_id: str, seq: int) -> dict[str, Any]:
    """The case as it stood right after event `seq`.

    `elements`: id -> {state: waiting | ready | completed | cancelled, count: how often it was entered}; `data` is what
    the case's data was then; `open_tasks` the tasks open then. Raises NotFoundError for a seq beyond the end,
    DamagedError where one before it is no event.
    """
    stood = _Stood()
    last, moment = 0, None
    with _told_as_damaged():
        for row in records.stream(tx.connection, case_id):
            if row["seq"] <= seq:
                last, moment = row["seq"], row["at"]
                stood.take(row["kind"], row["element"], orjson.loads(row["data"]))
            if row["seq"] >= seq:  # and what comes after it is not looked at
                break
    if last < seq or seq < 1:
        raise NotFoundError(f"В истории дела нет события № {seq}.")
    return {
        "seq": seq,
        "at": stood.at,
        "moment": moment,
        "elements": stood.elements,
        "data": stood.data,
        "open_tasks": list(stood.tasks.values()),
        "version": stood.version,
    }


@contextmanager
def _told_as_damaged() -> Iterator[None]:
    """Facts that are not what the engine writes, because somebody changed them."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise DamagedError from error


@dataclass
class _Stood:
    """A case folded from its facts."""

    elements: dict[str, dict[str, Any]] = field(default_factory=dict)
    tokens: set[int] = field(default_factory=set)
    data: dict[str, Any] = field(default_factory=dict)
    tasks: dict[str, dict[str, Any]] = field(default_factory=dict)
    at: list[str] = field(default_factory=list)
    version: Any = None

    def take(self, kind: str, element: str | None, body: Mapping[str, Any]) -> None:
        """Let one fact change the case."""
        match kind:
            case "case.advanced":
                self._advance(body)
            case "case.started" | "case.migrated":
                self.version = body["version"]
            case "task.created":
                names = ("assignee", "candidates", "due_at")
                self.tasks[body["task"]] = {"id": body["task"], "element": element, **{n: body[n] for n in names}}
            case "task.completed" | "task.declined" | "task.cancelled":
                self.tasks.pop(body["task"], None)
            case "task.claimed" | "task.unclaimed" | "task.delegated" | "deadline.moved":
                changed = {n: body[n] for n in ("assignee", "due_at") if n in body}
                if body.get("task") in self.tasks:
                    self.tasks[body["task"]].update(changed)
            case _:
                pass

    def _advance(self, body: Mapping[str, Any]) -> None:
        self.data.update(body["set"])
        for key in body["unset"]:
            self.data.pop(key, None)
        self.at = body["at"]
        for element, state, token in body["elements"]:
            entry = self.elements.setdefault(element, {"state": state, "count": 0})
            entry["count"] += token not in self.tokens
            self.tokens.add(token)
            entry["state"] = state


def version_numbers(tx: "Transaction", key: str) -> dict[str, int]:
    """Version ids of a procedure -> numbers."""
    return {r["id"]: r["number"] for r in definition_records.versions(tx.connection, key)}
