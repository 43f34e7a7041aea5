"""Who may see a case, who may do a task, and whether the case moves at all."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from engine.actors import Actor, Right
from engine.clock import moscow
from engine.errors import (
    ConflictError,
    EngineError,
    ForbiddenError,
    NotFoundError,
    RefusedError,
    StepFailedError,
    cause_of,
)

Row = dict[str, Any]


def right_to(task: Row, actor: Actor) -> Right | None:
    """The right by which an actor may do a task. Raises ForbiddenError."""
    if task["fixed"]:
        if task["assignee"] != actor.login:
            raise ForbiddenError("Эта задача назначена другому участнику.", slug="not_yours")
        return Right(task["candidates"][0]) if task["candidates"] else None
    right = actor.right(*task["candidates"])
    if right is None or (right.group == "applicant" and task["owner"] != actor.owner):
        raise ForbiddenError("Эта задача не для вас: её выполняет другая роль.", slug="not_yours")
    return right


def check_open(task: Row, case: Row) -> None:
    """Raise ConflictError where the task is done or its case does not move."""
    if task["state"] == "completed":
        raise ConflictError(
            "Задача уже выполнена.",
            slug="already_done",
            by={"login": task["completed_by"]},
            at=moscow(task["completed_at"]).isoformat(),
        )
    if task["state"] != "open":
        raise ConflictError("Задача снята: дело пошло другим путём.", slug="cancelled")
    check_moving(case)


def check_moving(case: Row) -> None:
    """Raise ConflictError where the case is suspended, stands as an incident or has ended."""
    if case["state"] == "suspended":
        raise ConflictError(
            "Дело приостановлено. Действия станут возможны, когда администратор его возобновит.", slug="suspended"
        )
    if case["state"] == "incident":
        raise ConflictError("Дело остановлено из-за сбоя; администратор уже видит его причину.", slug="incident")
    if case["state"] == "ended":
        raise ConflictError("Дело завершено.", slug="ended")


def check_visible(case: Row, actor: Actor, missing: str = "Такого дела нет.") -> None:
    """Raise NotFoundError where the actor may not see the case, in the words for what is not there at all."""
    if actor.kind == "system" or actor.sees_all or (actor.kind == "integration" and actor.scopes):
        return
    if actor.owner is None or case["owner"] != actor.owner:
        raise NotFoundError(missing)


def check_admin(actor: Actor) -> None:
    """Raise ForbiddenError for anybody but an administrator."""
    if not actor.holds("admin"):
        raise ForbiddenError("Это может сделать только администратор.", slug="forbidden")


@contextmanager
def blamed(
    case_id: str, command: Mapping[str, Any] | None, element: str | None = None, *, revision: int | None = None
) -> Iterator[None]:
    """Errors that pass carry the case, failed steps their command too; an unforeseen error becomes a failed step.

    `revision` is that of the case as the command found it.
    """
    try:
        try:
            yield
        except EngineError:
            raise
        except Exception as error:
            raise StepFailedError(f"Действие не выполнено: {cause_of(error)}", element=element) from error
    except RefusedError as error:
        error.case = error.case or case_id
        error.data.setdefault("element", element)
        raise
    except StepFailedError as error:
        error.data.setdefault("case", case_id)
        error.data.setdefault("command", dict(command) if command else None)
        if error.revision is None:
            error.revision = revision
        raise
