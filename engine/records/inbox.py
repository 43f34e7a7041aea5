"""Queries on open and completed tasks, sorted by due date (those without one last); the cursor is (due, id).

Each page is read along indexes, in their order: a head is one range of one index, named by the narrowest filter; other
filters are hidden from the planner, so that a person with ten tasks never pays for the hundred thousand of others.
Several heads (groups, elements) are read to the page's length each and merged. Statements are made once a shape and
kept, since making one costs more than running it. Dated tasks and those without a date are two statements at most.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple, TypeAlias

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.database import Instant
from engine.records.desks import follow_up
from engine.records.statements import Statement
from engine.records.tables import case, task, task_candidate
from engine.records.words import cases_with, has_word, range_of

Row = dict[str, Any]
Condition = sa.ColumnElement[bool]
Key: TypeAlias = tuple[datetime | None, str]
DayKey: TypeAlias = tuple[date, str]

#: A search that finds no more cases than this is read case by case; a wider one looks at tasks in their order.
NARROW: Final = 200

_COUNT: Final[sa.BindParameter[int]] = sa.bindparam("count", type_=sa.Integer)
#: SQLite is always told an offset; spelled out, it is no further parameter.
_NONE: Final = sa.literal_column("0", sa.Integer)
_UNLISTED: Final = frozenset({"local", "draft"})
_CASE: Final = [
    case.c.number.label("case_number"),
    case.c.title.label("case_title"),
    case.c.state.label("case_state"),
    case.c.definition.label("case_definition"),
]
#: What a list shows of a task and its case, and their names.
LISTED: Final = [*(column for column in task.c if column.name not in _UNLISTED), *_CASE]
KEYS: Final = tuple(column.name for column in LISTED)
#: What names the rows of a head: columns of its table's index.
_HEADS: Final = {
    "case": (task.c.case,),
    "assignee": (task.c.assignee,),
    "completed_by": (task.c.completed_by,),
    "owner": (task.c.owner, task.c.state),
    "element": (task.c.element, task.c.state),
    "state": (task.c.state,),
    "offer": (task_candidate.c.group,),
    "offer_element": (task_candidate.c.group, task_candidate.c.element),
}
#: Heads that do not name the state.
_STATELESS: Final = frozenset({"case", "cases", "assignee", "completed_by"})
#: Filters whose values are a list of any length.
_LISTS: Final = frozenset({"cases", "elements", "offered", "offered_or_held", "absent"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Filters of a page, all of which must hold; None asks for nothing.

    `assignee`: open and held by that login. `groups`: held by nobody and offered to one of these. `absent`: besides the
    offers to `groups`, what these people hold and need not do in person. `owner`: of that organisation. `elements`: at
    one of these. `words`: of a case with words of these beginnings. `due_from`, `due_before`: due in [from, before).
    """

    state: str = "open"
    assignee: str | None = None
    groups: Collection[str] | None = None
    absent: Collection[str] = ()
    owner: str | None = None
    case: str | None = None
    elements: Collection[str] | None = None
    completed_by: str | None = None
    words: tuple[str, ...] = ()
    due_from: datetime | None = None
    due_before: datetime | None = None


class _Shape(NamedTuple):
    """All that tells one page's statement from another's, but for the values."""

    heads: tuple[str, ...]
    filters: tuple[str, ...]
    words: int
    dated: bool
    after: bool
    low: bool
    high: bool


def tasks(connection: Connection, asked: Asked, after: Key | None, limit: int) -> list[Row]:
    """Tasks past a key, with their case's number, title, state and version; at most three statements.

    Rows have every column of a task but `local` and `draft`.
    """
    if (asked.groups is not None and asked.state != "open") or asked.elements == ():
        return []
    narrowed: list[str] | None = None
    if asked.words:
        narrowed = cases_with(connection, asked.words, NARROW + 1)
        if not narrowed:
            return []
        narrowed = None if len(narrowed) > NARROW else narrowed
    heads, filters, values = _plan(asked, narrowed)
    if not heads:
        return []
    found: list[Row] = []
    words = len(asked.words) if "words" in filters else 0
    for dated in _parts(asked, after):
        is_past = after is not None and dated == (after[0] is not None)
        has_low, has_high = dated and asked.due_from is not None, dated and asked.due_before is not None
        shape = _Shape(heads, filters, words, dated, is_past, has_low, has_high)
        given = {**values, "count": limit - len(found)}
        given |= {"low": asked.due_from} if has_low else {}
        given |= {"high": asked.due_before} if has_high else {}
        if is_past and after is not None:
            given |= {"after_due": after[0], "after_id": after[1]} if dated else {"after_id": after[1]}
        found += _read(connection, shape, given)
        if len(found) == limit:
            break
    return found


def _read(connection: Connection, shape: _Shape, values: Row) -> list[Row]:
    statement, is_plain = _statement(shape)
    if is_plain:
        rows: Any = statement.all(connection, values)
    else:
        rows = connection.execute(statement.clause, values)
    return [dict(zip(KEYS, row, strict=True)) for row in rows]


def _parts(asked: Asked, after: Key | None) -> list[bool]:
    """What is left to read: the dated tasks, those without a date."""
    dated = [] if after is not None and after[0] is None else [True]
    has_range = asked.due_before is not None or asked.due_from is not None
    return dated if has_range else [*dated, False]


def _plan(asked: Asked, narrowed: list[str] | None) -> tuple[tuple[str, ...], tuple[str, ...], dict[str, Any]]:
    """Heads, further filters, and the values of both."""
    given = _given(asked, narrowed)
    single = next((name for name in ("case", "cases", "assignee", "completed_by", "owner") if name in given), None)
    heads: list[tuple[str, tuple[Any, ...]]]
    if single == "cases":
        heads = [("cases", ())]
        if asked.absent:
            given |= {"offered_or_held": given.pop("offered"), "absent": sorted(asked.absent)}
    elif single is not None:
        heads = [(single, (given.pop(single), asked.state)[: len(_HEADS[single])])]
    elif asked.groups is not None:
        heads = _offers(given.pop("offered"), given.get("elements"))
        heads += [("assignee", (login,)) for login in sorted(asked.absent)]
        if asked.absent:
            given["impersonal"] = None
    elif "elements" in given:
        heads = [("element", (element, asked.state)) for element in given.pop("elements")]
    else:
        heads = [("state", (asked.state,))]
    values: dict[str, Any] = {} if _STATELESS.isdisjoint(kind for kind, _ in heads) else {"state": asked.state}
    for number, (_kind, named) in enumerate(heads):
        values |= {f"h{number}_{place}": value for place, value in enumerate(named)}
    values |= {name: value for name, value in given.items() if name not in {"words", "impersonal"}}
    for number, word in enumerate(given.get("words", ())):
        values[f"w{number}_0"], values[f"w{number}_1"] = range_of(word)
    if not asked.absent and asked.groups is not None and single is None:
        given.pop("elements", None)
        values.pop("elements", None)
    return tuple(kind for kind, _ in heads), tuple(sorted(given)), values


def _given(asked: Asked, narrowed: list[str] | None) -> dict[str, Any]:
    """The filters asked for, by name."""
    named = (
        ("case", asked.case),
        ("cases", narrowed),
        ("assignee", asked.assignee),
        ("completed_by", asked.completed_by),
        ("owner", asked.owner),
        ("offered", sorted(asked.groups) if asked.groups is not None else None),
        ("elements", sorted(asked.elements) if asked.elements is not None else None),
        ("words", asked.words if asked.words and narrowed is None else None),
    )
    return {name: value for name, value in named if value is not None}


def _offers(groups: list[str], elements: list[str] | None) -> list[tuple[str, tuple[Any, ...]]]:
    if elements is None:
        return [("offer", (group,)) for group in groups]
    return [("offer_element", (group, element)) for group in groups for element in elements]


@lru_cache(maxsize=512)
def _statement(shape: _Shape) -> tuple[Statement, bool]:
    """A shape's statement, and whether the driver can be handed it (no list of values of any length in it)."""
    is_plain = _LISTS.isdisjoint(shape.filters) and "cases" not in shape.heads
    return Statement(_select(shape)), is_plain


def _select(shape: _Shape) -> sa.Select[Any]:
    if len(shape.heads) == 1 and not shape.heads[0].startswith("offer"):
        kind = shape.heads[0]
        query = sa.select(*LISTED).join(case, case.c.id == task.c.case)
        query = query.where(*_named(kind, 0), *_filters(shape, kind), *_beyond(task.c.due_at, task.c.id, shape))
        return query.order_by(task.c.due_at, task.c.id).limit(_COUNT).offset(_NONE)
    parts = [_head(kind, number, shape) for number, kind in enumerate(shape.heads)]
    merged = (sa.union(*parts) if len(parts) > 1 else parts[0]).subquery()
    first = (
        sa.select(merged.c.due_at, merged.c.id)
        .order_by(merged.c.due_at, merged.c.id)
        .limit(_COUNT)
        .offset(_NONE)
        .subquery()
    )
    query = sa.select(*LISTED).select_from(first).join(task, task.c.id == first.c.id)
    return query.join(case, case.c.id == task.c.case).order_by(first.c.due_at, first.c.id)


def _head(kind: str, number: int, shape: _Shape) -> sa.Select[Any]:
    if kind.startswith("offer"):
        due, identity = task_candidate.c.due_at, task_candidate.c.task.label("id")
        query = sa.select(due, identity)
        if shape.words:
            query = query.join(task, task.c.id == task_candidate.c.task)
        query = query.where(*_beyond(due, task_candidate.c.task, shape)).order_by(due, task_candidate.c.task)
    else:
        query = sa.select(task.c.due_at, task.c.id).where(*_beyond(task.c.due_at, task.c.id, shape))
        query = query.order_by(task.c.due_at, task.c.id)
    query = query.where(*_named(kind, number), *_filters(shape, kind))
    head = query.limit(_COUNT).offset(_NONE).subquery()
    return sa.select(head.c.due_at, head.c.id)


def _named(kind: str, number: int) -> list[Condition]:
    if kind == "cases":
        return [task.c.case.in_(sa.bindparam("cases", expanding=True))]
    named = [column == sa.bindparam(f"h{number}_{place}") for place, column in enumerate(_HEADS[kind])]
    # Its index has open tasks alone. Of them, said by their state the planner would think of the index of all.
    return [*named, task.c.completed_at.is_(None)] if kind == "assignee" else named


def _filters(shape: _Shape, kind: str) -> list[Condition]:
    """What the rows of a head are looked at for, hidden from the planner."""
    found: list[Condition] = []
    for name in shape.filters:
        if name in {"assignee", "completed_by", "owner"}:
            found.append(_seen(task.c[name]) == sa.bindparam(name))
        elif name == "elements" and kind != "offer_element":
            found.append(_seen(task.c.element).in_(sa.bindparam("elements", expanding=True)))
        elif name == "offered":
            found.append(_is_offered("offered"))
        elif name == "offered_or_held":
            held = sa.and_(task.c.assignee.in_(sa.bindparam("absent", expanding=True)), task.c.fixed.is_(False))
            found.append(sa.or_(_is_offered("offered_or_held"), held))
        elif name == "impersonal" and kind == "assignee":
            found.append(_seen_flag(task.c.fixed).is_(False))
        elif name == "words":
            found += [
                has_word(task.c.case, sa.bindparam(f"w{n}_0"), sa.bindparam(f"w{n}_1")) for n in range(shape.words)
            ]
    if kind in _STATELESS:
        found.append(_seen(task.c.state) == sa.bindparam("state"))
    return found


def _is_offered(groups: str) -> Condition:
    columns = task_candidate.c
    offer = sa.select(columns.task).where(
        columns.task == task.c.id, columns.group.in_(sa.bindparam(groups, expanding=True))
    )
    return offer.exists()


def _seen(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """A column as no index knows it."""
    return sa.func.coalesce(column, sa.literal_column("''"))


def _seen_flag(column: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.func.coalesce(column, sa.true())


def _beyond(due: sa.ColumnElement[Any], identity: sa.ColumnElement[Any], shape: _Shape) -> list[Condition]:
    """The range of one part: dated or not, past the key, between the dates asked for."""
    past = sa.bindparam("after_id", type_=sa.String)
    if not shape.dated:
        return [due.is_(None), *([identity > past] if shape.after else [])]
    found: list[Condition] = [due.is_not(None)]
    if shape.after:
        found = [sa.tuple_(due, identity) > sa.tuple_(sa.bindparam("after_due", type_=Instant), past)]
    if shape.low:
        found.append(due >= sa.bindparam("low", type_=Instant))
    if shape.high:
        found.append(due < sa.bindparam("high", type_=Instant))
    return found


_FOLLOWED: Final = (
    sa.select(*LISTED, follow_up.c.day)
    .select_from(follow_up)
    .join(task, task.c.id == follow_up.c.task)
    .join(case, case.c.id == task.c.case)
    .where(follow_up.c.login == sa.bindparam("login"), _seen(task.c.state) == "open")
    .order_by(follow_up.c.day, follow_up.c.task)
    .limit(_COUNT)
    .offset(_NONE)
)
_FOLLOWED_AFTER: Final = _FOLLOWED.where(
    sa.tuple_(follow_up.c.day, follow_up.c.task)
    > sa.tuple_(sa.bindparam("day", type_=sa.Date), sa.bindparam("id", type_=sa.String))
)


def followed(connection: Connection, login: str, owner: str | None, after: DayKey | None, limit: int) -> list[Row]:
    """Open tasks that a person means to come back to, by day (`follow_up`), past a key; one statement."""
    values: dict[str, Any] = {"login": login, "count": limit}
    query = _FOLLOWED
    if after is not None:
        query, values = _FOLLOWED_AFTER, {**values, "day": after[0], "id": after[1]}
    keys = (*KEYS, "follow_up")
    rows = [dict(zip(keys, row, strict=True)) for row in connection.execute(query, values)]
    return rows if owner is None else [row for row in rows if row["owner"] == owner]


_TASK: Final = (
    sa.select(*task.c, *_CASE, case.c.owner.label("case_owner"))
    .join(case, case.c.id == task.c.case)
    .where(task.c.id == sa.bindparam("id"))
)


def get_task(connection: Connection, identity: str) -> Row | None:
    """A task with its case's number, title, state and version."""
    row = connection.execute(_TASK, {"id": identity}).mappings().first()
    return dict(row) if row else None


def get_tasks(connection: Connection, identities: Collection[str]) -> list[Row]:
    """Tasks by id, with their cases' number, title, state, version and owner, in no order; one statement."""
    query = sa.select(*task.c, *_CASE, case.c.owner.label("case_owner")).join(case, case.c.id == task.c.case)
    query = query.where(task.c.id.in_(sorted(identities)))
    return [dict(row) for row in connection.execute(query).mappings()]
