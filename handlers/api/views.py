"""Rows of the engine as the API shows them (contract, section 3): the names and shapes that integrators rely on."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from engine import cases, inbox
from engine.actors import Actor
from engine.history import Verdict
from engine.history.reading import version_numbers
from engine.runtime import Transaction
from processes.certification import access

Row = Mapping[str, Any]

_DUE: Final = ("working_days", "counted_from", "calendar_version", "provisional", "clause", "normative")
_PLAIN: Final = ("id", "process", "element", "name", "state", "assignee", "candidates", "created_at", "due_at")


def case_view(tx: Transaction, row: Row, versions: Mapping[str, int] | None = None) -> dict[str, Any]:
    """Return a case; `version` is the number of its definition, `stage` is in applicants' words."""
    version = row["definition"]
    number = tx.runtime.definitions.number(tx, version) if versions is None else versions.get(version)
    plain = {name: row[name] for name in ("id", "number", "process", "state", "end", "at", "title", "data", "revision")}
    return {
        **plain,
        "version": number,
        "stage": cases.stage_of(tx, dict(row)),
        "started_at": row["started_at"],
        "ended_at": row["ended_at"],
    }


def case_list(tx: Transaction, page: cases.Page) -> dict[str, Any]:
    """Return a page of cases."""
    versions = {process: version_numbers(tx, process) for process in {row["process"] for row in page.items}}
    return {"items": [case_view(tx, row, versions[row["process"]]) for row in page.items], "next": page.next}


def task_view(row: Row, case: Row | None = None) -> dict[str, Any]:
    """Return a task; `case` is its case's row where the task's own row has only the id."""
    shown = {name: row[name] for name in _PLAIN}
    shown["case"] = _case_of(row, case)
    due = row["due"]
    shown["due"] = None if due is None else {name: due.get(name) for name in _DUE}
    shown["completed_at"] = row.get("completed_at")
    return shown


def task_list(page: Any) -> dict[str, Any]:
    """Return a page of tasks."""
    return {"items": [task_view(row) for row in page.items], "next": page.next}


def completed_view(tx: Transaction, done: cases.Completed) -> dict[str, Any]:
    """Return what a completion did: the task, its case, and the tasks it opened."""
    return {
        "task": task_view(done.task, done.case),
        "case": case_view(tx, done.case),
        "opened": [task_view(row, done.case) for row in done.opened],
    }


def opened_task(tx: Transaction, task_id: str, actor: Actor) -> dict[str, Any]:
    """Return one task whole: form, data (what is shown with it and, once completed, what was entered), own draft.

    An expert's data is no other person's before all conclusions are in (contract, section 8, Tasks).
    """
    row = access.shown_task(tx, inbox.get_task(tx, task_id, actor), actor)
    data = {**row["data"], **(row["entered"] or {})}
    return {**task_view(row), "form": row["form"], "data": data, "draft": row["draft"]}


def verdict_view(verdict: Verdict) -> dict[str, Any]:
    """Return whether a history is whole; `first_difference` says where re-execution and tables first depart from it."""
    execution = [*verdict.execution, *verdict.rows]
    first = (
        {"seq": execution[0].seq, "table": execution[0].table, "message": execution[0].message} if execution else None
    )
    broken = [{"seq": each.seq, "table": each.table, "message": each.message} for each in verdict.chain]
    return {
        "ok": verdict.is_true,
        "events": verdict.events,
        "chain": {"ok": not broken, "first_difference": broken[0] if broken else None},
        "reexecution": {"ok": not execution, "first_difference": first},
    }


def document_view(row: Row) -> dict[str, Any]:
    """Return what is told of a document; its content has an address of its own."""
    return {name: row[name] for name in ("id", "kind", "title", "name", "media_type", "size", "sha256", "at", "by")}


def letter_view(row: Row) -> dict[str, Any]:
    """Return a letter as it was written, with what became of it."""
    return {name: row[name] for name in ("id", "case", "kind", "to", "subject", "body", "at", "delivery")}


def version_view(row: Row) -> dict[str, Any]:
    """Return a released version: who wrote and released it, on what basis, from when, and its hash."""
    return {
        "key": row["key"],
        "version": row["number"],
        "name": row["name"],
        "author": row["author"],
        "released_by": row["released_by"],
        "released_at": row["released_at"],
        "basis": row["basis"],
        "effective_from": row["effective_from"],
        "hash": row["hash"],
    }


def list_view(items: Sequence[Any], following: str | None = None) -> dict[str, Any]:
    """Return the shape of every list: `items` and the cursor of the next page."""
    return {"items": list(items), "next": following}


def _case_of(row: Row, case: Row | None) -> dict[str, Any]:
    if case is not None:
        return {name: case[name] for name in ("id", "number", "title")}
    return {"id": row["case"], "number": row["case_number"], "title": row["case_title"]}
