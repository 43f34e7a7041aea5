"""The task inbox: lists, counts, one task."""

import base64
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Final

import orjson

from engine.actors import Actor
from engine.calls import View
from engine.cases import Page, check_visible
from engine.clock import MOSCOW, moscow
from engine.errors import InvalidError, NotFoundError
from engine.history.reading import entered
from engine.records import cases as case_records
from engine.records import desks, inbox_counts, inbox_done
from engine.records import inbox as records
from engine.records.inbox_done import Finished
from engine.records.words import asked_words

if TYPE_CHECKING:
    from engine.runtime import Transaction

Row = dict[str, Any]

#: What an integrator may ask for; people also have `substituting`, `following` and `done`.
SCOPES: Final = ("mine", "available", "all")
_OWN_SCOPES: Final = (*SCOPES, "substituting", "following", "done")
_STATES: Final = ("open", "completed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a page of tasks is narrowed to; None or empty asks for nothing.

    `elements`: at one of these. `text`: of a case found by these words (see `engine.records.words`). `due_from` and
    `due_before`: due in [from, before).
    """

    case: str | None = None
    elements: Collection[str] | None = None
    text: str = ""
    due_from: datetime | None = None
    due_before: datetime | None = None


def list_tasks(
    tx: "Transaction",
    actor: Actor,
    *,
    scope: str = "mine",
    case: str | None = None,
    element: str | None = None,
    state: str = "open",
    due_before: datetime | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> Page:
    """Tasks sorted by due date, as integrators ask for them.

    `mine`: held by the actor (completed: done by the actor); `available`: open, unclaimed, offered to a group the actor
    holds; `all`: every task of the cases the actor may see. Raises InvalidError for an unknown scope, state or cursor.
    """
    filters = Filters(case=case, elements=None if element is None else (element,), due_before=due_before)
    return find_tasks(tx, actor, filters, scope=scope, state=state, limit=limit, cursor=cursor)


def find_tasks(
    tx: "Transaction",
    actor: Actor,
    filters: Filters,
    *,
    scope: str = "mine",
    state: str = "open",
    limit: int = 50,
    cursor: str | None = None,
) -> Page:
    """Tasks of a scope that pass the filters, sorted by due date; at most three statements.

    Besides the scopes of `list_tasks`: `substituting`, what the actor may do only as a stand-in and what the absent
    people hold; `following`, what the actor means to come back to, by that day (`follow_up`), unfiltered; `done`, what
    the actor has completed, the newest first, `due_from` and `due_before` then bounding the instant of completion.
    Raises InvalidError for an unknown scope, state or cursor.
    """
    if scope not in _OWN_SCOPES:
        raise InvalidError(errors={"scope": [f"Допустимо: {', '.join(SCOPES)}."]}, rule=False)
    if state not in _STATES:
        raise InvalidError(errors={"state": ["Допустимо: open, completed."]}, rule=False)
    if scope == "following":
        return _followed(tx, actor, limit, cursor)
    words = asked_words(filters.text)
    if filters.text.strip() and not words:
        return Page([], None)
    if scope == "done":
        finished = Finished(
            login=actor.login,
            owner=_owner(actor),
            elements=filters.elements,
            words=words,
            since=filters.due_from,
            until=filters.due_before,
        )
        return _finished(tx, finished, limit, cursor)
    is_done = state == "completed"
    asked = records.Asked(
        state=state,
        assignee=actor.login if scope == "mine" and not is_done else None,
        groups=_groups(actor, scope),
        absent=sorted({one.absent for one in actor.standins}) if scope == "substituting" else (),
        owner=_owner(actor),
        case=filters.case,
        elements=None if filters.elements is None else tuple(filters.elements),
        completed_by=actor.login if scope == "mine" and is_done else None,
        words=words,
        due_from=filters.due_from,
        due_before=filters.due_before,
    )
    if asked.groups is not None and asked.owner is not None and not asked.groups:
        return Page([], None)
    rows = records.tasks(tx.connection, asked, _read_cursor(cursor), limit + 1)
    more = len(rows) > limit
    rows = rows[:limit]
    return Page(rows, _cursor(rows[-1]["due_at"], rows[-1]["id"]) if more else None)


def _groups(actor: Actor, scope: str) -> Collection[str] | None:
    if scope == "available":
        return actor.all_groups
    return substituted_groups(actor) if scope == "substituting" else None


def substituted_groups(actor: Actor) -> frozenset[str]:
    """Groups that an actor holds only as a stand-in."""
    own = frozenset() if actor.absent else actor.groups
    return actor.all_groups - own


def _followed(tx: "Transaction", actor: Actor, limit: int, cursor: str | None) -> Page:
    key = _read_cursor(cursor)
    after = (moscow(key[0]).date(), key[1]) if key is not None and key[0] is not None else None
    rows = records.followed(tx.connection, actor.login, _owner(actor), after, limit + 1)
    more = len(rows) > limit
    rows = rows[:limit]
    return Page(rows, _cursor(_midnight(rows[-1]["follow_up"]), rows[-1]["id"]) if more else None)


def _finished(tx: "Transaction", asked: Finished, limit: int, cursor: str | None) -> Page:
    key = _read_cursor(cursor)
    after = (key[0], key[1]) if key is not None and key[0] is not None else None
    rows = inbox_done.done(tx.connection, asked, after, limit + 1)
    more = len(rows) > limit
    rows = rows[:limit]
    return Page(rows, _cursor(rows[-1]["completed_at"], rows[-1]["id"]) if more else None)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, MOSCOW)


def _owner(actor: Actor) -> str | None:
    """Whose cases alone an actor sees; None for everybody's."""
    return None if actor.sees_all else (actor.owner or "")


def _cursor(due_at: datetime | None, identity: str) -> str:
    due = due_at.isoformat() if due_at else None
    return base64.urlsafe_b64encode(orjson.dumps([due, identity])).decode()


def _read_cursor(cursor: str | None) -> tuple[datetime | None, str] | None:
    if not cursor:
        return None
    try:
        due, identity = orjson.loads(base64.urlsafe_b64decode(cursor.encode()))
        if not isinstance(identity, str) or not identity.isprintable():
            raise TypeError(type(identity).__name__)
        return (moscow(datetime.fromisoformat(due)) if due else None, identity)
    except (ValueError, TypeError, OverflowError) as error:
        raise InvalidError(
            errors={"cursor": ["Неверный указатель страницы: начните список сначала."]}, rule=False
        ) from error


def get_task(tx: "Transaction", task_id: str, actor: Actor) -> Row:
    """A task row, with `form` (the form file's JSON, or None), `data` (shown with it) and `draft` (the holder's).

    `entered` is what a completed task was completed with. Raises NotFoundError.
    """
    task = visible_task(tx, task_id, actor)
    definition = tx.runtime.definitions.get(tx, task["case_definition"])
    case = case_records.get_case(tx.connection, task["case"]) or {}
    form = definition.form(task["element"])
    path = f"forms/{definition.form_key(task['element'])}.json"
    provider = tx.runtime.registry.providers.get((task["process"], task["element"]))
    view = View(tx.connection, actor, tx.now, definition, case, task)
    return {
        **task,
        "form": orjson.loads(definition.bundle.files[path]) if form else None,
        "data": dict(provider(view)) if provider else {},
        "draft": task["draft"] if task["draft_by"] == actor.login else None,
        "entered": entered(tx, task, form),
    }


def visible_task(tx: "Transaction", task_id: str, actor: Actor) -> Row:
    """A task's row, with its case's number, title, state, version and owner. Raises NotFoundError."""
    task = records.get_task(tx.connection, task_id)
    if task is None:
        raise NotFoundError("Такой задачи нет.")
    check_visible({"owner": task["case_owner"]}, actor, "Такой задачи нет.")
    return task


def follow_ups(tx: "Transaction", actor: Actor, tasks: Collection[str]) -> dict[str, date]:
    """The days on which the actor wants to come back to these tasks."""
    return desks.follow_ups(tx.connection, actor.login, tasks)


def counts(tx: "Transaction", actor: Actor) -> dict[str, int]:
    """How many tasks the actor holds, has overdue, is offered, may do for others, meant to come back to by today.

    Keys: mine, overdue, available, substituting, following; `COUNTED` stands for any more. One statement.
    """
    asker = inbox_counts.Asker(
        actor.login,
        actor.all_groups,
        substituted_groups(actor),
        {one.absent for one in actor.standins},
        _owner(actor),
    )
    return inbox_counts.counts(tx.connection, asker, tx.now, moscow(tx.now).date())
