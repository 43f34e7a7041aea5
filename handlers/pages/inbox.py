"""The start page: what I owe, by when, in working days, and what happens if I don't; a task beside the list."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from flask import make_response, request

from engine import inbox
from engine.cases import Page
from engine.clock import moscow
from engine.errors import InvalidError, NotFoundError
from engine.inbox import views
from engine.inbox.choices import Step, list_steps
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
from handlers.pages.inbox_place import Place, arguments
from handlers.pages.lines import Line, group_by_day, group_by_term, line_of, tasks_of
from handlers.pages.talk import Refused
from handlers.pages.task_sheet import sheet_of
from processes.council.people import persons_of

__all__ = ["Line", "inbox_page", "line_of", "pages", "show_inbox", "tasks_at", "tasks_of"]

pages = Pages()

_PAGE: Final = 50


@pages.get("/", SIGNED_IN)
def show_inbox(desk: Desk) -> Answer:
    """Show the tasks of a tab or a saved view, the most urgent first.

    `task` names the one shown beside them; `next` the one to do after another, which a narrow screen keeps in the list.
    A page that has the list asks for the part beside it alone.
    """
    task, following = request.args.get("task", ""), request.args.get("next", "")
    asked_for = request.headers.get("HX-Target", "") if request.headers.get("HX-Request") else ""
    if asked_for == "section#pane":
        told = desk.read(lambda tx: _told(_place(tx, desk), task))
        return desk.show("inbox_pane.html", **{**_pane(desk, task), **told})
    shown = inbox_page(desk, task or following, arrived=bool(following and not task))
    if asked_for != "div#inbox-list":
        return shown
    answer = make_response(shown)
    answer.headers["HX-Replace-Url"] = desk.read(lambda tx: _place(tx, desk)).here
    return answer


def inbox_page(
    desk: Desk,
    task: str = "",
    data: Mapping[str, Any] | None = None,
    error: InvalidError | None = None,
    talked: Refused | None = None,
    *,
    back: str | None = None,
    arrived: bool = False,
) -> str:
    """Return the page of a list with a task beside it, as `sheet_of` fills it in; `back` is the list's address."""
    found = desk.read(lambda tx: _list(tx, desk, back, task))
    # Its names are its own page's; the list's come last, so that they stay.
    return desk.show("inbox.html", **{**_pane(desk, task, data, error, talked), **found, "arrived": arrived})


def tasks_at(desk: Desk, address: str) -> list[str] | None:
    """Return the ids of the tasks that a list's address shows, in order; None where its view or page is no more."""

    def read(tx: Transaction) -> list[str]:
        return [row["id"] for row in _find(tx, desk, _place(tx, desk, address), list_steps(tx)).items]

    try:
        return desk.read(read)
    except (InvalidError, NotFoundError):
        return None


def _pane(
    desk: Desk,
    task: str,
    data: Mapping[str, Any] | None = None,
    error: InvalidError | None = None,
    talked: Refused | None = None,
) -> dict[str, Any]:
    if not task:
        return {"pane": None}
    sheet = sheet_of(desk, task, data, error, talked)
    return {**sheet, "pane": sheet["task"]}


def _place(tx: Transaction, desk: Desk, address: str | None = None, kept: list[dict[str, Any]] | None = None) -> Place:
    """Return what an address, or else the request's, asks for; `kept` are the person's views where they are known."""
    args = request.args if address is None else arguments(address)
    asked, view = _asked(tx, desk, kept, args)
    if asked.tab not in tabs_for(desk.actor):
        asked = with_tab(asked, _first_tab(inbox.counts(tx, desk.actor)))
    return Place(asked, view, args.get("cursor", ""))


def _told(place: Place, task: str) -> dict[str, Any]:
    back = place.address(task=task)
    return {"place": place, "asked": place.asked, "view": place.view, "back": back}


def _find(tx: Transaction, desk: Desk, place: Place, steps: Iterable[Step]) -> Page:
    scope, state = TABS[place.asked.tab]
    filters = filters_of(place.asked, steps, tx.now)
    return inbox.find_tasks(tx, desk.actor, filters, scope=scope, state=state, limit=_PAGE, cursor=place.cursor or None)


def _list(tx: Transaction, desk: Desk, address: str | None, task: str) -> dict[str, Any]:
    actor = desk.actor
    kept = views.list_views(tx, actor)
    place, steps = _place(tx, desk, address, kept), list_steps(tx)
    tab = place.asked.tab
    page = _find(tx, desk, place, steps)
    lines = _lines(tx, desk, page.items)
    grouped = group_by_day(tx, lines) if tab == "following" else group_by_term(tx, lines)
    return {
        **_told(place, task),
        "tab": tab,
        "tabs": tabs_for(actor),
        "groups": [("", lines)] if tab == "done" and lines else grouped,
        "found": len(lines),
        "following": page.next,
        "chips": chips_of(place.asked, steps),
        "wrong_days": wrong_days(place.asked),
        "options": options_of(steps),
        "whens": WHENS,
        "views": kept,
        "may_share": actor.holds(*views.MAY_SHARE),
        "share_with": sorted(tx.runtime.registry.groups),
        "counted": COUNTED,
        "today": moscow(tx.now).date(),
    }


def _asked(
    tx: Transaction, desk: Desk, kept: list[dict[str, Any]] | None, args: Mapping[str, str]
) -> tuple[Chosen, dict[str, Any] | None]:
    """Return tab and filters, and the saved view that they are; a bare address is the person's first view."""
    view: dict[str, Any] | None = None
    if args.get("view"):
        view = views.get_view(tx, args["view"], desk.actor)
    elif not {"tab", "cursor", *FIELDS} & set(args):
        known = views.list_views(tx, desk.actor) if kept is None else kept
        view = next((row for row in known if row["is_first"]), None)
    return read_chosen(view["filters"] if view else args), view


def _first_tab(counts: dict[str, int]) -> str:
    # Somebody who holds nothing sees at once what waits for their role.
    return next((name for name in ("mine", "available", "substituting") if counts.get(name)), "mine")


def _lines(tx: Transaction, desk: Desk, rows: list[dict[str, Any]]) -> list[Line]:
    logins = {row["assignee"] for row in rows if row["assignee"]} - {desk.actor.login}
    names = {login: person.full_name for login, person in persons_of(tx.connection, logins).items()} if logins else {}
    days: dict[str, date] = {row["id"]: row["follow_up"] for row in rows if "follow_up" in row}
    days |= inbox.follow_ups(tx, desk.actor, [row["id"] for row in rows if row["id"] not in days])
    return [line_of(tx, row, holders=names, day=days.get(row["id"])) for row in rows]
