"""Files that those who work on a case put into it: internal, or open to the applicant as well."""

from typing import TYPE_CHECKING, Any, BinaryIO, Final

from engine.actors import Actor
from engine.cases import check_visible, locked, tell
from engine.documents import add_document
from engine.errors import ForbiddenError, InvalidError
from engine.facts import Fact, Text
from engine.records import attachments as records

if TYPE_CHECKING:
    from engine.runtime import Transaction

Row = dict[str, Any]

#: Kinds of the document's row, by whom it is shown to.
INTERNAL: Final = "attachment"
OPEN: Final = "attachment_open"
KINDS: Final = frozenset({INTERNAL, OPEN})
ADDED: Final = "attachment.added"
_LONGEST_TITLE: Final = 200


def may_attach(tx: "Transaction", case: Row, actor: Actor) -> bool:
    """Tell whether an actor works on a case: holds a group of one of its tasks as drawn, or was given one of them."""
    if actor.absent or not actor.sees_all:
        return False
    elements = tx.runtime.definitions.get(tx, case["definition"]).drawing.elements.values()
    # A group whose task is given to one by name (an expert's) opens the case to that one alone.
    open_tasks = [element for element in elements if element.is_user_task and "assignee" not in element.properties]
    groups = {group for element in open_tasks for group in element.candidates}
    return actor.holds(*groups) or records.had_task(tx.connection, case["id"], actor.login)


def attach(
    tx: "Transaction",
    case_id: str,
    *,
    title: str,
    name: str,
    media_type: str,
    content: bytes | BinaryIO,
    kind: str = INTERNAL,
    actor: Actor,
) -> Row:
    """Put a file into a case; its content has been checked. Returns the document's row.

    Raises NotFoundError, ForbiddenError for somebody who does not work on the case, InvalidError (`title`, `audience`),
    FullDiskError.
    """
    case = locked(tx, case_id)
    check_visible(case, actor)
    if not may_attach(tx, case, actor):
        raise ForbiddenError(
            "Файлы к делу прикладывают те, кто по нему работает: у вас нет в нём задач.",
            slug="not_yours",
            case=case["id"],
        )
    wrong = {}
    if kind not in KINDS:
        wrong["audience"] = ["Выберите, кому виден файл: только сотрудникам или также заявителю."]
    if len(title) > _LONGEST_TITLE:
        wrong["title"] = [f"Название длиннее {_LONGEST_TITLE} знаков. Сократите его."]
    if wrong:
        raise InvalidError(errors=wrong, rule=False, case=case["id"])
    row = add_document(
        tx,
        case=case["id"],
        kind=kind,
        title=title.strip(),
        name=name,
        media_type=media_type,
        content=content,
        by=actor.login,
    )
    told = {"document": row["id"], "kind": kind, "sha256": row["sha256"], "size": row["size"]}
    tell(tx, case["id"], [Fact(ADDED, None, {**told, "name": Text(row["title"] or name)})], actor=actor)
    return row
