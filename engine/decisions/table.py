"""A decision table: which rules fit, and what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import combinations
from types import MappingProxyType
from typing import Any, Final, assert_never

from engine.decisions.cells import INPUT, Cell
from engine.errors import StepFailedError
from engine.expressions import Expression, ExpressionError
from engine.lint.findings import Finding, Severity

Functions = Mapping[str, Callable[..., Any]]
NO_FUNCTIONS: Final[Functions] = MappingProxyType({})


class DecisionError(StepFailedError):
    """A table that gives no answer: no rule fits, two fit where one may, a cell fails.  The message is Russian."""


class HitPolicy(Enum):
    """What follows where several rules fit."""

    FIRST = "FIRST"
    UNIQUE = "UNIQUE"
    COLLECT = "COLLECT"


@dataclass(frozen=True, slots=True)
class Column:
    """An input (its expression) or an output (its variable's name)."""

    id: str
    label: str
    #: The variable that takes an output.
    name: str = ""
    #: An input's expression; None where it cannot be read.
    expression: Expression | None = None
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """An output cell: `text` as written; no expression where it is empty or cannot be read."""

    text: str
    expression: Expression | None = None
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: an input cell for each input, an output cell for each output."""

    id: str
    #: The place in the table, from 1, for messages.
    number: int
    inputs: tuple[Cell, ...]
    outputs: tuple[Output, ...]
    annotation: str = ""

    @property
    def cells(self) -> list[Cell | Output]:
        """All cells of the row."""
        return [*self.inputs, *self.outputs]

    @property
    def takes_any(self) -> bool:
        """Whether the rule fits whatever the inputs are."""
        return all(cell.takes_any for cell in self.inputs)


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """One table; immutable, shareable between threads.  Made by :func:`engine.decisions.read_decision`."""

    id: str
    name: str
    hit_policy: HitPolicy
    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    rules: tuple[Rule, ...]

    @property
    def names(self) -> frozenset[str]:
        """The names that the table reads from the data."""
        found: set[str] = set()
        for column in self.inputs:
            found |= column.expression.names if column.expression else frozenset()
        for rule in self.rules:
            for cell in rule.cells:
                found |= cell.expression.names if cell.expression else frozenset()
        return frozenset(found - {INPUT})

    def decide(
        self, names: Mapping[str, Any], functions: Functions = NO_FUNCTIONS
    ) -> dict[str, Any] | list[dict[str, Any]]:
        """Give the outputs by name; for COLLECT the list of outputs of all rules that fit, in the table's order.

        An empty output cell gives null.  Raises :class:`DecisionError`.
        """
        try:
            found = self.matches(names, functions)
            match self.hit_policy:
                case HitPolicy.COLLECT:
                    return [self.outcome(rule, names, functions) for rule in found]
                case HitPolicy.FIRST:
                    rule = next(found, None)
                case HitPolicy.UNIQUE:
                    rule = self.only(list(found))
                case _:
                    assert_never(self.hit_policy)
            if rule is None:
                raise DecisionError(
                    f"Таблица «{self.name}»: не подошло ни одно правило; добавьте последнее, на все случаи."
                )
            return self.outcome(rule, names, functions)
        except ExpressionError as error:
            raise DecisionError(f"Таблица «{self.name}»: {error}") from error

    def matches(self, names: Mapping[str, Any], functions: Functions) -> Iterator[Rule]:
        """Give the rules that fit, in order; each input is evaluated once."""
        values = [self.read(column, names, functions) for column in self.inputs]
        scopes = [{**names, INPUT: value} for value in values]
        for rule in self.rules:
            if all(self.fits(rule, cell, scope, functions) for cell, scope in zip(rule.inputs, scopes, strict=True)):
                yield rule

    def read(self, column: Column, names: Mapping[str, Any], functions: Functions) -> Any:
        """Evaluate an input."""
        if column.expression is None:
            raise DecisionError(f"Таблица «{self.name}»: вход «{column.label}» не читается: {column.fault}.")
        return column.expression.evaluate(names, functions)

    def fits(self, rule: Rule, cell: Cell, scope: Mapping[str, Any], functions: Functions) -> bool:
        """Say whether a cell takes its input."""
        if cell.expression is not None:
            return bool(cell.expression.evaluate(scope, functions))
        if cell.fault:
            raise DecisionError(f"Таблица «{self.name}», правило {rule.number}: ячейка «{cell.text}»: {cell.fault}.")
        return True

    def only(self, rules: list[Rule]) -> Rule | None:
        """Give the one rule that fits."""
        if len(rules) > 1:
            numbers = ", ".join(str(rule.number) for rule in rules)
            raise DecisionError(f"Таблица «{self.name}»: подошли сразу правила {numbers}, а может только одно.")
        return rules[0] if rules else None

    def outcome(self, rule: Rule, names: Mapping[str, Any], functions: Functions) -> dict[str, Any]:
        """Give a rule's outputs."""
        found: dict[str, Any] = {}
        for column, cell in zip(self.outputs, rule.outputs, strict=True):
            if cell.fault:
                raise DecisionError(f"Таблица «{self.name}», правило {rule.number}: вывод «{cell.text}»: {cell.fault}.")
            found[column.name] = cell.expression.evaluate(names, functions) if cell.expression else None
        return found

    def findings(self) -> tuple[Finding, ...]:
        """Give what is wrong or doubtful with the table, for the check of the bundle."""
        return tuple(
            Finding(rule, severity, self.id, message)
            for search in (self.find_faults, self.find_gaps, self.find_overlaps)
            for rule, severity, message in search()
        )

    def find_faults(self) -> Iterator[tuple[str, Severity, str]]:
        """Find what cannot be read, and empty outputs."""
        for column in self.inputs:
            if column.fault:
                yield "decision-input", Severity.ERROR, f"Вход «{column.label}» не читается: {column.fault}."
        for rule in self.rules:
            for cell in rule.cells:
                if cell.fault:
                    yield "decision-cell", Severity.ERROR, f"Правило {rule.number}: «{cell.text}» — {cell.fault}."
            for column, output in zip(self.outputs, rule.outputs, strict=True):
                if not output.text:
                    yield "decision-output", Severity.WARNING, f"Правило {rule.number}: вывод «{column.label}» пуст."

    def find_gaps(self) -> Iterator[tuple[str, Severity, str]]:
        """Find a table without a last rule for all the rest, and rules that are never reached."""
        if not self.rules:
            yield "decision-rules", Severity.ERROR, "В таблице нет ни одного правила."
        if self.hit_policy is not HitPolicy.FIRST or not self.rules:
            return
        if not self.rules[-1].takes_any:
            message = "Нет последнего правила на все остальные случаи; добавьте строку с прочерками."
            yield "decision-catch-all", Severity.WARNING, message
        first = next((rule.number for rule in self.rules if rule.takes_any), None)
        if first is not None and first < len(self.rules):
            message = f"До правила {first + 1} дело не дойдёт: правило {first} подходит всегда; переставьте их."
            yield "decision-unreachable", Severity.WARNING, message

    def find_overlaps(self) -> Iterator[tuple[str, Severity, str]]:
        """Find rules of a UNIQUE table that surely fit the same inputs."""
        if self.hit_policy is not HitPolicy.UNIQUE:
            return
        for one, other in combinations(self.rules, 2):
            if all(meet(left, right) for left, right in zip(one.inputs, other.inputs, strict=True)):
                message = f"Правила {one.number} и {other.number} подходят к одним и тем же данным; сузьте одно из них."
                yield "decision-overlap", Severity.ERROR, message


def meet(left: Cell, right: Cell) -> bool:
    """Say whether two cells surely take a common value."""
    if left.takes_any or right.takes_any:
        return True
    if left.literals is None or right.literals is None:
        return left.fault is None and left.text == right.text
    return bool(left.literals & right.literals)
