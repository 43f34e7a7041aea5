"""Histories, verifications, versions."""

from marshmallow import fields

from handlers.api.shapes.base import Shape, a_day, a_moment, a_number, a_text, maybe_text


class EventShape(Shape):
    """A fact of a case's history."""

    seq = a_number()
    at = a_moment()
    actor = a_text()
    on_behalf_of = maybe_text()
    kind = a_text()
    element = maybe_text()
    data = fields.Dict(required=True)
    prev_hash = a_text()
    hash = a_text()


class HistoryShape(Shape):
    """A page of a history with the texts that its events refer to."""

    items = fields.List(fields.Nested(EventShape), required=True)
    texts = fields.Dict(required=True)
    next = fields.Integer(required=True, allow_none=True)


class DifferenceShape(Shape):
    """The first thing that is not as the history says."""

    seq = fields.Integer(required=True, allow_none=True)
    table = a_text()
    message = a_text()


class ProofShape(Shape):
    """One part of a verification."""

    ok = fields.Boolean(required=True)
    first_difference = fields.Nested(DifferenceShape, required=True, allow_none=True)


class VerdictShape(Shape):
    """A verification."""

    ok = fields.Boolean(required=True)
    events = a_number()
    chain = fields.Nested(ProofShape, required=True)
    reexecution = fields.Nested(ProofShape, required=True)


class StandingTaskShape(Shape):
    """A task that was open then."""

    id = a_text()
    element = a_text()
    assignee = maybe_text()
    candidates = fields.List(fields.String(), required=True)
    due_at = a_moment(allow_none=True)


class ReplayShape(Shape):
    """A case as it stood right after event `seq`, at `moment`; `elements` are `{"state", "count"}` by id."""

    seq = a_number()
    at = fields.List(fields.String(), required=True)
    moment = a_moment(allow_none=True)
    elements = fields.Dict(required=True)
    data = fields.Dict(required=True)
    open_tasks = fields.List(fields.Nested(StandingTaskShape), required=True)
    version = a_number()


class VersionShape(Shape):
    """A released version of a procedure."""

    key = a_text()
    version = a_number()
    name = a_text()
    author = a_text()
    released_by = a_text()
    released_at = a_moment()
    basis = a_text()
    effective_from = a_day()
    hash = a_text()
    in_force = fields.Boolean()
