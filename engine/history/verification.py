"""Proving a history: the chain, and the re-execution of every recorded command through the recorded definition.

After each step the machine's state must have the digest the history recorded; tasks, case row and completed forms must
agree with the facts. Service results are taken from the history, so nothing is done twice.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.calendar import fires_after
from engine.columns import as_json, read_json
from engine.errors import DrawingError, EngineError, NotFoundError
from engine.history.chain import served
from engine.history.links import Chain, Difference, events_of
from engine.history.rerun import Place, Rerun, note
from engine.history.rows import compare
from engine.machine import advance
from engine.records import chains
from engine.records import history as records

if TYPE_CHECKING:
    from engine.definitions import Definition
    from engine.runtime import Transaction


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


def verify(tx: "Transaction", case: Mapping[str, Any]) -> Verdict:
    """Verify one case; `case` is its row. Reads only, each fact once, and keeps those of one act."""
    execution: list[Difference] = []
    digests: dict[str, tuple[str, int]] = {}
    rerun, chain = Rerun(), Chain()
    definition = _definition(tx, case, execution)
    for row in chains.rows(tx.connection, case["id"]):
        lines = chain.take(row)
        try:
            events = list(events_of(row, lines))
        except (TypeError, ValueError):
            execution.append(Difference("history", "данные события не читаются", chain.seq))
            continue
        for event, line in zip(events, lines, strict=True):
            if b'"digest"' in line.data:
                digests.update((ref, (digest, event["seq"])) for ref, digest in _references(event["data"]))
            if definition is not None and not execution:
                execution += _follow(definition, rerun, event)
    chain.end(case["seq"], case["hash"])
    chain.differences += _check_texts(tx, case["id"], digests)
    rows = [] if execution else [*compare(tx, case, rerun), *_audit(tx, case, is_whole=not chain.differences)]
    return Verdict(case["id"], case["number"], chain.seq, tuple(chain.differences), tuple(execution), tuple(rows))


def _definition(tx: "Transaction", case: Mapping[str, Any], differences: list[Difference]) -> "Definition | None":
    """The version that a case's row names; where it is gone or spoilt, that is a difference."""
    try:
        return tx.runtime.definitions.get(tx, case["definition"])
    except (NotFoundError, DrawingError) as error:
        differences.append(Difference("definition", f"версию процедуры нельзя прочесть: {error.message}"))
    except (AttributeError, TypeError, ValueError):
        differences.append(
            Difference("definition", "версию процедуры нельзя прочесть: в её строке не то, что записано")
        )
    return None


def execute_again(definition: "Definition", events: Iterable[Mapping[str, Any]]) -> list[Difference]:
    """Repeat every command of a history, given as served and from its first event; stops at the first that differs."""
    rerun = Rerun()
    for event in events:
        found = list(_follow(definition, rerun, event))
        if found:
            return found
    return []


def _follow(definition: "Definition", rerun: Rerun, event: Mapping[str, Any]) -> Iterator[Difference]:
    data, seq = event["data"], event["seq"]
    try:
        if event["kind"] == "case.started" and data["definition"] != definition.hash:
            yield Difference("definition", "файлы версии процедуры не те, с которыми дело начато", seq)
        if event["kind"] == "case.advanced":
            yield from _step(definition, rerun, data, seq)
        else:
            note(rerun, event, data)
        if event["kind"] == "deadline.moved":
            _move_timer(definition, rerun, event["element"], data)
    except (AttributeError, KeyError, TypeError, ValueError):
        yield Difference("history", f"это не событие вида {event['kind']}", seq)


def _move_timer(definition: "Definition", rerun: Rerun, element: str | None, data: Mapping[str, Any]) -> None:
    """Let the timer of a moved term wait for the new one: that of the task, else one of the element."""
    was, due = (fires_after(datetime.fromisoformat(data[name])).isoformat() for name in ("was", "due_at"))
    host = rerun.tasks[data["task"]]["token"] if data["task"] in rerun.tasks else None
    for token, timer in rerun.timers.items():
        drawn = definition.drawing.elements.get(timer["element"])
        is_of = drawn is not None and element in {drawn.id, drawn.attached_to}
        if timer["due"] == was and (is_of if host is None else rerun.places[token].host == host):
            timer["due"] = due
            return


def _step(definition: "Definition", rerun: Rerun, recorded: Mapping[str, Any], seq: int) -> Iterator[Difference]:
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
    rerun.places.update((o.token, Place(read_json(as_json(o.local)), o.host)) for o in step.opened)
    for closed in step.closed:
        rerun.timers.pop(closed.token, None)
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


def _check_texts(tx: "Transaction", case_id: str, digests: Mapping[str, tuple[str, int]]) -> list[Difference]:
    found = []
    for text in records.all_texts(tx.connection, case_id):
        digest, seq = digests.get(text["ref"], ("", text["seq"]))
        if seq != text["seq"] or digest != _digest(text):
            found.append(Difference("history_text", f"текст {text['ref']} изменён", seq))
    return found


def _digest(text: Mapping[str, Any]) -> str | None:
    """The digest of a text; None where somebody left no text there (SQLite)."""
    try:
        return hashlib.sha256(text["salt"].encode() + text["text"].encode()).hexdigest()
    except AttributeError:
        return None


def _audit(tx: "Transaction", case: Mapping[str, Any], *, is_whole: bool) -> Iterator[Difference]:
    """What the procedure itself finds: its own records against the facts.

    Where the chain is not whole the facts may be none that the procedure writes: that it cannot read them is told then.
    """
    audit = tx.runtime.registry.audits.get(case["process"])
    if audit is None:
        return
    facts = (served(row) for row in records.stream(tx.connection, case["id"]))
    try:
        for seq, table, message in audit(tx.connection, case["id"], facts):
            yield Difference(table, message, seq)
    except (AttributeError, LookupError, TypeError, ValueError):
        if is_whole:
            raise
        yield Difference("history", "события не такие, какие пишет процедура: её записи с ними не сверить")


def _references(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        if value.keys() == {"ref", "digest"} and isinstance(value["ref"], str):
            yield value["ref"], value["digest"]
            return
        for each in value.values():
            yield from _references(each)
    elif isinstance(value, list):
        for each in value:
            yield from _references(each)
