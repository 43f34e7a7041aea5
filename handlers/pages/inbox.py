"""The start page: what I owe, by when, in working days, and what happens if I don't."""

from dataclasses import dataclass
from typing import Any, Final

from flask import request

from engine import cases, inbox
from engine.runtime import Transaction
from handlers.auth import SIGNED_IN
from handlers.pages.dates import Term, term_of
from handlers.pages.desk import Answer, Desk, Pages

pages = Pages()

#: Tab -> (scope, state) of the list.
TABS: Final = {
    "mine": ("mine", "open"),
    "available": ("available", "open"),
    "all": ("all", "open"),
    "done": ("mine", "completed"),
}
_GROUPS: Final = {"late": "overdue", "today": "today", "soon": "week", "calm": "later", "none": "later"}
_WEEK: Final = 5
_PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One task of the list: its row, how it stands against its term, and who is told if it is not done in time."""

    task: dict[str, Any]
    term: Term
    told: tuple[str, ...] = ()


@pages.get("/", SIGNED_IN)
def show_inbox(desk: Desk) -> Answer:
    """Show the tasks of a tab, the most urgent first."""
    tab = request.args.get("tab", "")
    chosen = tab if tab in TABS else _first_tab(desk)
    scope, state = TABS[chosen]

    def ask(tx: Transaction) -> tuple[list[Line], str | None]:
        page = inbox.list_tasks(
            tx, desk.actor, scope=scope, state=state, limit=_PAGE, cursor=request.args.get("cursor") or None
        )
        return [line_of(tx, row) for row in page.items], page.next

    lines, following = desk.read(ask)
    return desk.show("inbox.html", tab=chosen, tabs=TABS, groups=_grouped(lines), total=len(lines), following=following)


def _first_tab(desk: Desk) -> str:
    # Somebody who holds nothing sees at once what waits for their role; an auditor sees everything.
    counts = desk.read(lambda tx: inbox.counts(tx, desk.actor))
    if counts.get("mine"):
        return "mine"
    return "available" if counts.get("available") else "mine"


def line_of(tx: Transaction, row: dict[str, Any]) -> Line:
    """Return a task as the list shows it."""
    told: tuple[str, ...] = ()
    if row["due_at"] is not None and "case_definition" in row:
        drawing = tx.runtime.definitions.get(tx, row["case_definition"]).drawing
        timer = drawing.deadline_of(row["element"])
        named = timer.properties.get("escalate", "") if timer else ""
        told = tuple(group.strip() for group in named.split(",") if group.strip())
    return Line(row, term_of(row, tx.now, tx.calendar), told)


def tasks_of(tx: Transaction, desk: Desk, case: str) -> list[Line]:
    """Return the open tasks of a case."""
    return [line_of(tx, row) for row in inbox.list_tasks(tx, desk.actor, scope="all", case=case, limit=100).items]


def first_of(tx: Transaction, desk: Desk, case: str) -> dict[str, Any]:
    """Return a case that the person may see. Raises NotFoundError."""
    return cases.get_case(tx, case, desk.actor)


def _grouped(lines: list[Line]) -> list[tuple[str, list[Line]]]:
    found: dict[str, list[Line]] = {}
    for line in lines:
        group = _GROUPS[line.term.tone]
        if group == "later" and line.term.due_at is not None and line.term.days <= _WEEK:
            group = "week"
        found.setdefault(group, []).append(line)
    return [(name, found[name]) for name in ("overdue", "today", "week", "later") if name in found]
