"""What the operators and built-in functions do to values, and the bounds they keep.

Integers stay below 2**63 and are never mixed with true and false; texts are joined, never repeated; nothing grows past
its bound.  Each operation takes time linear in its arguments, and an expression has at most 300 of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from itertools import pairwise
from operator import ge, gt, le, lt
from typing import Any, Final

from engine.expressions.errors import Fault, shorten
from engine.expressions.grammar import MAX_INTEGER

MAX_TEXT: Final = 100_000
MAX_ITEMS: Final = 10_000
#: Values and signs of texts in a list or map that an expression makes.
MAX_SIZE: Final = 200_000

type_names: Final[dict[type, str]] = {
    type(None): "пусто", bool: "да/нет", int: "целое число", float: "дробное число", str: "строка", list: "список",
    tuple: "список", dict: "словарь", date: "дата", datetime: "момент времени",
}  # fmt: skip


def name_type(value: object) -> str:
    """Name a value's kind in Russian."""
    return type_names.get(type(value), type(value).__name__)


def integer(value: object) -> int:
    """Give an integer within bounds, refusing true, false and fractions."""
    if type(value) is not int:
        raise Fault(f"нужно целое число, а здесь {name_type(value)}")
    if -MAX_INTEGER < value < MAX_INTEGER:
        return value
    raise Fault("число слишком велико")


def add(left: Any, right: Any) -> Any:
    """Add integers, join texts or lists."""
    if type(left) is int and type(right) is int:
        return integer(integer(left) + integer(right))
    if isinstance(left, str) and isinstance(right, str):
        if len(left) + len(right) > MAX_TEXT:
            raise Fault(f"результат длиннее {MAX_TEXT} знаков")
        return left + right
    if isinstance(left, list) and isinstance(right, list):
        if len(left) + len(right) > MAX_ITEMS:
            raise Fault(f"результат длиннее {MAX_ITEMS} элементов")
        return bounded(left + right)
    raise Fault(f"нельзя сложить: {name_type(left)} и {name_type(right)}")


def bounded(whole: Any) -> Any:
    """Give a list or map made here, refusing one that holds too much, counted as it would be written out.

    A value taken twice costs nothing until it is written: what holds itself twice over and over has no end.
    """
    room, stack = MAX_SIZE, [whole]
    while stack:
        part = stack.pop()
        if isinstance(part, Mapping):
            stack.extend(part.values())
        elif isinstance(part, (list, tuple)):
            stack.extend(part)
        room -= len(part) if isinstance(part, str) else 1
        if room < len(stack):
            raise Fault(f"результат больше {MAX_SIZE} знаков")
    return whole


def subtract(left: Any, right: Any) -> int:
    """Subtract integers."""
    return integer(integer(left) - integer(right))


def multiply(left: Any, right: Any) -> int:
    """Multiply integers; a text or list is never repeated."""
    return integer(integer(left) * integer(right))


def divide(left: Any, right: Any) -> int:
    """Divide integers, rounding down."""
    if integer(right) == 0:
        raise Fault("деление на ноль")
    return integer(left) // integer(right)


def remainder(left: Any, right: Any) -> int:
    """Give the remainder of an integer division; a text is never formatted."""
    if integer(right) == 0:
        raise Fault("деление на ноль")
    return integer(left) % integer(right)


def negate(value: Any) -> int:
    """Give the opposite integer."""
    return -integer(value)


def equal(left: Any, right: Any) -> bool:
    """Compare as JSON does: true is not 1."""
    if (type(left) is bool) is not (type(right) is bool):
        return False
    return bool(left == right)


def unequal(left: Any, right: Any) -> bool:
    """Say whether two values differ."""
    return not equal(left, right)


def member(value: Any, container: Any) -> bool:
    """Say whether a list holds the value or a map the key; a part of a text is not a member of it."""
    if isinstance(container, Mapping):
        if not isinstance(value, (str, int)):
            raise Fault(f"ключом словаря не бывает {name_type(value)}")
        return value in container
    if not isinstance(container, (list, tuple)):
        raise Fault(f"справа от in нужен список или словарь, а здесь {name_type(container)}")
    if type(value) is str:
        return value in container
    return any(equal(value, item) for item in container)


def no_member(value: Any, container: Any) -> bool:
    """Say whether a list or map does not hold the value."""
    return not member(value, container)


def order(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """Make an order of like with like: numbers, texts, dates, instants."""

    def ordered(left: Any, right: Any) -> bool:
        kind = type(left)
        if (kind is type(right) and kind in ORDERED) or (kind in NUMBERS and type(right) in NUMBERS):
            return compare(left, right)
        raise Fault(f"нельзя сравнить по порядку: {name_type(left)} и {name_type(right)}")

    return ordered


NUMBERS: Final = frozenset({int, float})
ORDERED: Final = frozenset({int, float, str, date, datetime})
less, at_most, greater, at_least = order(lt), order(le), order(gt), order(ge)


def pick(container: Any, key: Any) -> Any:
    """Give a map's value by key or a list's item by number from 0."""
    if isinstance(container, Mapping):
        try:
            return container[key]
        except (KeyError, TypeError):
            raise Fault(f"нет ключа «{shorten(key, 60)}»") from None
    if isinstance(container, (list, tuple)) and type(key) is int:
        try:
            return container[key]
        except IndexError:
            raise Fault(f"в списке нет элемента с номером {key}") from None
    raise Fault(f"нельзя взять по ключу: {name_type(container)}")


def items_of(values: Any) -> list[Any]:
    """Give a list's items or a map's keys, within bounds."""
    if not isinstance(values, (list, tuple, Mapping)):
        raise Fault(f"нужен список, а здесь {name_type(values)}")
    if len(values) > MAX_ITEMS:
        raise Fault(f"список длиннее {MAX_ITEMS}")
    return list(values)


def count_all(values: Any) -> int:
    """Count the items of a list, the keys of a map or the signs of a text."""
    return len(values) if isinstance(values, str) else len(items_of(values))


def smallest(*values: Any) -> Any:
    """Give the least of a list or of the arguments."""
    return arrange(values)[0]


def largest(*values: Any) -> Any:
    """Give the greatest of a list or of the arguments."""
    return arrange(values)[-1]


def arrange(values: tuple[Any, ...]) -> list[Any]:
    """Put a list's items, or the arguments, in order."""
    found = sort(values[0] if len(values) == 1 else list(values))
    if not found:
        raise Fault("список пуст")
    return found


def sort(values: Any) -> list[Any]:
    """Put items of one kind in order."""
    found = items_of(values)
    for first, second in pairwise(found):
        less(first, second)
    return sorted(found)


def total(values: Any) -> int:
    """Add up a list of integers."""
    return integer(sum(integer(value) for value in items_of(values)))


def count_equal(values: Any, value: Any) -> int:
    """Count the items of a list, or the values of a map, that equal the value."""
    found = list(values.values()) if isinstance(values, Mapping) else items_of(values)
    return sum(equal(item, value) for item in found)


#: The functions that every expression may call, whatever else is registered for its place.
BUILTINS: Final[Mapping[str, Callable[..., Any]]] = {
    "len": count_all,
    "min": smallest,
    "max": largest,
    "sum": total,
    "abs": lambda value: abs(integer(value)),
    "all": lambda values: all(items_of(values)),
    "any": lambda values: any(items_of(values)),
    "sorted": sort,
    "count": count_equal,
}
