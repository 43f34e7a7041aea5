"""The clock and the calendar."""

from marshmallow import fields

from handlers.api.shapes.base import Shape, a_day, a_moment, a_number, a_text, maybe_text


class FiredShape(Shape):
    """A timer that fired."""

    case = maybe_text()
    element = a_text()
    kind = a_text()
    at = a_moment()


class ClockShape(Shape):
    """Business time."""

    now = a_moment()
    mode = a_text()
    fired = fields.List(fields.Nested(FiredShape), required=True)


class CalendarDayShape(Shape):
    """A day of the calendar."""

    date = a_day()
    working = fields.Boolean(required=True)


class DecreeShape(Shape):
    """The act that a year's table rests on."""

    number = a_text()
    date = a_day()


class YearShape(Shape):
    """A year of the calendar."""

    year = a_number()
    version = a_text()
    decree = fields.Nested(DecreeShape, required=True, allow_none=True)
    days = fields.List(fields.Nested(CalendarDayShape), required=True)


class MoveShape(Shape):
    """A term that a new table moves."""

    task = maybe_text()
    case = a_text()
    element = a_text()
    due_at = a_moment()
    new_due_at = a_moment()


class MovesShape(Shape):
    """What a new table moves, or has moved."""

    applied = fields.Boolean(required=True)
    moves = fields.List(fields.Nested(MoveShape), required=True)
