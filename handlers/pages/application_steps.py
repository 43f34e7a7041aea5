"""The steps of an application: each its own address, saved on every step, on every button and while typing."""

from collections.abc import Mapping
from typing import Any, Final

from flask import Response, make_response, request
from werkzeug.datastructures import MultiDict

from engine.actors import Actor
from engine.errors import InvalidError, NotFoundError
from engine.runtime import Transaction
from handlers.answers import write_json
from handlers.auth import SIGNED_IN
from handlers.pages import application_fields as fields
from handlers.pages.application_frame import Draft, open_draft
from handlers.pages.application_parts import STEP_BY_SLUG, Step, Table
from handlers.pages.dates import ask_plainly
from handlers.pages.desk import Answer, Desk, Pages
from processes.certification import use_cases as certification
from processes.certification.application import has_enough_practice, hours_of

#: What the page's script says it does: a save while typing.
AUTOSAVE: Final = "autosave"

pages = Pages()

_UNPROCESSABLE: Final = 422
_MOST_SPARE: Final = 50
_ROW_VERBS: Final = frozenset({"add", "up", "down", "remove"})


@pages.get("/applications/<application_id>/<slug>", SIGNED_IN)
def show_step(desk: Desk, application_id: str, slug: str) -> Answer:
    """Show a step of a draft; a submitted application has no steps."""
    step = _step(slug)
    draft = desk.read(lambda tx: open_draft(tx, application_id, desk.actor))
    if draft.application["state"] != "draft":
        return desk.go("show_application", application_id=application_id)
    return _page(desk, draft, step)


@pages.post("/applications/<application_id>/<slug>", SIGNED_IN)
def save_step(desk: Desk, application_id: str, slug: str) -> Answer:
    """Save a step, and go where the button says.

    What is mistyped is shown at its field with all that was typed; whatever is right is saved nevertheless.
    """
    step = _step(slug)
    do = request.form.get("do", "next")
    if do == AUTOSAVE:
        return _autosave(desk, application_id, step)
    table_path, _, verb = do.partition(".")
    table = next((part for part in step.parts if isinstance(part, Table) and part.path == table_path), None)
    is_row_button = table is not None and verb.partition(".")[0] in _ROW_VERBS
    parts = fields.read_parts(desk.posted, step.parts)
    typed = dict(parts)
    if table is not None and is_row_button:
        parts[table.path] = fields.arrange(table, desk.posted, verb) or None
    # Buttons of one page are pressed again and again: each saves what stands there now, so there is no key.
    wrong = desk.act(lambda tx: _save(tx, desk, application_id, parts), name="application", again=True)["wrong"]
    if wrong:
        return _again(desk, application_id, step, typed, wrong)
    if table is not None and is_row_button:
        place, spare = _row_after(verb, len(parts[table.path] or ()))
        told = {"spare": spare} if spare else {}
        anchor = f"f-{table.path}-{place}"
        return desk.go("show_step", application_id=application_id, slug=slug, **told, _anchor=anchor)
    if do == "stay":
        return desk.go("show_step", application_id=application_id, slug=slug, done="saved")
    draft = desk.read(lambda tx: open_draft(tx, application_id, desk.actor))
    return desk.go("show_step", application_id=application_id, slug=draft.beside(slug, -1 if do == "back" else 1))


def save_typed(tx: Transaction, application_id: str, slug: str, posted: "MultiDict[str, str]", actor: Actor) -> None:
    """Save what was posted of a step, but for what was mistyped. Raises as `save_parts` and for a step there is not."""
    certification.save_parts(tx, application_id, fields.read_parts(posted, _step(slug).parts), actor=actor)


def show_typed(desk: Desk, application_id: str, slug: str, error: InvalidError) -> str:
    """Return a step's page with what was posted, not saved because of the error."""
    step = _step(slug)
    draft = desk.read(lambda tx: open_draft(tx, application_id, desk.actor))
    return _page(desk, draft, step, fields.read_parts(desk.posted, step.parts), error)


def _step(slug: str) -> Step:
    step = STEP_BY_SLUG.get(slug)
    if step is None or not step.parts:
        raise NotFoundError("Такой страницы нет.")
    return step


def _save(tx: Transaction, desk: Desk, application_id: str, parts: Mapping[str, Any]) -> dict[str, Any]:
    return {"wrong": ask_plainly(certification.save_parts(tx, application_id, parts, actor=desk.actor))}


def _autosave(desk: Desk, application_id: str, step: Step) -> Answer:
    """Save while typing: answers what was not saved and why, and what each step still lacks."""
    parts = fields.read_parts(desk.posted, step.parts)
    wrong = desk.act(lambda tx: _save(tx, desk, application_id, parts), name="application", again=True)["wrong"]
    draft = desk.read(lambda tx: open_draft(tx, application_id, desk.actor))
    told = {"wrong": wrong, "missing": {mark.slug: mark.missing for mark in draft.marks(step.slug)}}
    return Response(write_json(told), content_type="application/json")


def _again(
    desk: Desk, application_id: str, step: Step, typed: Mapping[str, Any], wrong: Mapping[str, list[str]]
) -> Answer:
    draft = desk.read(lambda tx: open_draft(tx, application_id, desk.actor))
    error = InvalidError("Всё сохранено, кроме отмеченных полей.", errors=wrong, rule=False)
    return make_response(_page(desk, draft, step, typed, error), _UNPROCESSABLE)


def _row_after(verb: str, rows: int) -> tuple[int, int]:
    """Which row a button was about, and how many more blank rows to show than before: adding asks for one."""
    name, _, number = verb.partition(".")
    place, spare = int(number) if number.isdigit() else rows, 0
    if name == "add":
        shown = request.form.get("spare", "0")
        spare = min(int(shown) + 1, _MOST_SPARE) if shown.isdigit() else 1
    elif name in {"up", "down"}:
        place += -1 if name == "up" else 1
    return max(0, min(place, rows)), spare


def _page(
    desk: Desk,
    draft: Draft,
    step: Step,
    typed: Mapping[str, Any] | None = None,
    error: InvalidError | None = None,
) -> str:
    data = dict(draft.application)
    if typed is not None:
        data = certification.put_parts(data, typed)
    wrong = error.errors if error else {}
    asked = request.args.get("spare", "0")
    spare = min(int(asked), _MOST_SPARE) if asked.isdigit() else 0
    practice, total = _hours(data)
    return desk.show(
        "application_step.html",
        application=draft.application,
        step=step,
        marks=draft.marks(step.slug),
        back=draft.beside(step.slug, -1) if draft.steps[0] != step else None,
        sections=fields.lay_out(
            data, fields.State(draft.application["missing"], wrong, draft.previous, spare), step.parts
        ),
        faults=[(path, *fields.label_of(path), text) for path in wrong for text in wrong[path]],
        error=error,
        spare=spare,
        hours={"practice": practice, "total": total, "enough": total > 0 and has_enough_practice(practice, total)},
    )


def _hours(data: Mapping[str, Any]) -> tuple[int, int]:
    try:
        return hours_of(data)
    except ValueError:
        return 0, 0
