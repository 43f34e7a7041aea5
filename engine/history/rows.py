"""The rows that lists are read from, against the case as its facts make it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from engine.clock import moscow
from engine.deadlines import REMINDER
from engine.history.links import Difference
from engine.history.rerun import TASK, Place, Rerun
from engine.records import cases as records

if TYPE_CHECKING:
    from engine.runtime import Transaction

_NOWHERE: Final = Place({}, None)


def compare(tx: "Transaction", case: Mapping[str, Any], rerun: Rerun) -> list[Difference]:
    """The rows that lists are read from, against what the facts made."""
    found = []
    made = {"data": rerun.data, "at": rerun.at, "end": rerun.end, "state": rerun.status, "process": rerun.process}
    made |= {"started_by": rerun.started[0], "started_at": rerun.started[1], "ended_at": rerun.ended_at}
    for name, expected in made.items():
        if _told(case[name]) != expected:
            found.append(Difference("case_file", f"поле {name} не то, что следует из истории", case["seq"]))
    for table, look in (("case_state", _states), ("task", _tasks), ("task_candidate", _offers), ("timer", _timers)):
        try:
            found += [Difference(table, message) for message in look(tx, case, rerun)]
        except (TypeError, ValueError):
            found.append(Difference(table, "строки не читаются: в них не то, что было записано"))
    return found


def _states(tx: "Transaction", case: Mapping[str, Any], rerun: Rerun) -> Iterator[str]:
    if records.read_state(tx.connection, case["id"]) != rerun.state:
        yield "состояние дела не то, что следует из истории"


def _tasks(tx: "Transaction", case: Mapping[str, Any], rerun: Rerun) -> Iterator[str]:
    rows = {row["id"]: row for row in records.tasks_of(tx.connection, case["id"])}
    for identity, row in rows.items():
        made = rerun.tasks.get(identity)
        if made is None:
            yield f"задачи {identity} нет в истории"
        elif (made["state"], made["by"]) != (row["state"], row["completed_by"]):
            yield f"задача {row['element']} не в том состоянии, что в истории"
        else:
            expected = made | {"process": rerun.process, "local": rerun.places.get(made["token"], _NOWHERE).local}
            changed = [name for name in (*TASK, "process", "local") if _told(row[name]) != expected[name]]
            if changed:
                yield f"задача {made['element'] or row['element']}: не то, что в истории: {', '.join(changed)}"
    yield from (f"задача {identity} из истории пропала" for identity in rerun.tasks.keys() - rows.keys())


def _offers(tx: "Transaction", case: Mapping[str, Any], rerun: Rerun) -> Iterator[str]:
    """What is open and held by nobody is offered to the groups that its fact names, and nothing else is."""
    made = {
        (identity, group, task["element"], task["due_at"])
        for identity, task in rerun.tasks.items()
        if task["state"] == "open" and task["assignee"] is None
        for group in task["candidates"]
    }
    rows = records.offers_of(tx.connection, case["id"])
    kept = {(row["task"], row["group"], row["element"], _told(row["due_at"])) for row in rows}
    yield from sorted(f"задача {each[0]} предложена не тем, кому следует из истории" for each in made ^ kept)


def _timers(tx: "Transaction", case: Mapping[str, Any], rerun: Rerun) -> Iterator[str]:
    """Where a reminder was moved to no fact tells."""
    definition = tx.runtime.definitions.get(tx, case["definition"])
    rows = {row["token"]: row for row in records.timers_of(tx.connection, case["id"])}
    for token, row in rows.items():
        made = rerun.timers.get(token)
        if made is None:
            yield f"срока {row['element']} нет в истории"
            continue
        expected = made | {
            "process": rerun.process,
            "host": rerun.places.get(token, _NOWHERE).host,
            "rule": definition.timers[made["element"]].source,
            "held": rerun.status in {"suspended", "incident"},
        }
        names = [name for name in expected if (made["kind"], name) != (REMINDER, "due")]
        if changed := [name for name in names if _told(row[name]) != expected[name]]:
            yield f"срок {made['element']}: не то, что в истории: {', '.join(changed)}"
    yield from (f"срок {rerun.timers[token]['element']} пропал" for token in rerun.timers.keys() - rows.keys())


def _told(value: Any) -> Any:
    """A row's value as a fact tells it: an instant in Europe/Moscow as ISO 8601."""
    return moscow(value).isoformat() if isinstance(value, datetime) else value
