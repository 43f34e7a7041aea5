"""Cases and tasks."""

from marshmallow import fields

from handlers.api.shapes.base import Shape, a_day, a_moment, a_number, a_text, maybe_text


class CaseShape(Shape):
    """A case."""

    id = a_text()
    number = a_text()
    process = a_text()
    version = a_number()
    state = a_text()
    end = maybe_text()
    at = fields.List(fields.String(), required=True)
    title = a_text()
    data = fields.Dict(required=True)
    revision = a_number()
    stage = a_text()
    started_at = a_moment()
    ended_at = a_moment(allow_none=True)


class SubmittedShape(CaseShape):
    """The case of an application."""

    application = a_text()


class CaseNameShape(Shape):
    """Which case a task belongs to."""

    id = a_text()
    number = a_text()
    title = a_text()


class DueShape(Shape):
    """What a term rests on."""

    working_days = a_number()
    counted_from = a_day()
    calendar_version = a_text()
    provisional = fields.Boolean(required=True)
    clause = a_text()
    normative = fields.Boolean(required=True)


class TaskShape(Shape):
    """A task of a list."""

    id = a_text()
    case = fields.Nested(CaseNameShape, required=True)
    process = a_text()
    element = a_text()
    name = a_text()
    state = a_text()
    assignee = maybe_text()
    candidates = fields.List(fields.String(), required=True)
    created_at = a_moment()
    due_at = a_moment(allow_none=True)
    due = fields.Nested(DueShape, required=True, allow_none=True)
    completed_at = a_moment(allow_none=True)


class WholeTaskShape(TaskShape):
    """A task with its form (form-js), the data shown with it, and the caller's own draft."""

    form = fields.Dict(required=True, allow_none=True)
    data = fields.Dict(required=True)
    draft = fields.Dict(required=True, allow_none=True)


class CompletedShape(Shape):
    """What a completion did."""

    task = fields.Nested(TaskShape, required=True)
    case = fields.Nested(CaseShape, required=True)
    opened = fields.List(fields.Nested(TaskShape), required=True)


class MatchedShape(Shape):
    """The cases that a message reached."""

    matched = fields.List(fields.String(), required=True)
