"""The act of allotment for destruction, in Russian. The same values give the same text."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any


def write_act(
    number: str, day: date, case: Mapping[str, Any], documents: Iterable[Mapping[str, Any]], basis: str
) -> str:
    """An act on one case: its documents with their hashes, the paper it rests on. No file goes by it."""
    listed = [f"  {n}. {d['title']} (SHA-256 {d['sha256']})" for n, d in enumerate(documents, 1)]
    lines = [
        f"АКТ № {number} от {day:%d.%m.%Y}",
        "о выделении к уничтожению документов, срок хранения которых истёк (пункт 4.9)",
        "",
        f"Дело {case['number']}: {case['title']}",
        f"Основание: {basis}",
        "",
        "Документы дела:",
        *(listed or ["  документов нет"]),
    ]
    return "\n".join(lines) + "\n"
