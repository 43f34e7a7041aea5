"""Proving a history: the chain, and the re-execution of every recorded command through the recorded definition.

After each step the machine's state must have the digest the history recorded; tasks, case row and completed forms must
agree with the facts. Service results are taken from the history, so nothing is done twice.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from engine.errors import EngineError
from engine.history.chain import served
from engine.history.links import Chain, Difference, events_of
from engine.machine import Command, Complete, Deliver, FireTimer, Start, advance
from engine.records import cases as case_records
from engine.records import chains
from engine.records import history as records

if TYPE_CHECKING:
    from engine.definitions import Definition
    from engine.runtime import Transaction


_STANDING: Final = {
    "case.suspended": "suspended",
    "case.resumed": "active",
    "incident.raised": "incident",
    "incident.retried": "active",
}


@dataclass(frozen=True)
class Verdict:
    """What a verification found; `events` is how many facts were read."""

    case: str
    number: str
    events: int
    chain: tuple[Difference, ...] = ()
    execution: tuple[Difference, ...] = ()
    rows: tuple[Difference, ...] = ()

    @property
    def is_true(self) -> bool:
        """Whether nothing differs."""
        return not (self.chain or self.execution or self.rows)

    @property
    def differences(self) -> tuple[Difference, ...]:
        """Everything that differs."""
        return self.chain + self.execution + self.rows


@dataclass
class _Rerun:
    """The case as the facts alone make it."""

    state: bytes | None = None
    data: dict[str, Any] = field(default_factory=dict)
    at: list[str] = field(default_factory=list)
    end: str | None = None
    tasks: dict[str, dict[str, Any]] = field(default_factory=dict)
    status: str = "active"
    command: Command | None = None
    results: list[tuple[int, str, Any]] = field(default_factory=list)


def verify(tx: "Transaction", case: Mapping[str, Any]) -> Verdict:
    """Verify one case; `case` is its row. Reads only, each fact once, and keeps those of one act."""
    execution: list[Difference] = []
    digests: dict[str, tuple[str, int]] = {}
    rerun, chain = _Rerun(), Chain()
    definition = tx.runtime.definitions.get(tx, case["definition"])
    for row in chains.rows(tx.connection, case["id"]):
        lines = chain.take(row)
        try:
            events = list(events_of(row, lines))
        except ValueError:
            execution.append(Difference("history", "данные события не читаются", chain.seq))
            continue
        for event, line in zip(events, lines, strict=True):
            if b'"digest"' in line.data:
                digests.update((ref, (digest, event["seq"])) for ref, digest in _references(event["data"]))
            if not execution:
                execution += _follow(definition, rerun, event)
    chain.end(case["seq"], case["hash"])
    chain.differences += _check_texts(tx, case["id"], chain.seq, digests)
    rows = [] if execution else [*_compare(tx, case, rerun), *_audit(tx, case)]
    return Verdict(case["id"], case["number"], chain.seq, tuple(chain.differences), tuple(execution), tuple(rows))


def execute_again(definition: "Definition", events: Iterable[Mapping[str, Any]]) -> list[Difference]:
    """Repeat every command of a history, given as served and from its first event; stops at the first that differs."""
    rerun = _Rerun()
    for event in events:
        found = list(_follow(definition, rerun, event))
        if found:
            return found
    return []


def _follow(definition: "Definition", rerun: _Rerun, event: Mapping[str, Any]) -> Iterator[Difference]:
    data, seq = event["data"], event["seq"]
    if event["kind"] == "case.started" and data["definition"] != definition.hash:
        yield Difference("definition", "файлы версии процедуры не те, с которыми дело начато", seq)
    if event["kind"] == "case.advanced":
        yield from _step(definition, rerun, data, seq)
    else:
        rerun.status = _STANDING.get(event["kind"], rerun.status)
        _note(rerun, event, data)


def _note(rerun: _Rerun, event: Mapping[str, Any], data: Mapping[str, Any]) -> None:
    """Take up a fact that comes before its step: the command, a service's result, a task."""
    match event["kind"]:
        case "case.started":
            rerun.command = Start(data["data"], data["payload"])
        case "task.completed" | "task.declined":
            rerun.command = Complete(data["token"], data["variables"])
            rerun.tasks.setdefault(data["task"], {}).update(state="completed", by=event["actor"])
        case "timer.fired":
            rerun.command = FireTimer(data["token"])
        case "message.received":
            rerun.command = Deliver(data["message"], data["payload"])
        case "service.called":
            rerun.results.append((data["token"], data["operator"], data["result"]))
        case "task.created":
            rerun.tasks[data["task"]] = {"state": "open", "element": event["element"], "token": data["token"]}
        case "task.cancelled":
            rerun.tasks.setdefault(data["task"], {})["state"] = "cancelled"
        case _:
            pass


def _step(definition: "Definition", rerun: _Rerun, recorded: Mapping[str, Any], seq: int) -> Iterator[Difference]:
    if rerun.command is None:
        yield Difference("history", "шаг без команды", seq)
        return
    results = iter(rerun.results)

    def service(
        token: int, element: str, operator: str, _parameters: Mapping[str, Any], _data: Mapping[str, Any]
    ) -> Any:
        found = next(results, None)
        if found is None or found[:2] != (token, operator):
            raise LookupError(f"операция {operator} на {element} в истории не записана")
        return found[2]

    try:
        step = advance(definition, rerun.state, rerun.command, service)
    except EngineError as error:
        yield Difference("case_state", f"команда не повторяется: {error.message}", seq)
        return
    rerun.command, rerun.results = None, []
    rerun.state = step.state
    after = {**rerun.data, **recorded["set"]}
    for key in recorded["unset"]:
        after.pop(key, None)
    rerun.data = after
    rerun.at, rerun.end = list(step.at), step.end
    if hashlib.sha256(step.state).hexdigest() != recorded["state"]:
        yield Difference("case_state", "состояние после шага не то, что записано", seq)
    elif dict(step.data) != after or list(step.at) != recorded["at"]:
        yield Difference("history", "данные после шага не те, что записаны", seq)
    if step.end is not None:
        rerun.status = "ended"


def _check_texts(
    tx: "Transaction", case_id: str, last: int, digests: Mapping[str, tuple[str, int]]
) -> list[Difference]:
    found = []
    for text in records.texts(tx.connection, case_id, 1, max(last, 1)):
        digest, seq = digests.get(text["ref"], ("", text["seq"]))
        if digest != hashlib.sha256(text["salt"].encode() + text["text"].encode()).hexdigest():
            found.append(Difference("history_text", f"текст {text['ref']} изменён", seq))
    return found


def _audit(tx: "Transaction", case: Mapping[str, Any]) -> Iterator[Difference]:
    """What the procedure itself finds: its own records against the facts."""
    audit = tx.runtime.registry.audits.get(case["process"])
    if audit is not None:
        facts = (served(row) for row in records.stream(tx.connection, case["id"]))
        for seq, table, message in audit(tx.connection, case["id"], facts):
            yield Difference(table, message, seq)


def _references(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        if set(value) == {"ref", "digest"}:
            yield value["ref"], value["digest"]
            return
        for each in value.values():
            yield from _references(each)
    elif isinstance(value, list):
        for each in value:
            yield from _references(each)


def _compare(tx: "Transaction", case: Mapping[str, Any], rerun: _Rerun) -> list[Difference]:
    """The rows that lists are read from, against what the facts made."""
    found = []
    for name, expected in (("data", rerun.data), ("at", rerun.at), ("end", rerun.end), ("state", rerun.status)):
        if case[name] != expected:
            found.append(Difference("case_file", f"поле {name} не то, что следует из истории", case["seq"]))
    state = case_records.read_state(tx.connection, case["id"])
    if state != rerun.state:
        found.append(Difference("case_state", "состояние дела не то, что следует из истории", case["seq"]))
    for row in case_records.tasks_of(tx.connection, case["id"]):
        expected_task = rerun.tasks.pop(row["id"], None)
        if expected_task is None:
            found.append(Difference("task", f"задачи {row['id']} нет в истории"))
        elif expected_task["state"] != row["state"] or (
            row["state"] == "completed" and expected_task["by"] != row["completed_by"]
        ):
            found.append(Difference("task", f"задача {row['element']} не в том состоянии, что в истории"))
    found += [Difference("task", f"задача {identity} из истории пропала") for identity in rerun.tasks]
    return found
