"""Comments on a case and files put into it, under the council's own rules: who writes, and what experts do not share.

As long as a review of the case is open, its experts neither read nor mention each other here: a conclusion is its
expert's own (P-12). An expert writes to the council only, never to the applicant, and an auditor reads.
"""

from typing import TYPE_CHECKING, Any, BinaryIO, Final

from engine import attachments, cases, comments
from engine.actors import Actor
from engine.errors import ForbiddenError, InvalidError
from processes.certification.access import fellow_experts, is_expert_of
from processes.certification.uploads import check_upload

if TYPE_CHECKING:
    from engine.runtime import Transaction

Row = dict[str, Any]

_WRITERS: Final = ("secretary", "chair", "deputy", "member", "expert", "ministry", "admin", "applicant")


def may_comment(actor: Actor) -> bool:
    """Tell whether an actor writes comments at all."""
    return not actor.absent and actor.holds(*_WRITERS)


def may_write_openly(tx: "Transaction", case: Row, actor: Actor) -> bool:
    """Tell whether what an actor writes may be shown to the applicant: not what an expert of the case writes."""
    return case["owner"] is not None and not is_expert_of(tx, case["id"], actor.login)


def add_comment(
    tx: "Transaction", case_id: str, said: comments.Said, *, actor: Actor, find: comments.FindPerson
) -> Row:
    """Add a comment; see `engine.comments.add_comment`.

    Raises NotFoundError, ForbiddenError, InvalidError (`text`, `audience`, `mentions`).
    """
    case = cases.get_case(tx, case_id, actor)
    if not may_comment(actor):
        raise ForbiddenError("Вы читаете дела и в них не пишете.", case=case["id"])
    _check_audience(tx, case, actor, is_open=said.audience == comments.OPEN)
    fellows = fellow_experts(tx, case, actor)
    named = fellows & {*said.also, *comments.mentions_in(said.text)}
    if named:
        known = [find(tx, login) for login in sorted(named)]
        names = ", ".join(person.name for person in known if person)
        raise InvalidError(
            errors={"mentions": [f"До сдачи всех заключений эксперты не видят комментариев друг друга: {names}."]},
            rule=False,
            case=case["id"],
        )
    return comments.add_comment(tx, case["id"], said, actor=actor, find=find)


def attach(
    tx: "Transaction",
    case_id: str,
    *,
    title: str,
    name: str,
    content: bytes | BinaryIO,
    is_open: bool,
    actor: Actor,
) -> Row:
    """Put a file into a case, judged as an application's files are; see `engine.attachments.attach`.

    Raises NotFoundError, ForbiddenError, InvalidError (`file`, `title`, `audience`), FullDiskError.
    """
    case = cases.get_case(tx, case_id, actor)
    _check_audience(tx, case, actor, is_open=is_open)
    media_type, wrong = check_upload("other", name, content)
    if wrong:
        raise InvalidError(errors=wrong, rule=False, case=case["id"])
    if not isinstance(content, bytes):
        content.seek(0)
    return attachments.attach(
        tx,
        case["id"],
        title=title,
        name=name,
        media_type=media_type,
        content=content,
        kind=attachments.OPEN if is_open else attachments.INTERNAL,
        actor=actor,
    )


def _check_audience(tx: "Transaction", case: Row, actor: Actor, *, is_open: bool) -> None:
    if is_open and not may_write_openly(tx, case, actor):
        why = "у этого дела нет заявителя" if case["owner"] is None else "эксперт дела заявителю не пишет"
        raise InvalidError(
            errors={"audience": [f"Откройте это только сотрудникам: {why}."]}, rule=False, case=case["id"]
        )
