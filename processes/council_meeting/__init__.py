"""Meetings of the council: agenda, quorum, open vote, protocol, ministry order (section 3; clauses 4.7, 4.8, 4.10)."""

from collections.abc import Mapping
from typing import Any

from engine.registry import Registry
from processes.council_meeting import acts, audit, service_tasks, signing, starting, views, voting
from processes.council_meeting.starting import PROCESS

#: The stage of a meeting by the element it stands at.
_STAGES = {
    "approve_agenda": "Повестка на утверждении",
    "meeting_day": "Заседание назначено",
    "ballots_close": "Идёт приём бюллетеней",
    "register_attendance": "Отмечаются присутствующие",
    "reschedule": "Кворума не было, назначается новый день",
    "record_votes": "Идёт голосование",
    "sign_protocol_secretary": "Протокол подписывает секретарь",
    "sign_protocol_chair": "Протокол подписывает председатель",
    "register_order": "Ожидается приказ министерства",
}


def register(registry: Registry) -> None:
    """Offer the engine everything that the drawing of a meeting names."""
    service_tasks.register(registry)
    registry.start(PROCESS)(starting.start_meeting)
    registry.audit(PROCESS)(audit.find_differences)
    registry.observer("case.started")(starting.write_meeting)
    for element, act in (
        ("approve_agenda", acts.approve_agenda),
        ("register_attendance", acts.register_attendance),
        ("reschedule", acts.reschedule),
        ("record_votes", voting.record_votes),
        ("sign_protocol_secretary", signing.sign_as_secretary),
        ("sign_protocol_chair", signing.sign_as_chair),
        ("register_order", signing.register_order),
    ):
        registry.completion(PROCESS, element)(act)
    for element, view in (
        ("approve_agenda", views.show_agenda),
        ("register_attendance", views.show_members),
        ("reschedule", views.show_agenda),
        ("record_votes", views.show_votes),
        ("sign_protocol_secretary", views.show_protocol),
        ("sign_protocol_chair", views.show_protocol),
        ("register_order", views.show_decisions),
    ):
        registry.provider(PROCESS, element)(view)
    registry.stage(PROCESS)(tell_stage)


def tell_stage(at: tuple[str, ...], end: str | None, _data: Mapping[str, Any]) -> str:
    """The stage of a meeting in plain words."""
    if end is not None:
        return "Заседание отменено" if end == "cancelled" else "Заседание завершено"
    return next((_STAGES[element] for element in at if element in _STAGES), "Заседание идёт")
