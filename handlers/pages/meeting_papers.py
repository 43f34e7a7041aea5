"""A meeting's papers: the protocol with its words and versions, the decisions with their extracts and execution."""

from collections.abc import Iterator, Mapping
from datetime import date
from difflib import SequenceMatcher
from re import findall
from typing import Any, Final

from flask import request
from werkzeug.datastructures import MultiDict

from engine import cases, documents
from engine.errors import InvalidError, NotFoundError
from engine.runtime import Transaction
from handlers.auth import SIGNED_IN
from handlers.pages.dates import read_day
from handlers.pages.desk import Answer, Desk, Pages
from handlers.pages.meeting_frame import STAFF, frame_of_meeting, settle
from processes.council_meeting import correcting, execution
from processes.council_meeting.model import Task, Wording
from processes.council_meeting.protocol import decision_words
from processes.council_meeting.records import papers, wording

pages = Pages()

_SPARE: Final = 1
#: Unchanged words shown on either side of a change.
_AROUND: Final = 25


@pages.get("/meetings/<case_id>/protocol", STAFF)
def show_protocol(desk: Desk, case_id: str) -> Answer:
    """Show the protocol, the form for its words, and what a version changed."""
    return _protocol(desk, case_id)


@pages.post("/meetings/<case_id>/protocol", SIGNED_IN)
def word_protocol(desk: Desk, case_id: str) -> Answer:
    """Write the protocol's words."""
    posted = desk.posted

    def act(tx: Transaction) -> dict[str, Any]:
        based_on = posted.get("based_on", type=int)
        return correcting.word_protocol(
            tx, case_id, read_words(posted), based_on=-1 if based_on is None else based_on, actor=desk.actor
        )

    return settle(
        desk,
        act,
        case=case_id,
        done=lambda: desk.go("show_protocol", case_id=case_id, done="worded"),
        page=lambda error: _protocol(desk, case_id, error),
    )


@pages.get("/meetings/<case_id>/decisions", STAFF)
def show_decisions(desk: Desk, case_id: str) -> Answer:
    """Show what was decided, the extracts, and how it is carried out."""
    return _decisions(desk, case_id)


@pages.post("/meetings/<case_id>/items/<int:number>/tasks/<int:task>/done", SIGNED_IN)
def mark_done(desk: Desk, case_id: str, number: int, task: int) -> Answer:
    """Mark what the meeting asked for as done."""
    posted = desk.posted
    done_on = as_day(posted.get("done_on", ""))

    def act(tx: Transaction) -> dict[str, Any]:
        return execution.mark_done(
            tx, case_id, number, task, done_on=done_on, note=posted.get("note", ""), actor=desk.actor
        )

    return settle(
        desk,
        act,
        case=case_id,
        done=lambda: desk.go("show_decisions", case_id=case_id, done="carried", _anchor=f"item-{number}"),
        page=lambda error: _decisions(desk, case_id, error),
    )


def read_words(posted: "MultiDict[str, str]") -> dict[int, Wording]:
    """Return the words posted, by item: `heard.N`, `spoke.N`, `decided.N`, and lists `task.N`, `who.N`, `due.N`.

    A row whose three fields are blank is no task. Raises InvalidError for a day that is none.
    """
    found, errors = {}, {}
    for text in posted.getlist("item"):
        if not text.isdecimal():
            continue
        rows = zip(*(posted.getlist(f"{name}.{text}") for name in ("task", "who", "due")), strict=False)
        tasks = []
        for index, (what, who, due) in enumerate([row for row in rows if any(cell.strip() for cell in row)]):
            day = as_day(due)
            if day is None:
                errors[f"{text}.tasks.{index}.due"] = ["Укажите срок в виде ДД.ММ.ГГГГ."]
            else:
                tasks.append(Task(_clean(what), who, day))
        heard, spoke, decided = (_clean(posted.get(f"{name}.{text}", "")) for name in correcting.FIELDS)
        found[int(text)] = Wording(heard, spoke, decided, tuple(tasks))
    if errors:
        raise InvalidError(errors=errors, rule=False)
    return found


def as_day(text: str) -> date | None:
    """Return a day typed as ДД.ММ.ГГГГ or by a date field, or None."""
    try:
        return date.fromisoformat(read_day(text))
    except ValueError:
        return None


def differences(before: str, after: str) -> Iterator[tuple[str, str]]:
    """Pairs (`same`, `gone` or `new`, text) that lead from one text to another; long unchanged stretches are cut."""
    old, new = (findall(r"\s+|[^\s]+", text) for text in (before, after))
    for kind, i1, i2, j1, j2 in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield "same", _shortened(old[i1:i2])
            continue
        if i2 > i1:
            yield "gone", "".join(old[i1:i2])
        if j2 > j1:
            yield "new", "".join(new[j1:j2])


def _shortened(words: list[str]) -> str:
    kept = 2 * _AROUND
    if len(words) <= 2 * kept:
        return "".join(words)
    return "".join((*words[:kept], "\n[…]\n", *words[-kept:]))


def _clean(text: str) -> str:
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def _protocol(desk: Desk, case_id: str, error: InvalidError | None = None) -> Answer:
    def ask(tx: Transaction) -> dict[str, Any]:
        frame = frame_of_meeting(tx, desk, case_id)
        versions = wording.versions_of(tx.connection, frame["case"]["id"])
        chosen = request.args.get("version", type=int)
        shown = next((v for v in versions if v["version"] == chosen), None)
        if chosen is not None and shown is None:
            raise NotFoundError("Такой редакции протокола нет.")
        earlier = next((v for v in versions if shown and v["version"] == shown["version"] - 1), None)
        filed = documents.documents_of(tx, case=frame["case"]["id"])
        return {
            **frame,
            "versions": versions,
            "shown": shown,
            "changed": list(differences(earlier["content"], shown["content"])) if earlier and shown else [],
            "signed_paper": next((d for d in filed if d["kind"] == "protocol_signed"), None),
            "wordings": [(b, b.told.wording, decision_words(b.told)) for b in frame["hall"].ballots],
            "spare": _SPARE,
        }

    return _shown(desk, "meeting_protocol.html", desk.read(ask), error)


def _decisions(desk: Desk, case_id: str, error: InvalidError | None = None) -> Answer:
    def ask(tx: Transaction) -> dict[str, Any]:
        frame = frame_of_meeting(tx, desk, case_id)
        case = frame["case"]["id"]
        filed = documents.documents_of(tx, case=case)
        rows = wording.assignments_of(tx.connection, case)
        orders = {row["case"]: row for row in papers.order_cases(tx.connection, case)}
        followed = {b.told.point.case: _followed(tx, desk, b.told.point.case) for b in frame["hall"].ballots}
        return {
            **frame,
            "documents": filed,
            "extracts": {b.number: _extract(filed, b.told.number) for b in frame["hall"].ballots if b.told.number},
            "words": {b.number: decision_words(b.told) for b in frame["hall"].ballots},
            "tasks": rows,
            "markable": {
                (r["item"], r["n"]) for r in rows if r["done_on"] is None and execution.may_mark(desk.actor, r)
            },
            "is_signed": set(frame["signatures"]) >= execution.SIGNATURES,
            "orders": orders,
            "followed": followed,
        }

    return _shown(desk, "meeting_decisions.html", desk.read(ask), error)


def _followed(tx: Transaction, desk: Desk, case_id: str | None) -> dict[str, Any] | None:
    """How far the case of a decision has come since."""
    if case_id is None:
        return None
    case = cases.get_case(tx, case_id, desk.actor)
    return {**case, "stage": cases.stage_of(tx, case)}


def _extract(filed: list[dict[str, Any]], number: str) -> dict[str, Any] | None:
    return next((d for d in filed if d["kind"] == "protocol_extract" and d["title"].endswith(number)), None)


def _shown(desk: Desk, template: str, frame: Mapping[str, Any], error: InvalidError | None) -> Answer:
    told = {"error": error, "wrong": dict(error.errors), "typed": desk.posted} if error is not None else {}
    return desk.show(template, **{**frame, **told})
