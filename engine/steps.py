"""A step as a transaction sees it: the machine's result becomes rows and facts, all from the same values."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from engine.actors import Actor, Right
from engine.calls import Call
from engine.clock import moscow
from engine.deadlines import DEADLINE, REMINDER, Due, due_of, kind_of
from engine.errors import ConflictError, DrawingError, StepFailedError, cause_of
from engine.expressions import ExpressionError, ExpressionRefused
from engine.facts import Fact
from engine.history.chain import append
from engine.ids import new_id
from engine.machine import Command, Opened, Start, Step, advance
from engine.records import cases as records

if TYPE_CHECKING:
    from engine.definitions import Definition
    from engine.runtime import Transaction

Row = dict[str, Any]

#: What few acts change of a case's row, and its indexes stand on: written only where it is another.
_STANDING: Final = ("number", "state", "end", "title", "owner", "ended_at")
_standing_of: Final = itemgetter(*_STANDING)


@dataclass
class Act:
    """One act on one case: who, by which right, on which locked row; facts collect here in order.

    Made before anything of the row is changed: what is another at the end is what the act changed.
    """

    tx: "Transaction"
    definition: "Definition"
    case: Row
    actor: Actor
    right: Right | None = None
    facts: list[Fact] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    opened: list[Row] = field(default_factory=list)
    timers: list[Row] = field(default_factory=list)
    _standing: tuple[Any, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Facts of a case never go back in time."""
        self.tx.follow(self.case["changed_at"])
        self._standing = _standing_of(self.case)

    def changed(self, *, is_new: bool) -> Row:
        """The columns of the case's row that the act may have changed, besides its place in the history."""
        case = self.case
        found = {"at": case["at"], "data": case["data"]}
        standing = _standing_of(case)
        if is_new or standing != self._standing:
            found.update(zip(_STANDING, standing, strict=True))
            self._standing = standing
        return found

    def name(self) -> None:
        """Give the case the title, owner and number that the procedure's code named in its calls."""
        for call in self.calls:
            named = {"title": call.title, "owner": call.owner, "number": call.number}
            self.case.update((column, value) for column, value in named.items() if value is not None)

    def call(self, element: str, *, task: Row | None = None, variables: Mapping[str, Any] | None = None) -> Call:
        """A call into the procedure from an element; its facts join the act's."""
        self.tx.flush()
        made = Call(
            tx=self.tx,
            actor=self.actor,
            right=self.right,
            definition=self.definition,
            case=self.case,
            element=element,
            task=task,
            variables=variables or {},
            facts=self.facts,
        )
        self.calls.append(made)
        return made

    def service(
        self, token: int, element: str, operator: str, parameters: Mapping[str, Any], data: Mapping[str, Any]
    ) -> Any:
        """Carry out a service task through the registry and record its result."""
        function = self.tx.runtime.registry.services.get(operator)
        if function is None:
            raise StepFailedError(f"Операция «{operator}» не зарегистрирована.", element=element)
        result = function(self.call(element, variables=data), **parameters)
        self.facts.append(Fact("service.called", element, {"token": token, "operator": operator, "result": result}))
        return result


def make_step(act: Act, command: Command, state: bytes | None) -> Step:
    """Advance the case by a command and write everything that follows from it; the case row must be locked.

    Raises what `engine.machine.advance` raises, and ConflictError where the row was changed meanwhile. A fault of an
    observer or of a timer on the drawing fails the step too: it becomes an incident and stops nobody else.
    """
    try:
        return _make_step(act, command, state)
    except DrawingError as error:
        raise StepFailedError(f"Выражение на схеме не вычислено: {error}") from error
    except (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError) as error:
        raise StepFailedError(f"Шаг не выполнен: {cause_of(error)}") from error


def _make_step(act: Act, command: Command, state: bytes | None) -> Step:
    step = advance(act.definition, state, command, act.service)
    act.name()
    before = {} if isinstance(command, Start) else dict(act.case["data"])
    after = dict(step.data)
    _close(act, step)
    _open(act, step)
    act.facts.append(
        Fact(
            "case.advanced",
            None,
            {
                "revision": act.case["revision"] + 1,
                "at": list(step.at),
                "elements": [[m.element, m.state, m.token] for m in step.moves],
                "flows": list(step.flows),
                "set": {k: v for k, v in after.items() if k not in before or before[k] != v},
                "unset": sorted(k for k in before if k not in after),
                "state": hashlib.sha256(step.state).hexdigest(),
            },
        )
    )
    act.case.update(data=after, at=list(step.at), end=step.end)
    if step.end is not None:
        act.case.update(state="ended", ended_at=act.tx.now)
        act.facts.append(Fact("case.ended", step.end, {"end": step.end}))
    if isinstance(command, Start):
        act.case["revision"] = 1
        records.insert_case(act.tx.writes, act.case, step.state)
    else:
        records.write_state(act.tx.writes, act.case["id"], step.state)
    _write_opened(act)
    finish(act, is_new=isinstance(command, Start))
    act.tx.leave(act.case, step.state, act.opened, {closed.token for closed in step.closed})
    return step


def finish(act: Act, *, is_new: bool = False) -> None:
    """Let observers see the facts, append them to the history and store the case row with the new head."""
    observe(act)
    tx, case = act.tx, act.case
    head = case["revision"], case["hash"]
    seq, last = append(tx, case["id"], case["seq"], case["hash"], act.facts, actor=act.actor, right=act.right)
    act.name()
    values = act.changed(is_new=is_new)
    revision = case["revision"]
    values.update(revision=revision if is_new else revision + 1, seq=seq, hash=last, changed_at=tx.now)
    if is_new:
        tx.writes.flush()  # on PostgreSQL what is sent together does not see the row just made
    if not tx.change_case(case["id"], head, values):
        raise ConflictError(
            "Дело изменено одновременно другим действием. Обновите страницу и повторите.", slug="changed"
        )
    case.update(values)
    act.facts.clear()


def observe(act: Act) -> None:
    """Show each fact to the observers of its kind; facts they add are shown too."""
    observers = act.tx.runtime.registry.observers
    position = 0
    while position < len(act.facts):
        fact = act.facts[position]
        position += 1
        for observer in observers.get(fact.kind, ()):
            observer(act.call(fact.element or ""), fact)


def _close(act: Act, step: Step) -> None:
    gone = step.closed
    if not gone:
        return
    tx, case = act.tx, act.case
    timers = [c.token for c in gone if act.definition.element(c.element).event == "timer"]
    if timers:
        records.drop_timers(tx.writes, case["id"], timers)
    cancelled = [c for c in gone if c.state == "cancelled" and act.definition.element(c.element).is_user_task]
    if cancelled:
        open_rows = {r["token"]: r for r in records.open_tasks(tx.connection, case["id"])}
        records.close_tasks(tx.connection, case["id"], [c.token for c in cancelled], "cancelled", tx.now)
        for closed in cancelled:
            row = open_rows.get(closed.token)
            if row is not None:
                act.facts.append(Fact("task.cancelled", closed.element, {"task": row["id"]}))


def _open(act: Act, step: Step) -> None:
    """Rows and facts of new user tasks and timers; a task's due date comes from its deadline timer."""
    act.opened, act.timers = [], []
    tx, definition = act.tx, act.definition
    timers = [o for o in step.opened if o.is_timer]
    if timers:
        tx.refresh_calendar()
    dues: dict[int, Due] = {}
    host_due: dict[int, Due] = {}
    for opened in sorted(timers, key=lambda o: kind_of(definition, o.element) != DEADLINE):
        limit = host_due.get(opened.host) if opened.host is not None else None
        due = due_of(
            definition,
            opened.element,
            opened.data,
            tx.calendar,
            tx.now,
            host_due=limit.deadline.due_at if limit and limit.deadline else None,
        )
        dues[opened.token] = due
        if due.kind == DEADLINE and opened.host is not None:
            host_due[opened.host] = due
    for opened in step.opened:
        if not opened.is_timer:
            act.opened.append(_task_row(act, opened, host_due.get(opened.token)))
    for row in act.opened:
        act.facts.append(
            Fact(
                "task.created",
                row["element"],
                {
                    "task": row["id"],
                    "token": row["token"],
                    "name": row["name"],
                    "assignee": row["assignee"],
                    "candidates": row["candidates"],
                    "due_at": _iso(row["due_at"]),
                    "due": row["due"],
                },
            )
        )
    for opened in timers:
        due = dues[opened.token]
        if due.kind == REMINDER and due.instant <= tx.now:
            continue
        row = {
            "id": new_id(),
            "case": act.case["id"],
            "process": definition.key,
            "token": opened.token,
            "host": opened.host,
            "element": opened.element,
            "kind": due.kind,
            "rule": due.rule,
            "due": due.instant,
            "deadline": due.deadline.to_json() if due.deadline else None,
            "held": False,
        }
        act.timers.append(row)
        act.facts.append(
            Fact(
                "timer.set",
                opened.element,
                {"token": opened.token, "kind": due.kind, "due": due.instant, "deadline": row["deadline"]},
            )
        )
        if due.instant <= tx.now:
            tx.wake.add(act.case["id"])


def _write_opened(act: Act) -> None:
    records.insert_tasks(act.tx.writes, act.opened)
    records.insert_timers(act.tx.writes, act.timers)


def _task_row(act: Act, opened: Opened, due: Due | None) -> Row:
    drawn = act.definition.element(opened.element)
    assignee = None
    if "assignee" in drawn.properties:
        try:
            assignee = act.definition.evaluate(drawn.properties["assignee"], opened.data)
        except (ExpressionError, ExpressionRefused) as error:
            raise StepFailedError(f"Исполнитель задачи не определён: {error}", element=opened.element) from error
    deadline = due.deadline if due else None
    return {
        "id": new_id(),
        "case": act.case["id"],
        "token": opened.token,
        "process": act.definition.key,
        "element": opened.element,
        "name": drawn.name or opened.element,
        "state": "open",
        "assignee": assignee,
        "fixed": assignee is not None,
        "candidates": list(drawn.candidates),
        "local": dict(opened.local),
        "owner": act.case["owner"],
        "created_at": act.tx.now,
        "due_at": deadline.due_at if deadline else None,
        "due": deadline.to_json() if deadline else None,
        "completed_at": None,
        "completed_by": None,
        "on_behalf_of": None,
        "draft": None,
        "draft_by": None,
        "completion": None,
    }


def _iso(value: datetime | None) -> str | None:
    return None if value is None else moscow(value).isoformat()
