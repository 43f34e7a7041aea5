"""Acts on the council itself: substitutions, compositions, readings (sections 2 and 3)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from engine.actors import Actor
from engine.clock import moscow
from engine.errors import ForbiddenError, InvalidError, NotFoundError
from engine.ids import new_id
from processes.council.administration import Matter, note, take_turn
from processes.council.model import Member, Substitution
from processes.council.people import day_of
from processes.council.readings import check_changes
from processes.council.records import compositions, people, readings
from processes.council.rules import check_composition, check_substitution

if TYPE_CHECKING:
    from engine.runtime import Transaction


def add_substitution(
    tx: "Transaction", *, absent: str, deputy: str, since: date, until: date, basis: str, actor: Actor
) -> dict[str, Any]:
    """Enter who acts for whom, from `since` to `until` (both days included, Europe/Moscow), and on what document.

    Raises ForbiddenError for anybody but the chair and the administrator, InvalidError for a missing basis, an unknown
    person, a wrong period or an overlap (clauses 2.4, 2.6; A-30).
    """
    if not actor.holds("chair", "admin"):
        raise ForbiddenError("Замещения вносит председатель КЭС или администратор.")
    take_turn(tx)
    day = day_of(tx.now)
    new = Substitution(new_id(), absent, deputy, since, until, basis.strip(), actor.login, tx.now)
    found: dict[str, list[str]] = {}
    known = people.find_persons(tx.connection, [absent, deputy])
    for field, login in (("absent", absent), ("deputy", deputy)):
        if login not in known:
            wanted = "кто отсутствует" if field == "absent" else "кто замещает"
            found[field] = [f"Выберите из состава КЭС, {wanted}."]
    if not found:
        composition = compositions.composition_on(tx.connection, max(since, day))
        found = check_substitution(new, compositions.all_substitutions(tx.connection), composition, day)
    if found:
        raise InvalidError("Замещение не внесено: проверьте отмеченные поля.", errors=found)
    compositions.insert_substitution(tx.connection, new)
    period = {"since": since.isoformat(), "until": until.isoformat()}
    note(tx, actor, Matter.SUBSTITUTION, "substitution.added", absent, "chair", "admin", deputy=deputy, **period)
    return describe_substitution(new)


def revoke_substitution(tx: "Transaction", identity: str, *, actor: Actor) -> dict[str, Any]:
    """End a substitution before its last day; what was done under it stays."""
    if not actor.holds("chair", "admin"):
        raise ForbiddenError("Замещения отзывает председатель КЭС или администратор.")
    found = compositions.find_substitution(tx.connection, identity)
    if found is None:
        raise NotFoundError("Такого замещения нет.")
    if compositions.close_substitution(tx.connection, identity, by=actor.login, at=tx.now):
        kind = "substitution.revoked"
        note(tx, actor, Matter.SUBSTITUTION, kind, found.absent, "chair", "admin", deputy=found.deputy)
    changed = compositions.find_substitution(tx.connection, identity)
    return describe_substitution(changed or found)


def list_substitutions(tx: "Transaction") -> list[dict[str, Any]]:
    """Every substitution, the newest period first, with `in_force` as of now."""
    day = day_of(tx.now)
    return [
        {**describe_substitution(s), "in_force": s.in_force(day)} for s in compositions.all_substitutions(tx.connection)
    ]


def describe_substitution(value: Substitution) -> dict[str, Any]:
    """A substitution as the API shows it."""
    return {
        "id": value.id,
        "absent": value.absent,
        "deputy": value.deputy,
        "from": value.since.isoformat(),
        "until": value.until.isoformat(),
        "basis": value.basis,
        "entered_by": value.entered_by,
        "entered_at": moscow(value.entered_at).isoformat(),
        "revoked_at": moscow(value.revoked_at).isoformat() if value.revoked_at else None,
    }


def set_composition(
    tx: "Transaction",
    *,
    order_number: str,
    order_date: date,
    valid_from: date,
    members: Sequence[Member],
    actor: Actor,
    file: str | None = None,
) -> str:
    """Enter the composition that an order of the minister set; returns its id. Never back-dated (clause 2.1).

    It takes the place of the one before from its first day on; `file` is the id of the order's document. Raises
    ForbiddenError for anybody but the secretary and the administrator, InvalidError for a missing order, unknown
    persons, a leadership that is not one chair, one deputy and one secretary, a member without a category, a first day
    that is not later than that of the last composition entered.
    """
    if not actor.holds("secretary", "admin"):
        raise ForbiddenError("Состав КЭС вносит ответственный секретарь или администратор.")
    take_turn(tx)
    found = check_composition(members, valid_from, day_of(tx.now))
    if not order_number.strip():
        found["order_number"] = ["Укажите номер приказа, которым утверждён состав."]
    if order_date > valid_from:
        found["order_date"] = ["Приказ не может быть подписан позже первого дня состава."]
    last = compositions.last_first_day(tx.connection)
    if last is not None and valid_from <= last and "valid_from" not in found:
        found["valid_from"] = [f"Уже внесён состав, действующий с {last:%d.%m.%Y}. Укажите более поздний день."]
    known = people.find_persons(tx.connection, [m.login for m in members])
    strangers = [m.login for m in members if m.login not in known]
    if strangers:
        found.setdefault("members", []).append(f"Этих людей нет в системе: {', '.join(strangers)}.")
    if found:
        raise InvalidError("Состав не внесён: проверьте отмеченные поля.", errors=found)
    identity = compositions.add_composition(
        tx.connection,
        order_number=order_number.strip(),
        order_date=order_date,
        valid_from=valid_from,
        members=members,
        by=actor.login,
        at=tx.now,
        file=file,
    )
    first = valid_from.isoformat()
    note(tx, actor, Matter.COMPOSITION, "composition.entered", identity, "secretary", "admin", valid_from=first)
    return identity


def change_readings(
    tx: "Transaction",
    changes: Mapping[str, Any],
    *,
    protocol: str,
    reason: str,
    valid_from: date,
    actor: Actor,
    protocol_date: date | None = None,
    file: str | None = None,
) -> int:
    """Write a new version of the readings, on a protocol of the council; running cases keep theirs.

    Returns the version. `protocol_date` is the day of the protocol, `file` the id of its document.

    Raises ForbiddenError for anybody but the chair and the administrator, InvalidError for a missing protocol or
    reason, a day already past or before that of the last version, an unknown key, a value that is not offered.
    """
    if not actor.holds("chair", "admin"):
        raise ForbiddenError("Параметры положения меняет председатель КЭС или администратор.")
    found = check_changes(changes)
    if not protocol.strip():
        found["protocol"] = ["Укажите протокол заседания, на котором утверждено изменение."]
    if not reason.strip():
        found["reason"] = ["Укажите причину изменения."]
    if valid_from < day_of(tx.now):
        found["valid_from"] = ["Параметры нельзя менять задним числом."]
    last = readings.last_first_day(tx.connection)
    if last is not None and valid_from < last:
        found["valid_from"] = [f"Уже принято изменение, действующее с {last:%d.%m.%Y}. Укажите этот день или позже."]
    if protocol_date is not None and protocol_date > day_of(tx.now):
        found["protocol_date"] = ["Протокол не может быть датирован будущим днём."]
    if found:
        raise InvalidError("Параметры не изменены: проверьте отмеченные поля.", errors=found)
    current = readings.values_of(tx.connection, readings.version_on(tx.connection, valid_from))
    version = readings.add_version(
        tx.connection,
        {**current, **changes},
        protocol=protocol.strip(),
        protocol_date=protocol_date,
        file=file,
        reason=reason.strip(),
        valid_from=valid_from,
        by=actor.login,
        at=tx.now,
    )
    keys, first = sorted(changes), valid_from.isoformat()
    subject = str(version)
    note(tx, actor, Matter.READINGS, "readings.changed", subject, "chair", "admin", keys=keys, valid_from=first)
    return version
