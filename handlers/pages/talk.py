"""What is said about a case and what is put into it, as its page and the pages of its tasks show it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from engine import attachments, comments
from engine.actors import SEES_ALL
from engine.errors import InvalidError
from engine.runtime import Transaction
from handlers.pages.desk import Desk
from processes.certification import access, discussion
from processes.council.model import Role
from processes.council.people import day_of, members_on, owner_of
from processes.council.records import people

_MENTION: Final = re.compile(r"(?<![\w.@])@([A-Za-z][\w-]*(?:\.[\w-]+)*)", re.ASCII)

#: A comment or a file that was refused: what was typed (values by field), and why.
Refused: TypeAlias = tuple[Mapping[str, list[str]], InvalidError]


@dataclass(frozen=True, slots=True)
class Remark:
    """One comment as it is shown: `parts` are (text, name or None), a name standing for a mention."""

    row: Mapping[str, Any]
    author: str
    is_mine: bool
    parts: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class Talk:
    """The comments of a case and the forms below them, with what was typed and what was wrong with it."""

    remarks: list[Remark]
    files: list[tuple[Mapping[str, Any], str]]
    may_comment: bool
    may_open: bool
    may_attach: bool
    #: (login, name, position) of those who can be mentioned, by name.
    people: list[tuple[str, str, str]]
    #: Names of all whom the service knows, by login.
    names: Mapping[str, str]
    typed: Mapping[str, Any] = field(default_factory=dict)
    errors: Mapping[str, list[str]] = field(default_factory=dict)


def talk_of(
    tx: Transaction,
    desk: Desk,
    case: Mapping[str, Any],
    documents: Iterable[Mapping[str, Any]],
    refused: Refused | None = None,
) -> Talk:
    """Return what the person reads and may write of a case; `documents` are those that the person may know of."""
    actor, row = desk.actor, dict(case)
    everybody = {person.login: person for person in people.all_persons(tx.connection)}
    names = {login: person.full_name for login, person in everybody.items()}
    may_open = discussion.may_write_openly(tx, row, actor)
    return Talk(
        remarks=[
            Remark(one, names.get(one["author"], one["author"]), one["author"] == actor.login, _parts(one, names))
            for one in access.list_comments(tx, case, actor)
        ],
        files=[(one, names.get(one["by"], one["by"])) for one in documents if one["kind"] in attachments.KINDS],
        may_comment=discussion.may_comment(actor),
        may_open=may_open,
        may_attach=attachments.may_attach(tx, row, actor),
        people=_readers(tx, desk, case, everybody, is_open=may_open),
        names=names,
        typed=refused[0] if refused else {},
        errors=refused[1].errors if refused else {},
    )


def papers_of(documents: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return a case's documents without the files that people have put into it."""
    return [one for one in documents if one["kind"] not in attachments.KINDS]


def read_said(desk: Desk, task: str | None = None) -> comments.Said:
    """Return the comment that a form sends; who sees only the own cases speaks openly."""
    sent = desk.posted
    audience = sent.get("audience", comments.INTERNAL) if desk.actor.sees_all else comments.OPEN
    return comments.Said(sent.get("text", ""), audience, tuple(sent.getlist("also")), task)


def _parts(row: Mapping[str, Any], names: Mapping[str, str]) -> tuple[tuple[str, str | None], ...]:
    text, found, last = row["text"] or "", [], 0
    for match in _MENTION.finditer(text):
        if match[1] in names:
            found += [(text[last : match.start()], None), (match[0], names[match[1]])]
            last = match.end()
    return (*found, (text[last:], None))


def _readers(
    tx: Transaction, desk: Desk, case: Mapping[str, Any], everybody: Mapping[str, Any], *, is_open: bool
) -> list[tuple[str, str, str]]:
    """Return who would read a comment: the council and its staff, and the applicant's people where it may be open.

    To those outside the council its secretary alone is offered: other people's logins are no concern of theirs.
    """
    day, sees_all = day_of(tx.now), desk.actor.sees_all
    seated = members_on(tx.connection, day)
    members = seated.members if seated else ()
    logins = {member.login for member in members if sees_all or member.role is Role.SECRETARY}
    fellows = access.fellow_experts(tx, case, desk.actor)
    for login, person in everybody.items():
        is_theirs = is_open and person.organization is not None and owner_of(person.organization) == case["owner"]
        if (sees_all and person.roles_on(day) & SEES_ALL) or (is_theirs and "applicant" in person.roles_on(day)):
            logins.add(login)
    return sorted(
        (
            (login, everybody[login].full_name, everybody[login].position or "")
            for login in logins - fellows - {desk.actor.login}
            if login in everybody
        ),
        key=lambda one: one[1],
    )
