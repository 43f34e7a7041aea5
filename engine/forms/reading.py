"""Reading a form-js file: each component becomes a field or a note, or a finding."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, ClassVar, Final

from engine.errors import DrawingError
from engine.forms.attributes import bound, max_length, narrow, read_options, read_pattern, texts_of, variable_of
from engine.forms.conditions import read_condition
from engine.forms.fields import Condition, Field, Kind, Note, Part
from engine.forms.form import Form, plant
from engine.lint.findings import Finding, Severity

MAX_BYTES: Final = 1_000_000
MAX_COMPONENTS: Final = 1_000
MAX_DEPTH: Final = 8
SCHEMA_VERSION: Final = 16

KINDS: Final[Mapping[str, Kind]] = {
    "textfield": Kind.TEXT,
    "textarea": Kind.TEXTAREA,
    "number": Kind.INTEGER,
    "checkbox": Kind.FLAG,
    "radio": Kind.CHOICE,
    "select": Kind.CHOICE,
    "checklist": Kind.CHOICES,
    "taglist": Kind.CHOICES,
    "datetime": Kind.DATE,
    "dynamiclist": Kind.ROWS,
}
LAYOUT: Final = frozenset({"button", "spacer", "separator"})
KEY: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}(\.[A-Za-z][A-Za-z0-9_]{0,63}){0,5}")


class FormRefused(DrawingError, ValueError):
    """The file is no form: not JSON, another type or schema, doubled keys.  The message is Russian."""

    slug: ClassVar[str] = "form_refused"


def read_form(text: str | bytes) -> Form:
    """Read a form-js file (schemaVersion 16 or later).

    What is not understood becomes a finding of the form.  Raises :class:`FormRefused` where nothing sensible can be
    read.
    """
    if len(text) > MAX_BYTES:
        raise FormRefused("Файл формы больше 1 МБ; уменьшите его.")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise FormRefused("Файл формы — не JSON; проверьте скобки и кавычки.") from None
    if not isinstance(data, dict) or data.get("type") != "default" or not isinstance(data.get("components"), list):
        raise FormRefused("Это не форма form-js: нужны type «default» и список components.")
    version = data.get("schemaVersion")
    if type(version) is not int or version < SCHEMA_VERSION:
        raise FormRefused(f"Версия схемы формы — не ниже {SCHEMA_VERSION}; пересохраните форму в редакторе.")
    reader = Reader(str(data.get("id") or "form"))
    reader.read_components(data["components"], Place())
    parts = settle(reader.parts)
    fields = tuple(part for part in parts if isinstance(part, Field))
    try:
        plant(fields)
    except ValueError as error:
        raise FormRefused(f"Ключ {error} в форме занят дважды; переименуйте одно из полей.") from None
    return Form(reader.form, parts, tuple(reader.findings))


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the file a component stands."""

    path: tuple[str, ...] = ()
    group: tuple[str, ...] = ()
    hidden_when: tuple[Condition, ...] = ()
    depth: int = 0
    digest: bool = False


@dataclass
class Reader:
    """Collects parts and findings while the components are walked."""

    form: str
    parts: list[Part] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    count: int = 0

    def find(self, rule: str, message: str, severity: Severity = Severity.ERROR) -> None:
        """Note a finding of this form."""
        self.findings.append(Finding(rule, severity, self.form, message))

    def read_components(self, components: list[Any], place: Place) -> None:
        """Read components in order."""
        if place.depth > MAX_DEPTH:
            raise FormRefused(f"Форма вложена глубже {MAX_DEPTH} уровней.")
        for component in components:
            self.count += 1
            if self.count > MAX_COMPONENTS:
                raise FormRefused(f"В форме больше {MAX_COMPONENTS} частей.")
            if not isinstance(component, dict) or not isinstance(component.get("type"), str):
                raise FormRefused("Часть формы — объект с полем type.")
            self.read_component(component, replace(place, hidden_when=self.conditions(component, place)))

    def read_component(self, component: dict[str, Any], place: Place) -> None:
        """Read one component."""
        match component["type"]:
            case "text":
                self.parts.append(Note(str(component.get("text", "")), place.group, place.hidden_when))
            case "group":
                self.read_group(component, place)
            case kind if kind in KINDS:
                found = self.read_field(component, place)
                if found:
                    self.parts.append(found)
            case kind:
                if kind not in LAYOUT:
                    message = f"Часть формы вида «{kind[:40]}» не поддерживается; замените её."
                    self.find("form-component-unsupported", message)

    def conditions(self, component: dict[str, Any], place: Place) -> tuple[Condition, ...]:
        """Give the conditions that hide a component: those of its groups, and its own."""
        conditional = component.get("conditional")
        hide = conditional.get("hide") if isinstance(conditional, dict) else None
        if not hide:
            return place.hidden_when
        condition = read_condition(hide)
        if condition is None:
            self.find(
                "form-condition-unsupported",
                f"Условие «{str(hide)[:80]}» не поддерживается; пишите =поле, =not(поле), =поле = значение "
                "или =поле != значение.",
            )
            return place.hidden_when
        return (*place.hidden_when, condition)

    def read_group(self, component: dict[str, Any], place: Place) -> None:
        """Read a group: its label and path, or the map that it stands for."""
        components = component.get("components")
        if not isinstance(components, list):
            raise FormRefused("У группы формы нет списка components.")
        label = str(component.get("label") or "")
        path = self.steps(component.get("path"), place) if component.get("path") else ()
        properties = texts_of(component.get("properties"))
        if properties.get("map"):
            self.read_map_group(component, components, place, properties)
            return
        group = (*place.group, label) if label else place.group
        digest = place.digest or properties.get("digest") == "true"
        inner = Place((*place.path, *path), group, place.hidden_when, place.depth + 1, digest)
        self.read_components(components, inner)

    def read_map_group(
        self, component: dict[str, Any], components: list[Any], place: Place, properties: Mapping[str, str]
    ) -> None:
        """Read a group with `map`: its one component describes the values."""
        if len(components) != 1 or not isinstance(components[0], dict):
            self.find("form-map", "Группа с properties.map содержит ровно одно поле: вид значений.")
            return
        value = {
            **components[0],
            "key": component.get("path") or component.get("key"),
            "label": component.get("label") or components[0].get("label"),
            "properties": {**texts_of(components[0].get("properties")), **properties},
        }
        self.read_components([value], replace(place, depth=place.depth + 1))

    def steps(self, key: Any, place: Place) -> tuple[str, ...]:
        """Split a dotted key; a key that cannot be one is a finding."""
        if isinstance(key, str) and KEY.fullmatch(key):
            return tuple(key.split("."))
        where = f" в «{'.'.join(place.path)}»" if place.path else ""
        self.find(
            "form-key", f"Ключ «{str(key)[:60]}»{where} — латинские буквы, цифры и _, через точку; исправьте его."
        )
        return ()

    def read_field(self, component: dict[str, Any], place: Place) -> Field | None:
        """Read a component that takes a value; nothing where its key cannot be used."""
        kind = KINDS[component["type"]]
        steps = self.steps(component.get("path") if kind is Kind.ROWS else component.get("key"), place)
        if not steps:
            return None
        properties = texts_of(component.get("properties"))
        found = component.get("validate")
        validate: dict[str, Any] = found if isinstance(found, dict) else {}
        kind = narrow(self.find, kind, component, properties)
        path = (*place.path, *steps)
        label = str(
            component.get("dateLabel" if component["type"] == "datetime" else "label") or component.get("label") or ""
        )
        if not label:
            self.find("form-label", f"У поля {'.'.join(path)} нет подписи; добавьте label.", Severity.WARNING)
        pattern = read_pattern(self.find, validate, path)
        options = read_options(self.find, component, properties, path) if kind in {Kind.CHOICE, Kind.CHOICES} else ()
        variable = variable_of(properties.get("variable"), path)
        digest = place.digest or properties.get("digest") == "true"
        if digest and variable:
            self.find(
                "form-digest", f"Поле {'.'.join(path)}: у digest нет variable, данные дела видны всем; уберите одно."
            )
        return Field(
            path=path,
            kind=kind,
            component=component["type"],
            label=label,
            description=str(component.get("description") or ""),
            required=validate.get("required") is True,
            readonly=component.get("readonly") is True or component.get("disabled") is True,
            group=place.group,
            minimum=bound(self.find, validate, "min", path),
            maximum=bound(self.find, validate, "max", path),
            min_length=int(bound(self.find, validate, "minLength", path) or 0),
            max_length=max_length(self.find, validate, path, pattern),
            pattern=pattern,
            options=options,
            provider=str(component["valuesKey"]) if component.get("valuesKey") else None,
            map=properties.get("map"),
            keys=properties.get("keys"),
            variable=variable,
            free_text=kind in {Kind.TEXT, Kind.TEXTAREA, Kind.LINES} and properties.get("plain") != "true",
            digest=digest,
            hidden_when=place.hidden_when,
            rows=self.rows(component, place) if kind is Kind.ROWS else (),
            default=component.get("defaultValue"),
            properties=MappingProxyType(properties),
        )

    def rows(self, component: dict[str, Any], place: Place) -> tuple[Field, ...]:
        """Read the fields of a dynamic list's row."""
        components = component.get("components")
        if not isinstance(components, list):
            raise FormRefused("У списка формы нет components.")
        inner = Reader(self.form, findings=self.findings, count=self.count)
        inner.read_components(components, Place(depth=place.depth + 1))
        self.count = inner.count
        return tuple(part for part in settle(inner.parts) if isinstance(part, Field) and not part.readonly)


def settle(parts: list[Part]) -> tuple[Part, ...]:
    """Mark the conditions that an optional field decides: where it is absent they are decided too."""
    optional = {part.path for part in parts if isinstance(part, Field) and not part.required}
    settled: list[Part] = []
    for part in parts:
        conditions = tuple(replace(one, settled=one.path in optional) for one in part.hidden_when)
        settled.append(replace(part, hidden_when=conditions))
    return tuple(settled)
