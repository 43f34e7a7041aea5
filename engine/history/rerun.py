"""A case as its facts alone make it: what each fact says of the case, its tasks, the next command."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from engine.machine import Command, Complete, Deliver, FireTimer, Start

_STANDING: Final = {
    "case.suspended": "suspended",
    "case.resumed": "active",
    "incident.raised": "incident",
    "incident.retried": "active",
}
#: What a task's row says, by the names of its columns.
TASK: Final = (
    "token",
    "element",
    "name",
    "candidates",
    "assignee",
    "fixed",
    "created_at",
    "due_at",
    "completed_at",
    "on_behalf_of",
    "completion",
)


class Place(NamedTuple):
    """Where the machine opened a task or a timer: the instances' items in its scope, the activity a timer is on."""

    local: dict[str, Any]
    host: int | None


@dataclass
class Rerun:
    """The case as the facts alone make it; `timers` (those that wait) and `places` are by token."""

    state: bytes | None = None
    data: dict[str, Any] = field(default_factory=dict)
    at: list[str] = field(default_factory=list)
    end: str | None = None
    tasks: dict[str, dict[str, Any]] = field(default_factory=dict)
    timers: dict[int, dict[str, Any]] = field(default_factory=dict)
    places: dict[int, Place] = field(default_factory=dict)
    status: str = "active"
    process: str = ""
    started: tuple[str, str] = ("", "")
    ended_at: str | None = None
    command: Command | None = None
    results: list[tuple[int, str, Any]] = field(default_factory=list)


def note(rerun: Rerun, event: Mapping[str, Any], data: Mapping[str, Any]) -> None:
    """Take up a fact that comes before its step: the command, a service's result, a task.

    Raises KeyError or TypeError for what no fact of its kind is.
    """
    rerun.status = _STANDING.get(event["kind"], rerun.status)
    match event["kind"]:
        case "case.started":
            rerun.command = Start(data["data"], data["payload"])
            rerun.process, rerun.started = data["process"], (event["actor"], event["at"])
        case "task.completed" | "task.declined":
            rerun.command = Complete(data["token"], data["variables"])
            _note_completion(_task(rerun, data["task"]), event)
        case "timer.fired":
            rerun.command = FireTimer(data["token"])
        case "message.received":
            rerun.command = Deliver(data["message"], data["payload"])
        case "service.called":
            rerun.results.append((data["token"], data["operator"], data["result"]))
        case "task.created":
            _task(rerun, data["task"]).update(
                {name: data[name] for name in ("token", "name", "candidates", "assignee", "due_at")},
                element=event["element"],
                fixed=data["assignee"] is not None,
                created_at=event["at"],
                state="open",
            )
        case "task.claimed" | "task.unclaimed" | "task.delegated":
            _task(rerun, data["task"])["assignee"] = data["assignee"]
        case "task.cancelled":
            _task(rerun, data["task"]).update(state="cancelled", completed_at=event["at"])
        case "timer.set" | "timer.set_aside":
            _note_timer(rerun, event, data)
        case "deadline.moved" if data["task"] in rerun.tasks:
            rerun.tasks[data["task"]]["due_at"] = data["due_at"]
        case "case.ended":
            rerun.ended_at = event["at"]
        case _:
            pass


def _note_timer(rerun: Rerun, event: Mapping[str, Any], data: Mapping[str, Any]) -> None:
    if event["kind"] == "timer.set":
        rerun.timers[data["token"]] = {"element": event["element"], "kind": data["kind"], "due": data["due"]}
    else:
        rerun.timers.pop(data["token"], None)


def _task(rerun: Rerun, identity: str) -> dict[str, Any]:
    """What is known of a task: nothing yet where the fact that made it is missing."""
    return rerun.tasks.setdefault(identity, dict.fromkeys((*TASK, "state", "by")))


def _note_completion(task: dict[str, Any], event: Mapping[str, Any]) -> None:
    task.update(
        state="completed",
        by=event["actor"],
        assignee=task["assignee"] or event["actor"],
        completed_at=event["at"],
        on_behalf_of=event["on_behalf_of"],
        completion=event["seq"],
    )
