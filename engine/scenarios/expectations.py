"""What a scenario may expect of a case: where it stands, its terms, letters, facts, data, and how it ended."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final

from engine.clock import moscow
from engine.scenarios.reading import Step, UnreadableScenarioError
from engine.scenarios.world import MismatchError, World

Row = dict[str, Any]


def expect(world: World, step: Step) -> None:
    """`ожидается: {стоит: …, исход: …, письма: […], …}`: the case is as told. Raises MismatchError.

    Keys: `стоит`, `не стоит` (element or list), `исход` (end event, or `нет`), `состояние`, `срок` ({element: date}),
    `напомнено`, `доложено` (elements whose reminder, or whose passed deadline, was told), `не доложено`,
    `срок условный` ({element: да/нет}), `задачи` ({element: how many are open}), `письма`, `нет писем`, `факты`,
    `нет фактов` (kinds, or {kind: how many}), `данные` ({path.with.dots: value}).
    """
    if not isinstance(step.value, Mapping):
        raise UnreadableScenarioError(f"Строка {step.line}: после «ожидается» — что именно.")
    case_id = world.case_id(step)
    for key, wanted in step.value.items():
        check = CHECKS.get(str(key))
        if check is None:
            raise UnreadableScenarioError(
                f"Строка {step.line}: ожидания «{key}» нет; есть: {', '.join(sorted(CHECKS))}."
            )
        check(world, case_id, wanted)


def many(value: Any) -> list[str]:
    """Give a list of words from one word or a list."""
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def check_position(world: World, case_id: str, wanted: Any) -> None:
    """Expect the case to stand at every element named."""
    case = world.row(case_id)
    missing = [element for element in many(wanted) if element not in case["at"]]
    if missing:
        at = ", ".join(case["at"]) or f"нигде, исход {case['end']}"
        raise MismatchError(f"Дело не стоит на {', '.join(missing)}; оно стоит: {at}.")


def check_absence(world: World, case_id: str, wanted: Any) -> None:
    """Expect the case to stand at none of the elements named."""
    found = [element for element in many(wanted) if element in world.row(case_id)["at"]]
    if found:
        raise MismatchError(f"Дело стоит на {', '.join(found)}, а не должно.")


def check_end(world: World, case_id: str, wanted: Any) -> None:
    """Expect the outcome, or none yet."""
    case = world.row(case_id)
    end = None if wanted in {None, False, "нет"} else str(wanted)
    if case["end"] != end:
        at = ", ".join(case["at"])
        raise MismatchError(
            f"Исход дела — {case['end'] or 'ещё нет'}{f' (стоит: {at})' if at else ''}, а ожидался {end or 'никакой'}."
        )


def check_state(world: World, case_id: str, wanted: Any) -> None:
    """Expect the state: active, suspended, incident, ended."""
    state = world.row(case_id)["state"]
    if state != wanted:
        raise MismatchError(f"Состояние дела — {state}, а ожидалось {wanted}.")


def check_due(world: World, case_id: str, wanted: Any) -> None:
    """Expect the last day of each open task's term."""
    for element, day in wanted.items():
        due = world.task(case_id, str(element))["due_at"]
        found = moscow(due).date() if due else None
        if found != (day if isinstance(day, date) else date.fromisoformat(str(day))):
            raise MismatchError(f"Срок задачи {element} — {found}, а ожидался {day}.")


def check_provisional(world: World, case_id: str, wanted: Any) -> None:
    """Expect a term to be provisional, or not."""
    for element, expected in wanted.items():
        due = world.task(case_id, str(element))["due"] or {}
        if bool(due.get("provisional")) is not bool(expected):
            raise MismatchError(f"Срок задачи {element} {'не ' if expected else ''}условный.")


def check_tasks(world: World, case_id: str, wanted: Any) -> None:
    """Expect so many open tasks of each element."""
    for element, count in wanted.items():
        found = len(world.open_tasks(case_id, str(element)))
        if found != count:
            raise MismatchError(f"Открытых задач {element} — {found}, а ожидалось {count}.")


def letters_of(world: World, case_id: str) -> list[str]:
    """Give the kinds of letters that the case has queued."""
    return [fact["data"]["kind"] for fact in world.facts(case_id) if fact["kind"] == "letter.queued"]


def elements_of(world: World, case_id: str, kind: str) -> list[str]:
    """Give the elements of the case's facts of a kind."""
    return [fact["element"] for fact in world.facts(case_id) if fact["kind"] == kind]


def reminded(world: World, case_id: str) -> list[str]:
    """Give the tasks of which people were reminded."""
    return elements_of(world, case_id, "task.reminded")


def escalated(world: World, case_id: str) -> list[str]:
    """Give the tasks whose passed deadline was reported."""
    return elements_of(world, case_id, "task.escalated")


def kinds_of(world: World, case_id: str) -> list[str]:
    """Give the kinds of the case's facts."""
    return [fact["kind"] for fact in world.facts(case_id)]


def presence(what: str, list_them: Callable[[World, str], list[str]]) -> Callable[[World, str, Any], None]:
    """Make a check that each of some kinds occurs, or so many times."""

    def check(world: World, case_id: str, wanted: Any) -> None:
        found = list_them(world, case_id)
        counts: Iterable[tuple[str, Any]]
        counts = wanted.items() if isinstance(wanted, Mapping) else [(kind, None) for kind in many(wanted)]
        for kind, count in counts:
            if (count is None and kind not in found) or (count is not None and found.count(kind) != count):
                seen = ", ".join(dict.fromkeys(found)) or "ничего"
                raise MismatchError(
                    f"{what} {kind}: {found.count(kind)}, а ожидалось {count or 'хотя бы одно'}; есть: {seen}."
                )

    return check


def absence(what: str, list_them: Callable[[World, str], list[str]]) -> Callable[[World, str, Any], None]:
    """Make a check that none of some kinds occurs."""

    def check(world: World, case_id: str, wanted: Any) -> None:
        found = [kind for kind in many(wanted) if kind in list_them(world, case_id)]
        if found:
            raise MismatchError(f"{what} {', '.join(found)} есть, а не должно быть.")

    return check


def check_data(world: World, case_id: str, wanted: Any) -> None:
    """Expect values in the case's data, by dotted path."""
    data = world.row(case_id)["data"]
    for path, expected in wanted.items():
        found: Any = data
        for part in str(path).split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
        plain = expected.isoformat() if isinstance(expected, date) else expected
        if found != plain:
            raise MismatchError(f"В данных дела {path} = {found!r}, а ожидалось {plain!r}.")


CHECKS: Final[dict[str, Callable[[World, str, Any], None]]] = {
    "стоит": check_position,
    "не стоит": check_absence,
    "исход": check_end,
    "состояние": check_state,
    "срок": check_due,
    "срок условный": check_provisional,
    "задачи": check_tasks,
    "письма": presence("Писем", letters_of),
    "нет писем": absence("Письма", letters_of),
    "факты": presence("Фактов", kinds_of),
    "нет фактов": absence("Факты", kinds_of),
    "напомнено": presence("Напоминаний о", reminded),
    "доложено": presence("Докладов о просрочке", escalated),
    "не доложено": absence("Доклад о просрочке", escalated),
    "данные": check_data,
}
