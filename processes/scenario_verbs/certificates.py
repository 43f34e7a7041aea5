"""Verbs of the certification after the order: certificate, depository, refusal, expiry, revocation (4.8-4.16)."""

from datetime import date
from typing import Any, Final

from engine.cases import deliver
from engine.scenarios import MismatchError, Step, Verb, World
from processes.depository import use_cases as depository


def sign(world: World, step: Step) -> None:
    """`сертификат подписан`: the chair signs the certificate (2.5, 4.12)."""
    world.complete(world.case_id(step), "sign_certificate", str(step.of("кем", "chair")), {"confirm": True})


def publish(world: World, step: Step) -> None:
    """`программа внесена в депозитарий`: the secretary publishes the entry (4.13); `поля` are corrections."""
    data = {"confirm": True, "fields": step.of("поля", {})}
    world.complete(world.case_id(step), "publish_to_depository", str(step.of("кем", "secretary")), data)


def certify(world: World, step: Step) -> None:
    """`сертификат выдан`: signed by the chair and published by the secretary at once."""
    sign(world, step)
    publish(world, step)


def send_refusal(world: World, step: Step) -> None:
    """`отказ направлен: [рекомендация, …]`: the secretary sends the refusal with its recommendations (4.16)."""
    given = step.value if isinstance(step.value, list) else ["усилить практическую часть"]
    world.complete(
        world.case_id(step), "send_refusal", str(step.more.get("кем", "secretary")), {"recommendations": given}
    )


def confirm_removal(world: World, step: Step) -> None:
    """`изъятие подтверждено`: the secretary confirms that the entry has left the depository."""
    world.complete(world.case_id(step), "confirm_removal", str(step.of("кем", "secretary")), {"confirm": True})


def revoke(world: World, step: Step) -> None:
    """`сертификат отозван`: the ministry's order revokes the certificate; `от`, `приказ`, `подписан`, `причина`."""
    case = world.case_id(step)
    signed_on = step.of("подписан", world.now.date())
    payload = {
        "order": str(step.of("приказ", "77")),
        "signed_on": signed_on.isoformat() if isinstance(signed_on, date) else str(signed_on),
        "reason": str(step.of("причина", "выявлены нарушения")),
    }
    world.act(
        str(step.of("от", "ministry")),
        lambda tx, actor: deliver(tx, case, "certificate_revoked", payload, actor=actor),
        "deliver",
    )


def look_up(world: World, step: Step) -> None:
    """`проверка сертификата показывает: in_force`: what anybody sees of the case's certificate."""
    data = world.row(world.case_id(step))["data"]
    number = (data.get("certificate") or {}).get("number", "нет номера")
    found: Any = world.read(lambda tx: depository.find_certificate(tx, number))
    if found["status"] != step.value:
        raise MismatchError(f"Сертификат {number} — {found['status']}, а ожидалось {step.value}.")


def count_entries(world: World, step: Step) -> None:
    """`в депозитарии записей: 1`: how many entries anybody sees."""
    found: Any = world.read(lambda tx: depository.search(tx, {}))
    if found["total"] != step.value:
        raise MismatchError(f"В депозитарии записей {found['total']}, а ожидалось {step.value}.")


VERBS: Final[dict[str, Verb]] = {
    "сертификат подписан": sign,
    "программа внесена в депозитарий": publish,
    "сертификат выдан": certify,
    "отказ направлен": send_refusal,
    "изъятие подтверждено": confirm_removal,
    "сертификат отозван": revoke,
    "проверка сертификата показывает": look_up,
    "в депозитарии записей": count_entries,
}
