"""Saying something about a case, taking it back, and putting a file into the case."""

from typing import Any, BinaryIO, cast

from flask import make_response, request

from engine import cases, comments, inbox
from engine.errors import InvalidError
from engine.runtime import Transaction
from handlers.auth import SIGNED_IN
from handlers.pages.cases import case_page
from handlers.pages.desk import Answer, Desk, Pages
from handlers.pages.talk import read_said
from handlers.pages.task_way import task_page, way_back
from processes.certification import discussion

pages = Pages()

_UNPROCESSABLE = 422


@pages.post("/cases/<case_id>/comments", SIGNED_IN)
def add_comment(desk: Desk, case_id: str) -> Answer:
    """Say something on a case's page."""
    try:
        _say(desk, case_id, None)
    except InvalidError as error:
        return case_page(desk, case_id, (dict(desk.posted.lists()), error), _UNPROCESSABLE)
    return _back("show_case", desk, case_id=case_id)


@pages.post("/tasks/<task_id>/comments", SIGNED_IN)
def add_task_comment(desk: Desk, task_id: str) -> Answer:
    """Say something on a task's page: the comment is the case's."""
    case = desk.read(lambda tx: inbox.get_task(tx, task_id, desk.actor)["case"])
    try:
        _say(desk, case, task_id)
    except InvalidError as error:
        refused = (dict(desk.posted.lists()), error)
        return make_response(task_page(desk, task_id, talked=refused), _UNPROCESSABLE)
    return way_back(desk).stay(task_id, "commented", anchor="comments")


@pages.post("/comments/<comment_id>/withdraw", SIGNED_IN)
def withdraw_comment(desk: Desk, comment_id: str) -> Answer:
    """Take one's own comment back."""

    def act(tx: Transaction) -> dict[str, Any]:
        return {"case": comments.withdraw_comment(tx, comment_id, actor=desk.actor)["case"]}

    done = desk.act(act, name="comment.withdraw")
    return desk.go("show_case", case_id=done["case"], done="comment-withdrawn", _anchor="comments")


@pages.post("/cases/<case_id>/attachments", SIGNED_IN)
def add_attachment(desk: Desk, case_id: str) -> Answer:
    """Put a file into a case."""
    sent = request.files.get("file")

    def act(tx: Transaction) -> dict[str, Any]:
        if sent is None or not sent.filename:
            raise InvalidError(errors={"file": ["Выберите файл на вашем устройстве."]}, rule=False)
        row = discussion.attach(
            tx,
            case_id,
            title=request.form.get("title", ""),
            name=sent.filename,
            content=cast("BinaryIO", sent.stream),
            is_open=request.form.get("audience") == comments.OPEN,
            actor=desk.actor,
        )
        return {"document": row["id"]}

    try:
        desk.act(act, name="attach", case=case_id)
    except InvalidError as error:
        return case_page(desk, case_id, (dict(desk.posted.lists()), error), _UNPROCESSABLE)
    return desk.go("show_case", case_id=case_id, done="attached", _anchor="attachments")


def _say(desk: Desk, case_id: str, task: str | None) -> None:
    said = read_said(desk, task)

    def act(tx: Transaction) -> dict[str, Any]:
        case = cases.get_case(tx, case_id, desk.actor)
        row = discussion.add_comment(tx, case["id"], said, actor=desk.actor, find=desk.context.find_actor)
        return {"comment": row["id"]}

    desk.act(act, name="comment", case=case_id)


def _back(endpoint: str, desk: Desk, **values: Any) -> Answer:
    return desk.go(endpoint, **values, done="commented", _anchor="comments")
