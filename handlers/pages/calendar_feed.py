"""A person's deadlines as an iCalendar feed (RFC 5545), at a secret address that the person opens and closes."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from flask import make_response, request
from werkzeug.exceptions import NotFound

from engine.actors import Actor
from engine.clock import moscow
from engine.inbox import feeds
from engine.runtime import Transaction
from handlers.accounts import records
from handlers.auth import PUBLIC, SIGNED_IN
from handlers.pages.desk import Answer, Desk, Pages

pages = Pages()

_PRODUCT: Final = "-//Regional expert council//Case service//RU"
_NAME: Final = "Сроки экспертного совета"
#: How often a calendar program is asked to look again.
_REFRESH: Final = timedelta(hours=1)


@pages.get("/me/calendar", SIGNED_IN)
def show_calendar(desk: Desk) -> Answer:
    """Show whether the person's calendar is open, and how to open it in a calendar program."""
    return desk.show("calendar.html", kept=desk.read(lambda tx: feeds.calendar_of(tx, desk.actor)), address="")


@pages.post("/me/calendar", SIGNED_IN)
def change_calendar(desk: Desk) -> Answer:
    """Open the calendar at a new address, told this once, or close it."""
    if "close" in request.form:
        desk.act(_close(desk.actor), name="close_calendar", again=True)
        return desk.go("show_calendar", done="calendar_closed")
    offered = bool(request.form.get("offered"))

    def act(tx: Transaction) -> dict[str, Any]:
        return {"secret": feeds.open_calendar(tx, actor=desk.actor, offered=offered)}

    # Not kept under the form's key: the secret would stay readable in the answers kept.
    secret = str(desk.act(act, name="open_calendar", again=True)["secret"])
    address = f"{desk.context.runtime.base_url}/calendar/{secret}.ics"
    return desk.show("calendar.html", kept=desk.read(lambda tx: feeds.calendar_of(tx, desk.actor)), address=address)


@pages.get("/calendar/<secret>.ics", PUBLIC)
def send_calendar(desk: Desk, secret: str) -> Answer:
    """Send the calendar that a key opens; what its person may not see any more is not in it."""

    def ask(tx: Transaction) -> bytes | None:
        row = feeds.find_calendar(tx, secret)
        actor = desk.context.find_actor(tx, row["login"]) if row else None
        if row is None or actor is None or not _is_open(tx, actor.login):
            return None
        tasks, days = feeds.deadlines(tx, actor, offered=row["offered"])
        return write_calendar(tasks, days, now=tx.now, base_url=desk.context.runtime.base_url)

    found = desk.read(ask)
    if found is None:
        raise NotFound
    answer = make_response(found)
    answer.headers["Content-Type"] = "text/calendar; charset=utf-8"
    answer.headers["Content-Disposition"] = 'inline; filename="deadlines.ics"'
    answer.headers["Cache-Control"] = "private, max-age=600"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def write_calendar(tasks: list[dict[str, Any]], days: Mapping[str, date], *, now: datetime, base_url: str) -> bytes:
    """Return the calendar: an all-day event on each task's last day (Europe/Moscow), and on each day to come back.

    A task's event has one UID for life, so that a moved term moves the event; a provisional term (the calendar of its
    year is not official yet) is TENTATIVE and says so.
    """
    # Needed by this page alone; the rest of the service starts without it.
    import icalendar

    calendar = icalendar.Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _NAME)
    calendar.add("refresh-interval", _REFRESH, parameters={"value": "DURATION"})
    host = urlsplit(base_url).hostname or "localhost"
    for task in tasks:
        provisional = bool((task["due"] or {}).get("provisional"))
        words = [task["case_title"], f"Дело {task['case_number']}"]
        words += ["Срок предварительный: календарь года ещё не утверждён."] if provisional else []
        words += ["Задача ещё никем не взята."] if task["assignee"] is None else []
        event = _event(icalendar, f"task-{task['id']}@{host}", moscow(task["due_at"]).date(), now)
        event.add("summary", f"Срок: {task['name']} ({task['case_number']})")
        event.add("description", "\n".join(word for word in words if word))
        event.add("status", "TENTATIVE" if provisional else "CONFIRMED")
        event.add("url", f"{base_url}/tasks/{task['id']}")
        calendar.add_component(event)
    names = {task["id"]: task for task in tasks}
    for identity, day in days.items():
        event = _event(icalendar, f"back-{identity}@{host}", day, now)
        task = names.get(identity, {})
        event.add("summary", f"Вернуться: {task.get('name', 'к задаче')} {task.get('case_number', '')}".strip())
        event.add("url", f"{base_url}/tasks/{identity}")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _event(icalendar: Any, uid: str, day: date, now: datetime) -> Any:
    event = icalendar.Event()
    event.add("uid", uid)
    event.add("dtstamp", now)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    return event


def _is_open(tx: Transaction, login: str) -> bool:
    """Whether the account may still sign in."""
    kept = records.find_credential(tx.connection, login)
    return kept is not None and not kept["disabled"]


def _close(actor: Actor) -> Any:
    def act(tx: Transaction) -> dict[str, Any]:
        feeds.close_calendar(tx, actor=actor)
        return {}

    return act
