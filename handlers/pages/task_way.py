"""Where a task was opened from, and where an act on it leads: back there, with the next task of a list at hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from engine.errors import InvalidError
from handlers.pages.desk import Desk
from handlers.pages.inbox import inbox_page, tasks_at
from handlers.pages.inbox_place import go_to, is_beside, is_list, next_of, read_back
from handlers.pages.talk import Refused
from handlers.pages.task_sheet import sheet_of


@dataclass(frozen=True, slots=True)
class Way:
    """The page that a task was opened from, as the form names it, and the tasks that a list there showed.

    `is_beside`: the form itself stood there, beside the list.
    """

    desk: Desk
    back: str
    tasks: tuple[str, ...] = ()
    is_beside: bool = False

    def on(self, task_id: str, done: str, otherwise: str) -> Response:
        """Go back after a task has left the person's hands; `otherwise` where the form names no page."""
        if not is_list(self.back):
            return go_to(self.back or otherwise, done=done, about=task_id)
        following = next_of(self.tasks, tasks_at(self.desk, self.back) or (), task_id)
        return go_to(self.back, next=following, done=done, about=task_id)

    def stay(self, task_id: str, done: str, anchor: str = "", **look: str) -> Response:
        """Show the same task again: beside its list, or on its own page."""
        if self.is_beside:
            return go_to(self.back, anchor=anchor, task=task_id, done=done, about=task_id, **look)
        return go_to(f"/tasks/{task_id}", anchor=anchor, back=self.back, done=done, **look)


def way_back(desk: Desk) -> Way:
    """Return where the form that was sent leads back to; read before the act."""
    back = read_back(request.form.get("back", ""))
    if not is_list(back):
        return Way(desk, back)
    tasks = tasks_at(desk, back)
    return Way(desk, "/") if tasks is None else Way(desk, back, tuple(tasks), is_beside(request.form["back"]))


def task_page(
    desk: Desk,
    task_id: str,
    data: Mapping[str, Any] | None = None,
    error: InvalidError | None = None,
    talked: Refused | None = None,
) -> str:
    """Return the page of a task as `sheet_of` fills it in: where a form of the list's page was refused, beside it."""
    named = request.form.get("back", "")
    back = read_back(named)
    if is_beside(named) and is_list(back) and tasks_at(desk, back) is not None:
        return inbox_page(desk, task_id, data, error, talked, back=back)
    return desk.show("task.html", **sheet_of(desk, task_id, data, error, talked))
