"""A form: its fields, the check of a completion, and what of it enters the case data and the history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import orjson

from engine.forms.fields import Field, Kind, Note, Part
from engine.forms.values import MAX_CHOICE, MAX_ITEMS, check_value, has_unwritable
from engine.lint.findings import Finding

Tree: TypeAlias = dict[str, "Field | Tree"]
Path: TypeAlias = tuple[str, ...]
Problem: TypeAlias = tuple[Path, str]

UNKNOWN: Final = "Такого поля в форме нет; уберите его."


@dataclass(frozen=True)
class Form:
    """A form file, read.  Immutable; made by :func:`engine.forms.read_form`."""

    id: str
    #: Fields and notes in the file's order, groups told by each part's `group`.
    parts: tuple[Part, ...]
    #: What the reading found, see :meth:`findings`.
    found: tuple[Finding, ...] = ()
    #: The fields that take a value, in the file's order.
    fields: tuple[Field, ...] = field(init=False, repr=False, compare=False)
    tree: Tree = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Pick out the fields and order them by path."""
        fields = tuple(part for part in self.parts if isinstance(part, Field) and not part.readonly)
        object.__setattr__(self, "fields", fields)
        object.__setattr__(self, "tree", plant(fields))

    def findings(self) -> tuple[Finding, ...]:
        """Give what the reading found wrong or not understood, for the check of the bundle."""
        return self.found

    @property
    def notes(self) -> tuple[Note, ...]:
        """The static texts."""
        return tuple(part for part in self.parts if isinstance(part, Note))

    def check(self, data: Any, *, partial: bool = False) -> dict[str, list[str]]:
        """Give the errors of a completion by dotted path; empty where it may be accepted.

        `data` is JSON.  Unknown keys and wrong JSON types are errors, nothing is converted.  `partial` asks for no
        required field (a draft).  An error of the whole stands under "data".
        """
        if not isinstance(data, Mapping):
            return {"data": ["Данные формы — объект; передайте его в data."]}
        errors: dict[str, list[str]] = {}
        for path, message in check_branch(self.tree, data, (), data, partial=partial):
            errors.setdefault(".".join(path), []).append(message)
        return errors

    def variables(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Give what a checked completion puts into the case data: the fields marked `variable` that are there."""
        found: dict[str, Any] = {}
        for one in self.fields:
            value = pick(data, one.path) if one.variable else ABSENT
            if value is not ABSENT:
                branch = found
                for step in one.variable[:-1]:
                    branch = branch.setdefault(step, {})
                branch[one.variable[-1]] = value
        return found

    @property
    def is_kept_back(self) -> bool:
        """Whether history keeps a field's whole value as a digest: then its faults are no one else's either."""
        return any(one.digest for one in self.fields)

    def mark_free_text(self, data: Mapping[str, Any], wrap: Callable[[str], Any]) -> dict[str, Any]:
        """Give a copy of a checked completion whose texts to digest went through `wrap`; the data stay as they are.

        A value that is no text goes through as its RFC 8785 JSON; where a field to digest was left out, an empty text
        does, so that nobody sees which were.
        """
        return mark_branch(self.tree, data, wrap)

    def read_back(self, kept: Mapping[str, Any], told: Callable[[Any], str | None]) -> dict[str, Any]:
        """Give the completion that :meth:`mark_free_text` took apart, from what history keeps of it.

        `told` gives a marked text, or None where it was erased: null stands in its place.
        """
        return restored_branch(self.tree, kept, told)


ABSENT: Final = object()


def plant(fields: tuple[Field, ...]) -> Tree:
    """Order fields by the steps of their paths.  Raises ValueError where one path is, or lies in, another."""
    tree: Tree = {}
    for one in fields:
        branch = tree
        for step in one.path[:-1]:
            found = branch.setdefault(step, {})
            if isinstance(found, Field):
                raise ValueError(one.key)  # noqa: TRY004 - two fields on one path, no matter of types
            branch = found
        if one.path[-1] in branch:
            raise ValueError(one.key)
        branch[one.path[-1]] = one
    return tree


def check_branch(tree: Tree, data: Any, prefix: Path, whole: Mapping[str, Any], *, partial: bool) -> list[Problem]:
    """Check an object against a branch of the tree; `whole` is what conditions read."""
    if not isinstance(data, (dict, Mapping)):
        return [(prefix, "Здесь нужен объект с полями.")]
    found: list[Problem] = [((*prefix, str(key)[:100]), UNKNOWN) for key in data if key not in tree]
    for key, node in tree.items():
        path = (*prefix, key)
        value = data.get(key, ABSENT)
        if isinstance(node, Field):
            found += check_field(node, value, path, whole, partial=partial)
        else:
            found += check_branch(node, {} if value is ABSENT else value, path, whole, partial=partial)
    return found


def check_field(one: Field, value: Any, path: Path, whole: Mapping[str, Any], *, partial: bool) -> list[Problem]:
    """Check a field's value, or that it is absent where it must be."""
    hidden = one.is_hidden(whole)
    if value is ABSENT:
        return [(path, f"Заполните поле «{one.name}».")] if one.required and hidden is False and not partial else []
    if hidden:
        return [(path, f"Поле «{one.name}» при таком ответе не заполняется; уберите его.")]
    if one.map:
        return check_map(one, value, path, partial=partial)
    if one.rows:
        return check_rows(one, value, path, partial=partial)
    return [((*path, *rest), message) for rest, message in check_value(one, value)]


def check_map(one: Field, value: Any, path: Path, *, partial: bool) -> list[Problem]:
    """Check a map with open keys: each value by the field's kind."""
    if not isinstance(value, (dict, Mapping)):
        return [(path, f"Поле «{one.name}» — словарь; передайте объект.")]
    if len(value) > MAX_ITEMS:
        return [(path, f"В поле «{one.name}» больше {MAX_ITEMS} значений; сократите его.")]
    found: list[Problem] = []
    for key, item in value.items():
        if not isinstance(key, str) or not key.strip() or len(key) > MAX_CHOICE or has_unwritable(key):
            found.append((path, f"В поле «{one.name}» есть пустой, слишком длинный или нечитаемый ключ."))
        elif one.rows:
            found += check_branch(plant(one.rows), item, (*path, key), item, partial=partial)
        else:
            found += (((*path, key, *rest), message) for rest, message in check_value(one, item))
    return found


def check_rows(one: Field, value: Any, path: Path, *, partial: bool) -> list[Problem]:
    """Check a list of objects; conditions of a row's fields read that row."""
    if not isinstance(value, list):
        return [(path, f"Поле «{one.name}» — список; передайте массив объектов.")]
    found: list[Problem] = []
    if one.required and not value and not partial:
        found.append((path, f"Заполните поле «{one.name}»: нужна хотя бы одна строка."))
    if len(value) > MAX_ITEMS:
        return [*found, (path, f"В поле «{one.name}» больше {MAX_ITEMS} строк; сократите список.")]
    tree = plant(one.rows)
    for index, row in enumerate(value):
        found += check_branch(tree, row, (*path, str(index)), row, partial=partial)
    return found


def pick(data: Any, path: Path) -> Any:
    """Give the value at a path, or ABSENT."""
    for step in path:
        if not isinstance(data, Mapping) or step not in data:
            return ABSENT
        data = data[step]
    return data


def mark_branch(tree: Tree, data: Mapping[str, Any], wrap: Callable[[str], Any]) -> dict[str, Any]:
    """Give a copy of an object, its texts to digest through `wrap`."""
    copy: dict[str, Any] = {}
    for key, value in data.items():
        node = tree.get(key)
        if isinstance(node, Field):
            copy[key] = marked(node, value, wrap)
        else:
            copy[key] = mark_branch(node, value, wrap) if node and isinstance(value, Mapping) else replicate(value)
    return copy | unfilled(tree, data, wrap)


def unfilled(tree: Tree, data: Mapping[str, Any], wrap: Callable[[str], Any]) -> dict[str, Any]:
    """Give the empty texts that stand where a value to digest was left out."""
    found: dict[str, Any] = {}
    for key, node in tree.items():
        if key in data:
            continue
        if not isinstance(node, Field):
            if branch := unfilled(node, {}, wrap):
                found[key] = branch
        elif node.digest:
            found[key] = wrap("")
    return found


def marked(one: Field, value: Any, wrap: Callable[[str], Any]) -> Any:
    """Give a copy of a field's value: all of it through `wrap`, or the texts in it."""
    if one.digest:
        return wrap(spell(value))
    if not one.free_text and not one.rows:
        return replicate(value)
    tree = plant(one.rows)
    if one.map and isinstance(value, Mapping):
        return {key: marked_in(one, tree, item, wrap) for key, item in value.items()}
    return marked_in(one, tree, value, wrap)


def marked_in(one: Field, tree: Tree, value: Any, wrap: Callable[[str], Any]) -> Any:
    """Give a copy of one value of a field: the text through `wrap`, a list's, a row's fields by the tree of them."""
    if isinstance(value, str):
        return wrap(value) if one.free_text else value
    if isinstance(value, list):
        return [marked_in(one, tree, item, wrap) for item in value]
    return mark_branch(tree, value, wrap) if one.rows and isinstance(value, Mapping) else replicate(value)


def restored_branch(tree: Tree, kept: Mapping[str, Any], told: Callable[[Any], str | None]) -> dict[str, Any]:
    """Give an object from what history keeps of it; what was left out of it, and branches of nothing else, are not."""
    copy: dict[str, Any] = {}
    for key, value in kept.items():
        node = tree.get(key)
        if isinstance(node, Field):
            found = restored(node, value, told)
        elif node and isinstance(value, Mapping):
            found = restored_branch(node, value, told) or (ABSENT if value else {})
        else:
            found = replicate(value)
        if found is not ABSENT:
            copy[key] = found
    return copy


def restored(one: Field, kept: Any, told: Callable[[Any], str | None]) -> Any:
    """Give a field's value from what history keeps of it, see :meth:`Form.read_back`; ABSENT where it was left out."""
    if one.digest:
        text = told(kept)
        if text is None:
            return None
        return unspelled(one, text) if text else ABSENT
    if one.map and isinstance(kept, Mapping):
        return {key: restored_in(one, item, told) for key, item in kept.items()}
    return restored_in(one, kept, told)


def restored_in(one: Field, kept: Any, told: Callable[[Any], str | None]) -> Any:
    """Give one value of a field: a text, a list's items, a row's fields."""
    if one.free_text:
        return [told(item) for item in kept] if isinstance(kept, list) else told(kept)
    if one.rows and isinstance(kept, list):
        return [restored_in(one, row, told) for row in kept]
    if one.rows and isinstance(kept, Mapping):
        inner = Form("", one.rows)
        return inner.read_back(kept, told)
    return kept


def unspelled(one: Field, text: str) -> Any:
    """Give the value that `spell` told as a text: itself for a field of text, what the JSON says for any other."""
    if one.kind is Kind.CHOICE and not one.map:
        return next((option.value for option in one.options if spell(option.value) == text), text)
    is_text = one.kind in {Kind.TEXT, Kind.TEXTAREA, Kind.DATE, Kind.DATETIME} and not one.map
    return text if is_text else orjson.loads(text)


def spell(value: Any) -> str:
    """Give a text itself, another value its JSON."""
    return value if isinstance(value, str) else orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def replicate(value: Any) -> Any:
    """Copy JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, (dict, Mapping)):
        return {key: replicate(item) for key, item in value.items()}
    return [replicate(item) for item in value] if isinstance(value, list) else value
