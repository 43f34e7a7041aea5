"""Who may open a document of a case (clauses 2.6, 2.7; contract section 8)."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from engine import attachments, comments
from engine.actors import Actor
from engine.documents import documents_of, get_document
from engine.errors import ForbiddenError
from processes.certification.events import CONCLUSION_SUBMITTED
from processes.certification.model import PROCESS
from processes.certification.records import work
from processes.council.records import appointments

if TYPE_CHECKING:
    from engine.runtime import Transaction

REVIEW: Final = "expert_review"
#: A signature file: it is shown to those who may open what it signs, its `holder`.
SIGNATURE: Final = "signature"
APPROVAL: Final = "approve_conclusions"
_CONCLUDING: Final = frozenset({REVIEW, "file_conclusion"})
_TELLING: Final = frozenset({"task.completed", "act.refused", CONCLUSION_SUBMITTED})


def check_document(tx: "Transaction", case: Mapping[str, Any], document: Mapping[str, Any], actor: Actor) -> None:
    """Raise ForbiddenError where an actor who sees the case may not open this document of it.

    An expert of the case opens its files after `declaration.no_conflict: true` stands in the draft of the review
    (`declaration_required`); an expert never opens another's conclusion before all are approved, for none is issued
    before; the applicant reads the conclusions when the council has decided (M-4, P-12).
    """
    needs_declaration(tx, case["id"], actor, case["id"])
    if document["kind"] == SIGNATURE:
        document = get_document(tx, document["holder"])
    if document["kind"] == attachments.INTERNAL and not actor.sees_all:
        raise ForbiddenError("Этот файл только для сотрудников совета.", case=case["id"])
    if document["kind"] in attachments.KINDS and document["by"] in fellow_experts(tx, case, actor):
        raise ForbiddenError("Файлы других экспертов откроются, когда будут сданы все заключения.", case=case["id"])
    if document["kind"] == "conclusion" and not actor.sees_all and not case["data"].get("decision"):
        raise ForbiddenError("Заключения открываются заявителю после решения совета.", case=case["id"])


def needs_declaration(tx: "Transaction", case_id: str, actor: Actor, refused_case: str) -> None:
    """Raise ForbiddenError `declaration_required` for an expert with an open review and no declaration in its draft."""
    review = work.open_review(tx.connection, case_id, actor.login)
    if review is None:
        return
    declaration = (review["draft"] or {}).get("declaration") or {}
    if declaration.get("no_conflict") is not True:
        raise ForbiddenError(
            "Сначала заявите в форме заключения об отсутствии конфликта интересов и сохраните черновик.",
            slug="declaration_required",
            case=refused_case,
        )


def list_documents(tx: "Transaction", case: Mapping[str, Any], actor: Actor) -> list[dict[str, Any]]:
    """Documents of a case that the actor may know of, oldest first; opening one is checked apart."""
    rows = documents_of(tx, case=case["id"])
    hidden = set()
    if not actor.sees_all:
        closed = {attachments.INTERNAL} if case["data"].get("decision") else {attachments.INTERNAL, "conclusion"}
        hidden = {row["id"] for row in rows if row["kind"] in closed}
    attached = [row for row in rows if row["kind"] in attachments.KINDS]
    fellows = fellow_experts(tx, case, actor) if attached else ()
    hidden |= {row["id"] for row in attached if row["by"] in fellows}
    return [row for row in rows if row["id"] not in hidden and row["holder"] not in hidden]


def list_comments(tx: "Transaction", case: Mapping[str, Any], actor: Actor) -> list[dict[str, Any]]:
    """Comments of a case that the actor may read, oldest first; a withdrawn one without its `text`."""
    rows = comments.list_comments(tx, case, actor)
    fellows = fellow_experts(tx, case, actor) if rows else ()
    return [row for row in rows if row["author"] not in fellows]


def fellow_experts(tx: "Transaction", case: Mapping[str, Any], actor: Actor) -> frozenset[str]:
    """The other experts of an expert's case as long as anybody's review is open: judging is each one's own (P-12)."""
    if case["process"] != PROCESS or not actor.sees_all:
        return frozenset()
    experts = {row["login"] for row in appointments.holders_of(tx.connection, case["id"]).values()}
    if actor.login not in experts or not work.is_reviewed(tx.connection, case["id"]):
        return frozenset()
    return frozenset(experts - {actor.login})


def check_application_file(tx: "Transaction", application: Mapping[str, Any], actor: Actor) -> None:
    """Raise ForbiddenError where an expert of the application's case has not declared to be free of conflict."""
    if application["case"] is not None:
        needs_declaration(tx, application["case"], actor, application["case"])


def is_expert_of(tx: "Transaction", case_id: str, login: str) -> bool:
    """Whether a person holds a seat in a case."""
    return any(row["login"] == login for row in appointments.holders_of(tx.connection, case_id).values())


def may_see_form(tx: "Transaction", task: Mapping[str, Any], actor: Actor) -> bool:
    """Whether an actor may see what is shown and filled in at a task.

    A conclusion is its expert's own until all are in and their approval has opened, a returned one again (P-12).
    """
    if task["process"] != PROCESS or task["element"] != REVIEW or actor.login == task["assignee"]:
        return True
    completed = work.completion_of(tx.connection, task["case"], task["id"]) if actor.sees_all else None
    return completed is not None and completed < work.last_opening(tx.connection, task["case"], APPROVAL)


def shown_task(tx: "Transaction", task: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
    """A task as `engine.inbox.get_task` gives it, emptied of what the actor may not see (yet).

    Those who see their own cases alone read no working papers of the council: the pool, the conclusions.
    """
    is_own = actor.sees_all or not task["candidates"] or bool(actor.all_groups & set(task["candidates"]))
    if is_own and may_see_form(tx, task, actor):
        return dict(task)
    return {**task, "data": {}, "entered": None, "draft": None}


def shown_history(tx: "Transaction", case: Mapping[str, Any], page: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
    """A page of a history (`items`, `texts`), its chain whole, without the texts that the actor may not see yet.

    The texts of a conclusion, and of the refusals to file it, are its expert's own as long as the conclusion is.
    """
    page = {**page, "texts": _without_comments(tx, case, page, actor)}
    if case["process"] != PROCESS:
        return page
    opened = work.last_opening(tx.connection, case["id"], APPROVAL) if actor.sees_all else 0
    kept = dict(page["texts"])
    for event in page["items"]:
        telling = event["kind"] in _TELLING and event["element"] in _CONCLUDING
        if telling and event["actor"] != actor.login and event["seq"] > opened:
            for ref in _references(event["data"]):
                kept.pop(ref, None)
    return {**page, "texts": kept}


def _without_comments(
    tx: "Transaction", case: Mapping[str, Any], page: Mapping[str, Any], actor: Actor
) -> dict[str, Any]:
    """The texts of a page without those of comments and attachments that the actor does not read elsewhere either."""
    kept = dict(page["texts"])
    told = [event for event in page["items"] if event["kind"] in {comments.ADDED, attachments.ADDED}]
    if not told:
        return kept
    shown = {row["id"] for row in list_comments(tx, case, actor) if row["text"] is not None}
    shown |= {row["id"] for row in list_documents(tx, case, actor)}
    for event in told:
        if (event["data"].get("comment") or event["data"].get("document")) not in shown:
            for ref in _references(event["data"]):
                kept.pop(ref, None)
    return kept


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        if set(value) == {"ref", "digest"}:
            yield str(value["ref"])
            return
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from _references(inner)
