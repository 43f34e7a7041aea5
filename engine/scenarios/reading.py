"""Reading a scenario: YAML without aliases, repeated keys or objects, as frozen values."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

import yaml
from typing_extensions import override

from engine.clock import MOSCOW

MAX_CHARACTERS: Final = 100_000
MAX_STEPS: Final = 500
KEYS: Final = frozenset({"название", "пункты", "пояснение", "начало", "дано", "шаги"})


class UnreadableScenarioError(ValueError):
    """The file is no scenario: a Russian sentence says why and where."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its verb, the verb's value, the keys beside it, and its line in the file."""

    verb: str
    value: Any = None
    more: Mapping[str, Any] = field(default_factory=dict)
    line: int = 0

    def of(self, key: str, otherwise: Any = None) -> Any:
        """Give the value of a key beside the verb, or within the verb's value where that is a map."""
        if key in self.more:
            return self.more[key]
        if isinstance(self.value, Mapping) and key in self.value:
            return self.value[key]
        return otherwise


@dataclass(frozen=True, slots=True)
class Scenario:
    """A procedure told as steps. `start` is aware (Europe/Moscow) or None for the clock's default; `given` is setup."""

    name: str
    title: str
    steps: tuple[Step, ...]
    start: datetime | None = None
    clauses: str = ""
    given: Mapping[str, Any] = field(default_factory=dict)


class Loader(yaml.SafeLoader):
    """YAML's plain values only; a step keeps its line."""

    @override
    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.events.AliasEvent):
            raise UnreadableScenarioError("ссылки YAML (*имя) не допускаются; повторите значение")
        return super().compose_node(parent, index)

    @override
    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        found = super().construct_mapping(node, deep=True)
        if len(found) != len(node.value):
            raise UnreadableScenarioError(f"строка {node.start_mark.line + 1}: ключ повторяется")
        return found


def read_scenario(text: str, name: str) -> Scenario:
    """Read a scenario's file; `name` is its name without folder and ending. Raises UnreadableScenarioError."""
    if len(text) > MAX_CHARACTERS:
        raise UnreadableScenarioError(f"Сценарий {name} длиннее {MAX_CHARACTERS} знаков; разделите его.")
    loader = Loader(text)
    try:
        node = loader.get_single_node()
        data = loader.construct_document(node) if node is not None else None
    except (yaml.YAMLError, UnreadableScenarioError, RecursionError) as error:
        raise UnreadableScenarioError(f"Сценарий {name} не читается: {error}") from None
    finally:
        loader.dispose()
    if not isinstance(data, dict) or not data.get("название") or not isinstance(data.get("шаги"), list):
        raise UnreadableScenarioError(f"В сценарии {name} должны быть название и шаги.")
    unknown = sorted(str(key) for key in data if key not in KEYS)
    if unknown:
        raise UnreadableScenarioError(
            f"Сценарий {name}: ключей {', '.join(unknown)} нет; есть: {', '.join(sorted(KEYS))}."
        )
    lines = lines_of(node)
    if len(data["шаги"]) > MAX_STEPS:
        raise UnreadableScenarioError(f"В сценарии {name} больше {MAX_STEPS} шагов; разделите его.")
    steps = tuple(read_step(each, lines[number]) for number, each in enumerate(data["шаги"]))
    start = data.get("начало")
    return Scenario(
        name=name,
        title=str(data["название"]),
        steps=steps,
        start=None if start is None else read_instant(start),
        clauses=str(data.get("пункты") or ""),
        given=data.get("дано") or {},
    )


def lines_of(node: yaml.Node | None) -> list[int]:
    """Give the line of each step in the file."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == "шаги" and isinstance(value, yaml.SequenceNode):
                return [each.start_mark.line + 1 for each in value.value]
    return []


def read_step(data: Any, line: int = 0) -> Step:
    """Read a step: a verb alone, or a map whose first key is the verb. Raises UnreadableScenarioError."""
    if isinstance(data, str):
        return Step(data.strip(), line=line)
    if isinstance(data, dict) and data:
        (verb, value), *more = data.items()
        return Step(str(verb).strip(), value, {str(key): each for key, each in more}, line)
    raise UnreadableScenarioError(f"Строка {line}: шаг — глагол или глагол с данными.")


def read_instant(value: Any) -> datetime:
    """Give an instant of Europe/Moscow from a date (its 09:00), `YYYY-MM-DD HH:MM`, or ISO 8601 with offset.

    Raises UnreadableScenarioError.
    """
    found = value
    if isinstance(value, str):
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            raise UnreadableScenarioError(f"«{value}» — не дата и не время; пишите 2026-01-12 09:00.") from None
    if isinstance(found, datetime):
        return found if found.tzinfo is not None else found.replace(tzinfo=MOSCOW)
    if isinstance(found, date):
        return datetime(found.year, found.month, found.day, 9, tzinfo=MOSCOW)
    raise UnreadableScenarioError(f"«{value}» — не дата и не время; пишите 2026-01-12 09:00.")
