"""From a draft to a case and back: the check, the submission, the withdrawal, and filing again after a refusal."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from flask import make_response, request

from engine import cases
from engine.errors import InvalidError
from engine.runtime import Transaction
from handlers.auth import SIGNED_IN
from handlers.forms_view import id_of
from handlers.pages.application_fields import label_of, step_of
from handlers.pages.application_frame import open_draft
from handlers.pages.application_parts import STEP_BY_SLUG
from handlers.pages.desk import Answer, Desk, Pages
from processes.certification import use_cases as certification
from processes.certification.progress import may_withdraw
from processes.certification.remarks import Remark

pages = Pages()

_UNPROCESSABLE: Final = 422


@dataclass(slots=True)
class Line:
    """A remark as the page lists it: where it leads, and what the place is called; gaps of a step are one line."""

    row: str
    slug: str
    anchor: str
    place: tuple[str, int | None, str]
    text: str
    remedy: str
    gaps: list[tuple[str, tuple[str, int | None, str]]] = field(default_factory=list)


@pages.get("/applications/<application_id>/check", SIGNED_IN)
def show_check(desk: Desk, application_id: str) -> Answer:
    """Show what the technical review would find, and the way to submit."""
    return _page(desk, application_id)


@pages.post("/applications/<application_id>/submit", SIGNED_IN)
def submit_application(desk: Desk, application_id: str) -> Answer:
    """Submit a draft: with leave to publish (A-44), and knowingly where the check found what cannot pass."""
    found = desk.read(lambda tx: certification.precheck_of(tx, application_id, desk.actor))
    wrong: dict[str, list[str]] = {}
    if request.form.get("consent") != "true":
        wrong["consent"] = ["Подтвердите согласие на публикацию: без него программу нельзя внести в депозитарий."]
    if any(not one.is_gap for one in found.certain) and request.form.get("anyway") != "true":
        wrong["anyway"] = ["Исправьте замечания или подтвердите, что подаёте заявку с ними."]
    if wrong:
        return _page(desk, application_id, InvalidError("Заявка не подана.", errors=wrong, rule=False))

    def act(tx: Transaction) -> dict[str, Any]:
        case = certification.submit(tx, application_id, actor=desk.actor, has_consented=True)
        return {"case": case["id"]}

    try:
        desk.act(act, name="submit")
    except InvalidError as error:
        return _page(desk, application_id, error)
    return desk.go("show_application", application_id=application_id, done="submitted")


@pages.get("/applications/<application_id>/withdraw", SIGNED_IN)
def ask_withdrawal(desk: Desk, application_id: str) -> Answer:
    """Ask whether an application is to be taken back, and tell until when it may be."""
    return _withdrawal(desk, application_id)


@pages.post("/applications/<application_id>/withdraw", SIGNED_IN)
def withdraw_application(desk: Desk, application_id: str) -> Answer:
    """Take an application back, with the reason."""
    reason = request.form.get("reason", "").strip()

    def act(tx: Transaction) -> dict[str, Any]:
        return {"case": certification.withdraw(tx, application_id, reason, actor=desk.actor)["id"]}

    try:
        desk.act(act, name="withdraw")
    except InvalidError as error:
        return make_response(_withdrawal(desk, application_id, error), _UNPROCESSABLE)
    return desk.go("show_application", application_id=application_id, done="withdrawn")


@pages.post("/applications/<application_id>/again", SIGNED_IN)
def file_again(desk: Desk, application_id: str) -> Answer:
    """Begin a draft from an application whose case has ended, with the remarks of its refusal to answer."""
    made = desk.act(lambda tx: certification.start_again(tx, application_id, actor=desk.actor), name="application")
    slug = "remarks" if made.get("previous_case") else "organisation"
    return desk.go("show_step", application_id=made["id"], slug=slug, done="again")


def lines_of(remarks: Iterable[Remark]) -> list[Line]:
    """Remarks as lines: those on blank fields gathered by their step."""
    lines: list[Line] = []
    gathered: dict[str, Line] = {}
    for one in remarks:
        step = step_of(one.path)
        slug = step.slug if step else "organisation"
        place = label_of(one.path)
        anchor = f"kind-{one.path.removeprefix('files.')}" if one.path.startswith("files.") else id_of(one.path)
        if one.is_gap and slug in gathered:
            gathered[slug].gaps.append((anchor, place))
            continue
        line = Line(one.row, slug, anchor, place, one.text, one.remedy)
        if one.is_gap and slug != "files":
            line.gaps.append((anchor, place))
            gathered[slug] = line
        lines.append(line)
    return lines


def _page(desk: Desk, application_id: str, error: InvalidError | None = None) -> Answer:
    def ask(tx: Transaction) -> tuple[Any, Any]:
        draft = open_draft(tx, application_id, desk.actor)
        return draft, certification.precheck_of(tx, application_id, desk.actor)

    draft, found = desk.read(ask)
    if draft.application["state"] != "draft":
        return desk.go("show_application", application_id=application_id)
    shown = desk.show(
        "application_check.html",
        application=draft.application,
        step=STEP_BY_SLUG["check"],
        marks=draft.marks("check"),
        back=draft.beside("check", -1),
        step_names={slug: step.label for slug, step in STEP_BY_SLUG.items()},
        certain=lines_of(found.certain),
        doubts=lines_of(found.doubts),
        rows=found.rows(),
        is_blocked=bool(draft.application["missing"]),
        needs_anyway=any(not one.is_gap for one in found.certain),
        error=error,
        faults=_faults(error),
        sent=request.form,
    )
    return make_response(shown, _UNPROCESSABLE if error else 200)


def _faults(error: InvalidError | None) -> Sequence[tuple[str, str]]:
    if error is None:
        return ()
    return [(f"f-{path}", text) for path in ("consent", "anyway") for text in error.errors.get(path, ())]


def _withdrawal(desk: Desk, application_id: str, error: InvalidError | None = None) -> str:
    def ask(tx: Transaction) -> tuple[Any, Any, bool]:
        application = certification.get_application(tx, application_id, desk.actor)
        case = cases.get_case(tx, application["case"], desk.actor) if application["case"] else None
        return application, case, case is not None and may_withdraw(tx, case)

    application, case, is_possible = desk.read(ask)
    return desk.show(
        "application_withdraw.html", application=application, case=case, is_possible=is_possible, error=error
    )
