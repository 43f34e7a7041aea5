"""A submitted application as its organisation asks after it: what happens now, who does it, by when, what to do."""

from typing import Any, Final

from flask import request

from engine import cases, inbox
from engine.clock import moscow
from engine.errors import NotFoundError
from engine.records import messages as post_records
from engine.runtime import Transaction
from handlers.auth import SIGNED_IN
from handlers.pages import application_fields as fields
from handlers.pages.application_frame import open_draft
from handlers.pages.application_parts import AGAIN, FILES, PARTS, REMEDIES
from handlers.pages.dates import Term, term_of
from handlers.pages.desk import Answer, Desk, Pages
from processes.certification import access
from processes.certification import use_cases as certification
from processes.certification.drafts import REFUSED_ENDS
from processes.certification.progress import Progress, progress_of
from processes.council_meeting.overview import describe_meeting

pages = Pages()

_LETTERS: Final = 30
_TASKS: Final = 20
#: Who acts where no task of a group waits.
_ACTORS: Final = {"await_council_decision": "council", "await_ministry_order": "ministry"}


@pages.get("/applications/<application_id>", SIGNED_IN)
def show_application(desk: Desk, application_id: str) -> Answer:
    """Lead to the step of a draft that is to be filled in next, or show how far a submitted one has come."""
    application = desk.read(lambda tx: certification.get_application(tx, application_id, desk.actor))
    is_own = desk.actor.holds("applicant")
    if application["state"] == "draft" and is_own:
        draft = desk.read(lambda tx: open_draft(tx, application_id, desk.actor))
        told = {"done": request.args["done"]} if request.args.get("done") else {}
        return desk.go("show_step", application_id=application_id, slug=draft.first_open(), **told)
    if not is_own:
        return _read(desk, application)
    return desk.show("application_status.html", **desk.read(lambda tx: _status(tx, desk, application)))


@pages.get("/applications/<application_id>/form", SIGNED_IN)
def read_application(desk: Desk, application_id: str) -> Answer:
    """Show an application as it was filled in, with its files, to read."""
    return _read(desk, desk.read(lambda tx: certification.get_application(tx, application_id, desk.actor)))


def _read(desk: Desk, application: dict[str, Any]) -> Answer:
    def ask(tx: Transaction) -> tuple[Any, Any]:
        case = cases.get_case(tx, application["case"], desk.actor) if application["case"] else None
        previous = application.get("previous_case")
        try:
            before = cases.get_case(tx, previous, desk.actor) if previous else None
        except NotFoundError:
            before = None
        return case, before

    case, before = desk.read(ask)
    parts = [part for part in PARTS if part is not REMEDIES and part not in AGAIN]
    return desk.show(
        "application.html",
        application=application,
        case=case,
        before=before,
        sections=fields.lay_out(application, fields.State(), parts),
        kind_names=FILES,
    )


def _status(tx: Transaction, desk: Desk, application: dict[str, Any]) -> dict[str, Any]:
    case = cases.get_case(tx, application["case"], desk.actor)
    progress = progress_of(tx, case, desk.actor)
    tasks = inbox.list_tasks(tx, desk.actor, scope="all", case=case["id"], limit=_TASKS).items
    waiting = [row for row in tasks if row["element"] != "confirm_removal"]
    latest = max((row for row in waiting if row["due_at"]), key=lambda row: row["due_at"], default=None)
    letters = post_records.letters(
        tx.connection,
        case_id=case["id"],
        owner=desk.actor.owner,
        login=desk.actor.login,
        everything=False,
        after=None,
        limit=_LETTERS,
    )
    return {
        "application": application,
        "case": case,
        "progress": progress,
        "term": term_of(latest, tx.now, tx.calendar) if latest else Term("none"),
        "who": _who(progress, waiting),
        "waited": _waited(tx, progress),
        "meeting": _meeting_of(tx, progress),
        "documents": access.list_documents(tx, case, desk.actor),
        "letters": letters,
        "stage": cases.stage_of(tx, case),
        "may_answer": case["end"] in REFUSED_ENDS,
    }


def _who(progress: Progress, tasks: list[dict[str, Any]]) -> list[str]:
    groups = dict.fromkeys(group for row in tasks for group in row["candidates"])
    found = list(groups) or (["expert"] if tasks else [])
    return found or [name for name in (_ACTORS.get(progress.element or ""),) if name]


def _waited(tx: Transaction, progress: Progress) -> int | None:
    rung = progress.current
    if rung is None or rung.state != "current" or rung.begun is None:
        return None
    return tx.calendar.working_days_between(moscow(rung.begun).date(), moscow(tx.now).date())


def _meeting_of(tx: Transaction, progress: Progress) -> Any:
    """The day of the meeting that has the case on its agenda, or None."""
    if progress.meeting is None:
        return None
    found = describe_meeting(tx.connection, progress.meeting, now=tx.now)
    return found["date"] if found else None
