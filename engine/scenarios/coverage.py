"""Coverage: which elements and flows of a drawing the cases of a scenario passed, read from their history."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.drawing import Drawing
from engine.history import served
from engine.records import cases as case_records
from engine.records import history as history_records

if TYPE_CHECKING:
    from engine.runtime import Transaction


@dataclass(frozen=True)
class Coverage:
    """Elements completed and flows taken, by process."""

    elements: Mapping[str, frozenset[str]] = field(default_factory=dict)
    flows: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def __or__(self, other: "Coverage") -> "Coverage":
        return Coverage(join(self.elements, other.elements), join(self.flows, other.flows))

    def missing(self, drawing: Drawing) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Give the elements and the flows of a drawing that nothing passed, in document order."""
        elements = self.elements.get(drawing.process, frozenset())
        flows = self.flows.get(drawing.process, frozenset())
        return tuple(i for i in drawing.elements if i not in elements), tuple(
            i for i in drawing.flows if i not in flows
        )


def join(one: Mapping[str, frozenset[str]], other: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Give the union by process."""
    return {key: one.get(key, frozenset()) | other.get(key, frozenset()) for key in {**one, **other}}


def read_coverage(tx: "Transaction") -> Coverage:
    """Give the coverage by all cases of a database."""
    elements: dict[str, set[str]] = {}
    flows: dict[str, set[str]] = {}
    for case in all_cases(tx):
        for fact in history_records.of_kind(tx.connection, case["id"], ["case.advanced"]):
            data = served(fact)["data"]
            moved = [element for element, state, _token in data["elements"] if state == "completed"]
            elements.setdefault(case["process"], set()).update(moved)
            flows.setdefault(case["process"], set()).update(data["flows"])
    return Coverage(
        {key: frozenset(found) for key, found in elements.items()},
        {key: frozenset(found) for key, found in flows.items()},
    )


def all_cases(tx: "Transaction") -> list[dict[str, Any]]:
    """Give every case of the database."""
    found: list[dict[str, Any]] = []
    after = ""
    while rows := case_records.all_cases(tx.connection, after):
        found.extend(rows)
        after = rows[-1]["id"]
    return found
