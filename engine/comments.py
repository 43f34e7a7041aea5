"""What people say to each other about a case: internal or also for the applicant, with mentions that become letters.

A comment is never changed. Its author may withdraw it: the page then shows that it was, the history keeps it. The words
stand in the history's erasable texts only, so that erasing personal data takes them from everywhere.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from engine import preferences
from engine.actors import Actor
from engine.cases import check_visible, locked, tell
from engine.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from engine.facts import Fact, Text
from engine.ids import new_id
from engine.outbox import queue_letter
from engine.records import comments as records

if TYPE_CHECKING:
    from engine.database import Connection
    from engine.runtime import Transaction

Row = dict[str, Any]
FindPerson = Callable[["Transaction", str], Actor | None]

INTERNAL: Final = "internal"
OPEN: Final = "open"
ADDED: Final = "comment.added"
WITHDRAWN: Final = "comment.withdrawn"
#: Letters about mentions, by the name under which a person switches them off.
MENTION: Final = "mention"
LONGEST: Final = 4_000
_MENTIONED: Final = re.compile(r"(?<![\w.@])@([A-Za-z][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*)")
_MOST: Final = 20


@dataclass(frozen=True, slots=True)
class Said:
    """A comment as its author gives it: `also` are logins mentioned besides those in the text, `task` where it was."""

    text: str
    audience: str = INTERNAL
    also: Collection[str] = ()
    task: str | None = None


def mentions_in(words: str) -> tuple[str, ...]:
    """Return the logins that a text names as `@login`, each once, in order; an e-mail address names nobody."""
    return tuple(dict.fromkeys(_MENTIONED.findall(words)))


def add_comment(tx: "Transaction", case_id: str, said: Said, *, actor: Actor, find: FindPerson) -> Row:
    """Add a comment and write to those mentioned who want such letters. Returns the comment's row.

    Whoever sees a case may speak in it; who sees only the own cases speaks openly. `find(tx, login)` tells who somebody
    is. Raises NotFoundError, InvalidError (`text`, `audience`, `mentions`), ForbiddenError for an absent person.
    """
    case = locked(tx, case_id)
    check_visible(case, actor)
    words = said.text.replace("\r\n", "\n").strip()
    _check(words, said.audience, actor, case)
    people = _mentioned(tx, case, said, words, find)
    row = {
        "id": new_id(),
        "case": case["id"],
        "seq": case["seq"] + 1,
        "task": said.task,
        "author": actor.login,
        "on_behalf_of": None,
        "audience": said.audience,
        "mentioned": [person.login for person in people],
        "at": tx.now,
        "withdrawn_at": None,
    }
    records.insert_comment(tx.connection, row)
    body = {"comment": row["id"], "audience": said.audience, "mentioned": row["mentioned"], "text": Text(words)}
    facts = [Fact(ADDED, None, {**body, **({"task": said.task} if said.task else {})})]
    tell(tx, case["id"], [*facts, *_letters(tx, case, actor, people)], actor=actor)
    return row


def withdraw_comment(tx: "Transaction", comment_id: str, *, actor: Actor) -> Row:
    """Take one's own comment back. Raises NotFoundError, ForbiddenError (another's), ConflictError (twice)."""
    found = records.get_comment(tx.connection, comment_id)
    if found is None:
        raise NotFoundError("Такого комментария нет.")
    case = locked(tx, found["case"])
    check_visible(case, actor, "Такого комментария нет.")
    row = records.get_comment(tx.connection, comment_id) or found
    if row["audience"] == INTERNAL and not actor.sees_all:
        raise NotFoundError("Такого комментария нет.")
    if row["author"] != actor.login:
        raise ForbiddenError("Отозвать комментарий может только его автор.", slug="not_yours", case=case["id"])
    if row["withdrawn_at"] is not None:
        raise ConflictError("Комментарий уже отозван.", slug="already_done", case=case["id"])
    records.set_withdrawn(tx.connection, comment_id, tx.now)
    tell(tx, case["id"], [Fact(WITHDRAWN, None, {"comment": comment_id})], actor=actor)
    return row


def list_comments(tx: "Transaction", case: Mapping[str, Any], actor: Actor) -> list[Row]:
    """Return what an actor may read of a case's comments, oldest first; a withdrawn one without its `text`."""
    rows = records.comments_of(tx.connection, case["id"])
    return [
        {**row, "text": None if row["withdrawn_at"] else row["text"]}
        for row in rows
        if actor.sees_all or row["audience"] == OPEN
    ]


def find_differences(
    connection: "Connection", case: str, facts: Iterable[Mapping[str, Any]]
) -> list[tuple[int | None, str, str]]:
    """Compare a case's comments with its facts as served; findings as an audit's (`seq` or None, table, what)."""
    rows = {row["id"]: row for row in records.comments_of(connection, case)}
    told = [fact for fact in facts if fact["kind"] in {ADDED, WITHDRAWN}]
    gone = {fact["data"]["comment"] for fact in told if fact["kind"] == WITHDRAWN}
    found: list[tuple[int | None, str, str]] = []
    for fact in (fact for fact in told if fact["kind"] == ADDED):
        identity = fact["data"]["comment"]
        row = rows.pop(identity, None)
        said = (fact["seq"], fact["actor"], fact["data"]["audience"], identity in gone)
        kept = row and (row["seq"], row["author"], row["audience"], row["withdrawn_at"] is not None)
        if kept != said:
            found.append((fact["seq"], "case_comment", f"комментарий {identity} отличается"))
    return found + [(None, "case_comment", f"комментарий {identity} не записан в историю") for identity in rows]


def _check(words: str, audience: str, actor: Actor, case: Row) -> None:
    if actor.absent:
        raise ForbiddenError("На время вашего отсутствия вам доступно только чтение.", slug="absent", case=case["id"])
    wrong: dict[str, list[str]] = {}
    if not words:
        wrong["text"] = ["Напишите текст комментария."]
    elif len(words) > LONGEST:
        wrong["text"] = [f"Комментарий длиннее {LONGEST} знаков. Сократите его или приложите файл."]
    if audience not in {INTERNAL, OPEN}:
        wrong["audience"] = ["Выберите, кому виден комментарий: только сотрудникам или также заявителю."]
    elif audience == INTERNAL and not actor.sees_all:
        wrong["audience"] = ["Ваши комментарии видны сотрудникам совета и вашей организации; иного выбора нет."]
    if wrong:
        raise InvalidError(errors=wrong, rule=False, case=case["id"])


def _mentioned(tx: "Transaction", case: Row, said: Said, words: str, find: FindPerson) -> list[Actor]:
    people, unknown, blind = [], [], []
    for login in dict.fromkeys((*mentions_in(words), *said.also)):
        person = find(tx, login)
        if person is None:
            unknown.append(login)
        elif not _may_read(case, said.audience, person):
            blind.append(person.name)
        else:
            people.append(person)
    wrong = []
    if unknown:
        wrong.append(f"Нет таких участников: {', '.join('@' + login for login in unknown)}. Исправьте логин.")
    if blind:
        wrong.append(f"Этот комментарий не увидят: {', '.join(blind)}. Уберите упоминание.")
    if len(people) > _MOST:
        wrong.append(f"Упомянуто больше {_MOST} участников. Оставьте тех, кому это нужно.")
    if wrong:
        raise InvalidError(errors={"mentions": wrong}, rule=False, case=case["id"])
    return people


def _may_read(case: Row, audience: str, person: Actor) -> bool:
    if audience == INTERNAL and not person.sees_all:
        return False
    try:
        check_visible(case, person)
    except NotFoundError:
        return False
    return True


def _letters(tx: "Transaction", case: Row, actor: Actor, people: Sequence[Actor]) -> list[Fact]:
    """Write to those mentioned. The letter does not repeat the words: those stay where they can be erased."""
    facts = []
    for person in people:
        address = person.details.get("email")
        if person.login == actor.login or not address or not preferences.wants(tx.connection, person.login, MENTION):
            continue
        title = " ".join(str(case["title"]).split())
        identity = queue_letter(
            tx,
            MENTION,
            case=case["id"],
            to=str(address),
            subject=f"Вас упомянули в деле {case['number']}",
            body=(
                f"{actor.name} упоминает вас в комментарии к делу {case['number']}: {title}\n\n"
                f"Прочитать и ответить: {tx.runtime.base_url}/cases/{case['id']}#comments\n\n"
                f"Отключить такие письма: {tx.runtime.base_url}/me\n"
            ),
            login=person.login,
        )
        facts.append(Fact("letter.queued", None, {"letter": identity, "kind": MENTION}))
    return facts
