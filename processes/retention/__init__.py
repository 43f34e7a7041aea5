"""Storage of closed cases: three years, then a decision by the secretary; nothing is deleted by itself (clause 4.9)."""

from collections.abc import Mapping
from typing import Any, Final

from engine.registry import Registry
from processes.retention import acts, service_tasks

PROCESS: Final = "retention"


def register(registry: Registry) -> None:
    """Offer the engine everything that the drawing of the storage names."""
    service_tasks.register(registry)
    registry.start(PROCESS)(acts.start_retention)
    registry.observer("case.ended")(acts.begin_storage)
    registry.completion(PROCESS, "decide_destruction")(acts.decide_destruction)
    registry.provider(PROCESS, "decide_destruction")(acts.show_case)
    registry.stage(PROCESS)(tell_stage)


def tell_stage(at: tuple[str, ...], end: str | None, _data: Mapping[str, Any]) -> str:
    """The stage of a storage in plain words."""
    if end is not None:
        return "Документы выделены к уничтожению"
    return "Решается судьба документов" if "decide_destruction" in at else "Документы хранятся"
