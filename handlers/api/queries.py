"""Query strings that several routes take."""

from typing import Any, Final

from handlers.api.fields import Body, Choice, Number, Text

MOST: Final = 200
DEFAULT: Final = 50


def limit_field() -> Number:
    """Return the field of a page's size."""
    return Number(least=1, most=MOST, load_default=DEFAULT)


class Paging(Body):
    """A page of a list: its size and the cursor that the page before gave."""

    limit = limit_field()
    cursor = Text(load_default=None)


class CaseQuery(Paging):
    """Which cases."""

    q = Text(load_default=None)
    state = Choice("active", "suspended", "incident", "ended", load_default=None)
    process = Text(load_default=None)


class TaskQuery(Paging):
    """Which tasks."""

    scope = Choice("mine", "available", "all", load_default="mine")
    case = Text(load_default=None)
    element = Text(load_default=None)
    state = Choice("open", "completed", load_default="open")
    due_before = Text(load_default=None)


class LetterQuery(Paging):
    """Which letters."""

    case = Text(load_default=None)


class HistoryQuery(Body):
    """Which events of a case: those past `after`."""

    after = Number(least=0, most=999_999_999, load_default=0)
    limit = Number(least=1, most=1000, load_default=100)


class ReplayQuery(Body):
    """Which moment of a case: right after event `seq`."""

    seq = Number(least=0, most=999_999_999, required=True)


def page_of(query: dict[str, Any]) -> dict[str, Any]:
    """Return the paging of a query, for use cases that take `limit` and `cursor`."""
    return {"limit": query["limit"], "cursor": query["cursor"]}
