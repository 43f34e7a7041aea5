"""What is said about a case and what is put into it: comments with mentions, attachments."""

from typing import Any

from marshmallow import fields

from engine import attachments, cases, comments, inbox
from engine.errors import InvalidError, NotFoundError
from engine.runtime import Transaction
from handlers.api import shapes, views
from handlers.api.fields import LONG, Body, Choice, Rows, Text
from handlers.api.routes import Door, Routes
from handlers.api.uploads import Upload, as_asked, read_upload
from handlers.auth import SIGNED_IN
from processes.certification import access, discussion

routes = Routes("Обсуждение дела")

_AUDIENCES = (comments.INTERNAL, comments.OPEN)


class Comment(Body):
    """A comment. People are mentioned as `@login` in `text`, or in `mentions`; `task` is where it was written.

    `audience`: `internal` for the council and its staff, `open` for the applicant as well. Without it a comment is
    internal, an applicant's own open.
    """

    text = Text(required=True, longest=LONG)
    audience = Choice(*_AUDIENCES)
    mentions = Rows(Text(shortest=1, longest=80), load_default=list)
    task = Text(longest=80, allow_none=True, load_default=None)


class Attachment(Upload):
    """A file, what it is called, and who may open it (as with comments)."""

    title = Text(load_default="")
    audience = Choice(*_AUDIENCES, load_default=comments.INTERNAL)


class CommentShape(shapes.Shape):
    """A comment; a withdrawn one has no `text`."""

    id = shapes.a_text()
    at = shapes.a_moment()
    author = shapes.a_text()
    audience = shapes.a_text()
    text = shapes.maybe_text()
    mentions = fields.List(fields.String(), required=True)
    task = shapes.maybe_text()
    withdrawn_at = shapes.a_moment(allow_none=True)


class AttachmentShape(shapes.DocumentShape):
    """A file put into a case; its content has the address of documents."""

    audience = shapes.a_text()


@routes.get(
    "/cases/<case_id>/comments",
    SIGNED_IN,
    "Комментарии к делу, которые вам видны",
    answer=shapes.list_of(CommentShape)(),
)
def list_comments(door: Door, case_id: str) -> dict[str, Any]:
    """Return the comments that the caller may read, oldest first."""

    def question(tx: Transaction) -> dict[str, Any]:
        case = cases.get_case(tx, case_id, door.actor)
        return views.list_view([_comment(row) for row in access.list_comments(tx, case, door.actor)])

    return door.read(question)


@routes.post(
    "/cases/<case_id>/comments",
    SIGNED_IN,
    "Написать комментарий",
    body=Comment(),
    status=201,
    keyed=True,
    answer=CommentShape(),
)
def add_comment(door: Door, case_id: str) -> Any:
    """Say something on a case; those mentioned get a letter."""
    asked = door.body
    audience = asked.get("audience") or (comments.INTERNAL if door.actor.sees_all else comments.OPEN)
    said = comments.Said(asked["text"], audience, tuple(asked["mentions"]), asked["task"])

    def act(tx: Transaction) -> dict[str, Any]:
        case = cases.get_case(tx, case_id, door.actor)
        _check_task(tx, said.task, case["id"], door)
        row = discussion.add_comment(tx, case["id"], said, actor=door.actor, find=door.context.find_actor)
        told = access.list_comments(tx, case, door.actor)
        return _comment(next(one for one in told if one["id"] == row["id"]))

    return door.perform(act, case=case_id, name="comment")


@routes.post(
    "/comments/<comment_id>/withdraw", SIGNED_IN, "Отозвать свой комментарий", keyed=True, answer=CommentShape()
)
def withdraw_comment(door: Door, comment_id: str) -> Any:
    """Take one's own comment back; that it was there stays in the history."""

    def act(tx: Transaction) -> dict[str, Any]:
        row = comments.withdraw_comment(tx, comment_id, actor=door.actor)
        return _comment({**row, "text": None, "withdrawn_at": tx.now})

    return door.perform(act, name="comment.withdraw")


@routes.get(
    "/cases/<case_id>/attachments",
    SIGNED_IN,
    "Файлы, приложенные к делу",
    answer=shapes.list_of(AttachmentShape)(),
)
def list_attachments(door: Door, case_id: str) -> dict[str, Any]:
    """Return the files that people have put into a case; the content is at `/documents/{id}`."""

    def question(tx: Transaction) -> dict[str, Any]:
        case = cases.get_case(tx, case_id, door.actor)
        rows = [row for row in access.list_documents(tx, case, door.actor) if row["kind"] in attachments.KINDS]
        return views.list_view([_attachment(row) for row in rows])

    return door.read(question)


@routes.post(
    "/cases/<case_id>/attachments",
    SIGNED_IN,
    "Приложить файл к делу",
    status=201,
    keyed=True,
    upload=Attachment(),
    answer=AttachmentShape(),
)
def add_attachment(door: Door, case_id: str) -> Any:
    """Put a file into a case (multipart: `file`, `title`, `audience`)."""
    form = read_upload(Attachment())
    door.body = as_asked(form)
    name, content = form["file"]

    def act(tx: Transaction) -> dict[str, Any]:
        content.seek(0)
        is_open = form["audience"] == comments.OPEN
        row = discussion.attach(
            tx, case_id, title=form["title"], name=name, content=content, is_open=is_open, actor=door.actor
        )
        return _attachment(row)

    return door.perform(act, case=case_id, name="attach")


def _check_task(tx: Transaction, task: str | None, case: str, door: Door) -> None:
    if task is None:
        return
    try:
        found = inbox.get_task(tx, task, door.actor)["case"]
    except NotFoundError:
        found = None
    if found != case:
        raise InvalidError(errors={"task": ["Такой задачи в этом деле нет. Укажите её id или null."]}, rule=False)


def _comment(row: views.Row) -> dict[str, Any]:
    plain = {name: row[name] for name in ("id", "at", "author", "audience", "text", "task", "withdrawn_at")}
    return {**plain, "mentions": row["mentioned"]}


def _attachment(row: views.Row) -> dict[str, Any]:
    audience = comments.OPEN if row["kind"] == attachments.OPEN else comments.INTERNAL
    return {**views.document_view(row), "audience": audience}
