"""Reading a history: pages of events with their texts, and the case as it stood at any of them."""

from typing import TYPE_CHECKING, Any

import orjson

from engine.errors import NotFoundError
from engine.history.chain import served
from engine.records import definitions as definition_records
from engine.records import history as records

if TYPE_CHECKING:
    from engine.runtime import Transaction


def read(tx: "Transaction", case_id: str, *, after: int = 0, limit: int = 100) -> dict[str, Any]:
    """Events past `after`: `items` as served, `texts` {ref: {text, salt}}, `next` (the seq to go on after, or None)."""
    rows = records.page(tx.connection, case_id, after, limit + 1)
    more = len(rows) > limit
    rows = rows[:limit]
    texts = records.texts(tx.connection, case_id, rows[0]["seq"], rows[-1]["seq"]) if rows else []
    return {
        "items": [served(r) for r in rows],
        "texts": {t["ref"]: {"text": t["text"], "salt": t["salt"]} for t in texts},
        "next": rows[-1]["seq"] if more else None,
    }


def replay(tx: "Transaction", case_id: str, seq: int) -> dict[str, Any]:
    """The case as it stood right after event `seq`.

    `elements`: id -> {state: waiting | ready | completed | cancelled, count: how often it was entered}; `data` is what
    the case's data was then; `open_tasks` the tasks open then. Raises NotFoundError for a seq beyond the end.
    """
    elements: dict[str, dict[str, Any]] = {}
    tokens: dict[int, str] = {}
    data: dict[str, Any] = {}
    tasks: dict[str, dict[str, Any]] = {}
    at: list[str] = []
    version: Any = None
    moment, last = None, 0
    for row in records.stream(tx.connection, case_id):
        if row["seq"] > seq:
            break
        last, moment = row["seq"], row["at"]
        kind = row["kind"]
        if kind == "case.advanced":
            body = orjson.loads(row["data"])
            data.update(body["set"])
            for key in body["unset"]:
                data.pop(key, None)
            at = body["at"]
            for element, state, token in body["elements"]:
                entry = elements.setdefault(element, {"state": state, "count": 0})
                if token not in tokens:
                    entry["count"] += 1
                tokens[token] = state
                entry["state"] = state
        elif kind == "case.started":
            version = orjson.loads(row["data"])["version"]
        elif kind == "task.created":
            body = orjson.loads(row["data"])
            tasks[body["task"]] = {
                "id": body["task"],
                "element": row["element"],
                "assignee": body["assignee"],
                "candidates": body["candidates"],
                "due_at": body["due_at"],
            }
        elif kind in {"task.completed", "task.declined", "task.cancelled"}:
            tasks.pop(orjson.loads(row["data"])["task"], None)
        elif kind in {"task.claimed", "task.unclaimed", "task.delegated", "deadline.moved"}:
            body = orjson.loads(row["data"])
            if body.get("task") in tasks:
                for name in ("assignee", "due_at"):
                    if name in body:
                        tasks[body["task"]][name] = body[name]
        elif kind == "case.migrated":
            version = orjson.loads(row["data"])["version"]
    if last < seq or seq < 1:
        raise NotFoundError(f"В истории дела нет события № {seq}.")
    return {
        "seq": seq,
        "at": at,
        "moment": moment,
        "elements": elements,
        "data": data,
        "open_tasks": list(tasks.values()),
        "version": version,
    }


def version_numbers(tx: "Transaction", key: str) -> dict[str, int]:
    """Version ids of a procedure -> numbers."""
    return {r["id"]: r["number"] for r in definition_records.versions(tx.connection, key)}
