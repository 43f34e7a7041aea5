"""Queries on cases, their states, tasks and timers."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.records.settings import gathered, spread
from engine.records.statements import Statement, Writes
from engine.records.tables import case, case_state, incident, setting, task, task_candidate, timer

Row = dict[str, Any]


_ID: Final[sa.BindParameter[str]] = sa.bindparam("identity")
_LOCK_CASE: Final = Statement(sa.select(case).where(case.c.id == _ID).with_for_update())
_HOLD_CASE: Final = Statement(
    sa.select(case.c.id)
    .where(case.c.id == sa.select(task.c.case).where(task.c.id == _ID).scalar_subquery())
    .with_for_update()
)
_READ_TASK: Final = Statement(
    sa.select(*[c.label(f"t_{c.name}") for c in task.c], *[c.label(f"c_{c.name}") for c in case.c])
    .join(case, case.c.id == task.c.case)
    .where(task.c.id == _ID)
)
_STEP: Final = (
    sa.select(*[c.label(f"t_{c.name}") for c in task.c], *[c.label(f"c_{c.name}") for c in case.c], case_state.c.state)
    .join(case, case.c.id == task.c.case)
    .join(case_state, case_state.c.case == case.c.id)
    .where(task.c.id == _ID)
)
_READ_STEP: Final = Statement(_STEP)
_LOOK_AT_STEP: Final = {
    dialect: Statement(_STEP.add_columns(gathered(dialect))) for dialect in ("sqlite", "postgresql")
}
_READ_STATE: Final = Statement(sa.select(case_state.c.state).where(case_state.c.case == _ID))
_READ_LOCKED: Final = Statement(
    sa.select(case, case_state.c.state).join(case_state, case_state.c.case == case.c.id).where(case.c.id == _ID)
)
_WRITE_STATE: Final = Statement(case_state.update().where(case_state.c.case == _ID))
_CHANGE: Final = case.update().where(
    case.c.id == _ID, case.c.revision == sa.bindparam("expected"), case.c.hash == sa.bindparam("head")
)
_UPDATE_CASE: Final = Statement(_CHANGE)
_MARK: Final = sa.select(sa.type_coerce(setting.c.value, sa.Text)).where(
    setting.c.key == sa.literal_column("'calendar'")
)
_UPDATE_COUNTED: Final = Statement(
    _CHANGE.where(
        sa.func.coalesce(_MARK.scalar_subquery(), sa.literal_column("''")) == sa.bindparam("calendar", type_=sa.Text)
    )
)
_LOCK_HEAD: Final = Statement(sa.select(case.c.revision, case.c.hash).where(case.c.id == _ID).with_for_update())
_UPDATE_TASK: Final = Statement(task.update().where(task.c.id == _ID))
_WITHDRAW: Final = Statement(task_candidate.delete().where(task_candidate.c.task == _ID))
_INSERT_CASE: Final = Statement(case.insert())
_INSERT_STATE: Final = Statement(case_state.insert())
_INSERT_TASK: Final = Statement(task.insert())
_INSERT_CANDIDATE: Final = Statement(task_candidate.insert())
_INSERT_TIMER: Final = Statement(timer.insert())
_DROP_TIMER: Final = Statement(timer.delete().where(timer.c.id == _ID))
_DROP_TIMER_OF: Final = Statement(timer.delete().where(timer.c.case == _ID, timer.c.token == sa.bindparam("waiting")))
_TASK_KEYS: Final = tuple(task.c.keys())
_CASE_KEYS: Final = tuple(case.c.keys())


def lock_case(connection: Connection, identity: str) -> Row | None:
    """The case row, locked until the transaction ends (SQLite's write transaction is the lock)."""
    row = _LOCK_CASE.first(connection, {"identity": identity})
    return None if row is None else dict(zip(_CASE_KEYS, row, strict=True))


def lock_task(connection: Connection, identity: str) -> tuple[Row, Row] | None:
    """A task row and its case row, the case locked.

    PostgreSQL locks the case in a statement of its own: the rows are then read anew, as the one waited for left them,
    and no task row is ever locked before its case. On SQLite the write transaction is the lock.
    """
    row = _held(connection, identity, _READ_TASK)
    if row is None:
        return None
    width = len(_TASK_KEYS)
    return dict(zip(_TASK_KEYS, row[:width], strict=True)), dict(zip(_CASE_KEYS, row[width:], strict=True))


def lock_step(connection: Connection, identity: str) -> tuple[Row, Row, bytes] | None:
    """All that completing a task reads: its row, its case row and the machine's state; the case locked."""
    row = _held(connection, identity, _READ_STEP)
    return None if row is None else _step_of(row)


def look_at_step(connection: Connection, identity: str) -> tuple[tuple[Row, Row, bytes], Row] | None:
    """The same, nothing locked, and the settings of the house."""
    row = _LOOK_AT_STEP[connection.dialect.name].first(connection, {"identity": identity})
    return None if row is None else (_step_of(row), spread(row.pop()))


def _step_of(row: list[Any]) -> tuple[Row, Row, bytes]:
    width = len(_TASK_KEYS)
    last = width + len(_CASE_KEYS)
    task_row, case_row = row[:width], row[width:last]
    return dict(zip(_TASK_KEYS, task_row, strict=True)), dict(zip(_CASE_KEYS, case_row, strict=True)), bytes(row[last])


def _held(connection: Connection, task_id: str, question: Statement) -> list[Any] | None:
    """What a statement finds for a task once its case is locked."""
    asked = {"identity": task_id}
    if connection.dialect.name != "sqlite":
        _HOLD_CASE.first(connection, asked)
    return question.first(connection, asked)


def lock_head(connection: Connection, identity: str) -> tuple[int, str] | None:
    """The revision of a case and the hash of its last fact, its row locked."""
    found = _LOCK_HEAD.first(connection, {"identity": identity})
    return None if found is None else (int(found[0]), str(found[1]))


def get_case(connection: Connection, identity: str) -> Row | None:
    """A case by id or number."""
    query = sa.select(case).where(sa.or_(case.c.id == identity, case.c.number == identity)).limit(1)
    row = connection.execute(query).mappings().first()
    return dict(row) if row else None


def cases_by_id(connection: Connection, identities: Iterable[str]) -> list[Row]:
    """Cases of these ids."""
    return [dict(r) for r in connection.execute(sa.select(case).where(case.c.id.in_(list(identities)))).mappings()]


def cases_of(
    connection: Connection,
    *,
    owner: str | None,
    text: str | None,
    state: str | None,
    process: str | None,
    after: str | None,
    limit: int,
) -> list[Row]:
    """Cases, newest first; `after` is the id of the last one seen."""
    query = sa.select(case)
    if owner is not None:
        query = query.where(case.c.owner == owner)
    if state:
        query = query.where(case.c.state == state)
    if process:
        query = query.where(case.c.process == process)
    if text:
        like = f"%{_escape(text)}%"
        query = query.where(sa.or_(case.c.number.ilike(like, escape="\\"), case.c.title.ilike(like, escape="\\")))
    if after:
        query = query.where(case.c.id < after)
    return [dict(r) for r in connection.execute(query.order_by(case.c.id.desc()).limit(limit)).mappings()]


def identities(connection: Connection, before: str | None, limit: int) -> list[str]:
    """Ids of cases, newest first; `before` is the last one seen."""
    query = sa.select(case.c.id).order_by(case.c.id.desc()).limit(limit)
    return list(connection.execute(query if before is None else query.where(case.c.id < before)).scalars())


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def insert_case(writes: Writes, row: Row, state: bytes) -> None:
    """A new case with its state."""
    writes.add(_INSERT_CASE, {name: row[name] for name in _CASE_KEYS if name in row})
    writes.add(_INSERT_STATE, {"case": row["id"], "state": state})


def read_state(connection: Connection, identity: str) -> bytes | None:
    """The machine's state of a case."""
    found = _READ_STATE.first(connection, {"identity": identity})
    return None if found is None else bytes(found[0])


def read_locked(connection: Connection, identity: str) -> tuple[Row, bytes] | None:
    """The row and the machine's state of a case that an earlier statement of this transaction has locked."""
    row = _READ_LOCKED.first(connection, {"identity": identity})
    return None if row is None else (dict(zip(_CASE_KEYS, row[:-1], strict=True)), bytes(row[-1]))


def write_state(writes: Writes, identity: str, state: bytes) -> None:
    """Replace the machine's state of a case."""
    writes.add(_WRITE_STATE, {"identity": identity, "state": state})


def change_of_case(
    identity: str, head: tuple[int, str], values: Mapping[str, Any], *, calendar: str | None = None
) -> tuple[Statement, Row]:
    """The change of a case's row of the given revision and last hash; `calendar`: only while that mark is in force."""
    row = {**values, "identity": identity, "expected": head[0], "head": head[1]}
    return (_UPDATE_CASE, row) if calendar is None else (_UPDATE_COUNTED, {**row, "calendar": calendar})


def has_active(connection: Connection, process: str) -> bool:
    """Whether a case of a process has not ended."""
    query = sa.select(case.c.id).where(case.c.process == process, case.c.state != "ended").limit(1)
    return connection.execute(query).first() is not None


def active_of(connection: Connection, process: str, versions: Collection[str]) -> list[Row]:
    """Cases of a process, of some of its versions, that have not ended."""
    query = sa.select(case).where(case.c.process == process, case.c.state != "ended", case.c.definition.in_(versions))
    return [dict(r) for r in connection.execute(query.order_by(case.c.id)).mappings()]


def insert_tasks(writes: Writes, rows: Sequence[Row]) -> None:
    """New task rows."""
    writes.add(_INSERT_TASK, *rows)
    offer(writes, [row for row in rows if row["assignee"] is None])


def offer(writes: Writes, rows: Sequence[Row]) -> None:
    """Offer open tasks that nobody holds to their groups."""
    offered = [
        {"group": g, "task": r["id"], "element": r["element"], "due_at": r["due_at"]}
        for r in rows
        for g in r["candidates"]
    ]
    writes.add(_INSERT_CANDIDATE, *offered)


def close_tasks(connection: Connection, identity: str, tokens: Iterable[int], state: str, at: datetime) -> None:
    """Close open tasks of a case that the step ended without a person (cancelled)."""
    connection.execute(
        task.update()
        .where(task.c.case == identity, task.c.token.in_(list(tokens)), task.c.state == "open")
        .values(state=state, completed_at=at)
    )
    of_case = sa.select(task.c.id).where(task.c.case == identity, task.c.token.in_(list(tokens)))
    connection.execute(task_candidate.delete().where(task_candidate.c.task.in_(of_case)))


def offers_of(connection: Connection, identity: str) -> list[Row]:
    """What is offered of a case."""
    query = sa.select(task_candidate).join(task, task.c.id == task_candidate.c.task).where(task.c.case == identity)
    return [dict(r) for r in connection.execute(query).mappings()]


def withdraw_offer(writes: Writes, identity: str) -> None:
    """A task that is taken or closed is offered to nobody."""
    writes.add(_WITHDRAW, {"identity": identity})


def update_task(writes: Writes, identity: str, values: Mapping[str, Any]) -> None:
    """Change a task row."""
    writes.add(_UPDATE_TASK, {**values, "identity": identity})


def open_tasks(connection: Connection, identity: str) -> list[Row]:
    """Open tasks of a case, in order of their tokens."""
    query = sa.select(task).where(task.c.case == identity, task.c.state == "open").order_by(task.c.token)
    return [dict(r) for r in connection.execute(query).mappings()]


def insert_timers(writes: Writes, rows: Sequence[Row]) -> None:
    """New timers."""
    writes.add(_INSERT_TIMER, *rows)


def drop_timers(writes: Writes, identity: str, tokens: Iterable[int]) -> None:
    """Timers that wait no more."""
    writes.add(_DROP_TIMER_OF, *({"identity": identity, "waiting": token} for token in tokens))


def drop_timer(connection: Connection, identity: str) -> bool:
    """Take a timer; false where it is gone."""
    return _DROP_TIMER.change(connection, {"identity": identity}) == 1


def hold_timers(connection: Connection, identity: str, *, held: bool) -> None:
    """Stop or release all timers of a case (suspended or standing as an incident)."""
    connection.execute(timer.update().where(timer.c.case == identity).values(held=held))


def timers_of(connection: Connection, identity: str) -> list[Row]:
    """The waiting timers of a case, by instant."""
    query = sa.select(timer).where(timer.c.case == identity).order_by(timer.c.due, timer.c.id)
    return [dict(r) for r in connection.execute(query).mappings()]


def start_timers(connection: Connection) -> list[Row]:
    """Timers that start cases."""
    return [dict(r) for r in connection.execute(sa.select(timer).where(timer.c.case.is_(None))).mappings()]


def update_timer(connection: Connection, identity: str, values: Mapping[str, Any]) -> None:
    """Change a timer row."""
    connection.execute(timer.update().where(timer.c.id == identity), dict(values))


def task_by_token(connection: Connection, case_id: str, token: int) -> Row | None:
    """The task row of a token."""
    row = connection.execute(sa.select(task).where(task.c.case == case_id, task.c.token == token)).mappings().first()
    return dict(row) if row else None


def put_incident(connection: Connection, row: Row) -> None:
    """The one open incident of a case, replacing an earlier one."""
    connection.execute(incident.delete().where(incident.c.case == row["case"]))
    connection.execute(incident.insert(), [row])


def get_incident(connection: Connection, case_id: str) -> Row | None:
    """The open incident of a case."""
    row = connection.execute(sa.select(incident).where(incident.c.case == case_id)).mappings().first()
    return dict(row) if row else None


def drop_incident(connection: Connection, case_id: str) -> None:
    """Close the incident of a case."""
    connection.execute(incident.delete().where(incident.c.case == case_id))


def tasks_of(connection: Connection, case_id: str) -> list[Row]:
    """All tasks of a case, in order of their tokens."""
    return [
        dict(r)
        for r in connection.execute(sa.select(task).where(task.c.case == case_id).order_by(task.c.token)).mappings()
    ]


def all_cases(connection: Connection, after: str = "", limit: int = 500) -> list[Row]:
    """Case rows in order of id, past an id."""
    query = sa.select(case).where(case.c.id > after).order_by(case.c.id).limit(limit)
    return [dict(r) for r in connection.execute(query).mappings()]
