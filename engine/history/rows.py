"""The rows that lists are read from, against the case as its facts make it."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.clock import moscow
from engine.history.links import Difference
from engine.history.rerun import TASK, Rerun
from engine.records import cases as records

if TYPE_CHECKING:
    from engine.runtime import Transaction


def compare(tx: "Transaction", case: Mapping[str, Any], rerun: Rerun) -> list[Difference]:
    """The rows that lists are read from, against what the facts made."""
    found = []
    made = {"data": rerun.data, "at": rerun.at, "end": rerun.end, "state": rerun.status, "process": rerun.process}
    made |= {"started_by": rerun.started[0], "started_at": rerun.started[1], "ended_at": rerun.ended_at}
    for name, expected in made.items():
        if _told(case[name]) != expected:
            found.append(Difference("case_file", f"поле {name} не то, что следует из истории", case["seq"]))
    state = records.read_state(tx.connection, case["id"])
    if state != rerun.state:
        found.append(Difference("case_state", "состояние дела не то, что следует из истории", case["seq"]))
    for row in records.tasks_of(tx.connection, case["id"]):
        expected_task = rerun.tasks.pop(row["id"], None)
        if expected_task is None:
            found.append(Difference("task", f"задачи {row['id']} нет в истории"))
        elif expected_task["state"] != row["state"] or (
            row["state"] == "completed" and expected_task["by"] != row["completed_by"]
        ):
            found.append(Difference("task", f"задача {row['element']} не в том состоянии, что в истории"))
        elif changed := [name for name in TASK if _told(row[name]) != expected_task[name]]:
            element, fields = expected_task["element"] or row["element"], ", ".join(changed)
            found.append(Difference("task", f"задача {element}: не то, что в истории: {fields}"))
    found += [Difference("task", f"задача {identity} из истории пропала") for identity in rerun.tasks]
    return found


def _told(value: Any) -> Any:
    """A row's value as a fact tells it: an instant in Europe/Moscow as ISO 8601."""
    return moscow(value).isoformat() if isinstance(value, datetime) else value
