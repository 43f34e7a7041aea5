"""The start page: what I owe, by when, in working days, and what happens if I don't; a task beside the list."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from flask import request

from engine import inbox
from engine.clock import moscow
from engine.inbox import views
from engine.inbox.choices import list_steps
from engine.records.inbox_counts import COUNTED
from engine.runtime import Transaction
from handlers.auth import SIGNED_IN
from handlers.pages.desk import Answer, Desk, Pages
from handlers.pages.inbox_filters import (
    FIELDS,
    TABS,
    WHENS,
    Chosen,
    chips_of,
    filters_of,
    options_of,
    read_chosen,
    tabs_for,
    with_tab,
    wrong_days,
)
from handlers.pages.lines import Line, group_by_day, group_by_term, line_of, tasks_of
from handlers.pages.task_sheet import sheet_of
from processes.council.people import persons_of

__all__ = ["Line", "line_of", "pages", "show_inbox", "tasks_of"]

pages = Pages()

_PAGE: Final = 50


@pages.get("/", SIGNED_IN)
def show_inbox(desk: Desk) -> Answer:
    """Show the tasks of a tab or a saved view, the most urgent first; `task` names the one shown beside them."""
    found = desk.read(lambda tx: _list(tx, desk))
    chosen = request.args.get("task", "")
    # Its names are its own page's; the list's come last, so that they stay.
    pane = sheet_of(desk, chosen) if chosen else {}
    day = desk.read(lambda tx: inbox.follow_ups(tx, desk.actor, [chosen])).get(chosen) if chosen else None
    return desk.show("inbox.html", **{**pane, **found, "pane": pane.get("task"), "pane_day": day})


def _list(tx: Transaction, desk: Desk) -> dict[str, Any]:
    actor = desk.actor
    tabs = tabs_for(actor)
    kept = views.list_views(tx, actor)
    asked, view = _asked(tx, desk, kept)
    if asked.tab not in tabs:
        asked = with_tab(asked, _first_tab(inbox.counts(tx, actor)))
    steps = list_steps(tx)
    scope, state = TABS[asked.tab]
    wrong = wrong_days(asked)
    page = inbox.find_tasks(
        tx,
        actor,
        filters_of(asked, steps, tx.now),
        scope=scope,
        state=state,
        limit=_PAGE,
        cursor=request.args.get("cursor") or None,
    )
    lines = _lines(tx, desk, page.items)
    grouped = group_by_day(tx, lines) if asked.tab == "following" else group_by_term(tx, lines)
    return {
        "tab": asked.tab,
        "tabs": tabs,
        "groups": [("", lines)] if asked.tab == "done" and lines else grouped,
        "following": page.next,
        "asked": asked,
        "chips": chips_of(asked, steps),
        "wrong_days": wrong,
        "options": options_of(steps),
        "whens": WHENS,
        "views": kept,
        "view": view,
        "may_share": actor.holds(*views.MAY_SHARE),
        "share_with": sorted(tx.runtime.registry.groups),
        "counted": COUNTED,
        "today": moscow(tx.now).date(),
    }


def _asked(tx: Transaction, desk: Desk, kept: Iterable[dict[str, Any]]) -> tuple[Chosen, dict[str, Any] | None]:
    """Return tab and filters, and the saved view that they are; a bare address is the person's first view."""
    view: dict[str, Any] | None = None
    if request.args.get("view"):
        view = views.get_view(tx, request.args["view"], desk.actor)
    elif not {"tab", "cursor", *FIELDS} & set(request.args):
        view = next((row for row in kept if row["is_first"]), None)
    return read_chosen(view["filters"] if view else request.args), view


def _first_tab(counts: dict[str, int]) -> str:
    # Somebody who holds nothing sees at once what waits for their role.
    return next((name for name in ("mine", "available", "substituting") if counts.get(name)), "mine")


def _lines(tx: Transaction, desk: Desk, rows: list[dict[str, Any]]) -> list[Line]:
    logins = {row["assignee"] for row in rows if row["assignee"]} - {desk.actor.login}
    names = {login: person.full_name for login, person in persons_of(tx.connection, logins).items()} if logins else {}
    days: dict[str, date] = {row["id"]: row["follow_up"] for row in rows if "follow_up" in row}
    days |= inbox.follow_ups(tx, desk.actor, [row["id"] for row in rows if row["id"] not in days])
    return [line_of(tx, row, holders=names, day=days.get(row["id"])) for row in rows]
