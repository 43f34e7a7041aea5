"""The watch over half-years: the council meets at least once in each (clause 3.3, A-35). One case a half-year."""

from collections.abc import Mapping
from typing import Any, Final

from engine.calls import Call
from engine.clock import MOSCOW
from engine.errors import ForbiddenError
from engine.registry import Registry
from processes.council.half_years import half_year_of
from processes.meeting_watch import service_tasks

PROCESS: Final = "meeting_watch"


def register(registry: Registry) -> None:
    """Offer the engine everything that the drawing of the watch names."""
    service_tasks.register(registry)
    registry.start(PROCESS)(start_watch)
    registry.stage(PROCESS)(tell_stage)


def start_watch(call: Call, _data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The start data of the half-year that the business clock stands in. Raises ForbiddenError for a person."""
    if call.actor.kind != "system":
        raise ForbiddenError("Наблюдение за полугодием начинает сама система, по календарю.")
    half_year = half_year_of(call.now.astimezone(MOSCOW).date())
    call.title = f"Заседания КЭС в полугодии {half_year.name}"
    call.number = f"ПОЛ-{half_year.name}"
    return {
        "half_year": half_year.name,
        "half_year_start": half_year.start.isoformat(),
        "half_year_end": half_year.end.isoformat(),
        "meeting": None,
    }


def tell_stage(_at: tuple[str, ...], end: str | None, _data: Mapping[str, Any]) -> str:
    """The stage of a watch in plain words."""
    if end is None:
        return "Правомочного заседания в полугодии ещё не было"
    return "Нарушение записано" if end == "violated" else "Заседание состоялось"
