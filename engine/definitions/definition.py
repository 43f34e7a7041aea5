"""A compiled definition: the drawing as data, the library's specification, tables, forms; immutable, shared, cached."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from lxml import etree

from engine.calendar.timers import compile_timer
from engine.decisions import DecisionTable, read_decision
from engine.definitions.bundle import PROCEDURE, Bundle
from engine.definitions.normal import normalise, parse_xml
from engine.drawing import Drawing, Element, read_drawing
from engine.errors import DrawingError, StepFailedError
from engine.expressions import Expression, ExpressionError, ExpressionRefused, compile_expression
from engine.forms import Form, read_form
from engine.machine import Specification, parse


@dataclass(frozen=True)
class Definition:
    """One version of a procedure, ready to run. Two equal bundles give equal definitions."""

    bundle: Bundle
    root: etree._Element
    drawing: Drawing
    decisions: Mapping[str, DecisionTable]
    forms: Mapping[str, Form]
    specification: Specification

    @property
    def key(self) -> str:
        """The procedure's key."""
        return self.drawing.process

    @property
    def hash(self) -> str:
        """Hash of the files it was compiled from."""
        return self.bundle.hash

    @cached_property
    def order(self) -> Mapping[str, int]:
        """Place of each element in the document."""
        return {k: i for i, k in enumerate(self.drawing.elements)}

    @cached_property
    def flow_between(self) -> Mapping[tuple[str, str], str]:
        """The sequence flow between two elements, entries into a subprocess included."""
        return {(f.source, f.target): f.id for f in self.drawing.flows.values()}

    @cached_property
    def timers(self) -> Mapping[str, Expression]:
        """Compiled timer expressions by element."""
        return {
            e.id: compile_timer(e.detail or "")
            for e in self.drawing.elements.values()
            if e.event == "timer" and e.kind != "startEvent"
        }

    def element(self, identity: str) -> Element:
        """An element of the drawing. Raises StepFailedError for an unknown one."""
        try:
            return self.drawing.elements[identity]
        except KeyError:
            raise StepFailedError(f"На схеме нет элемента {identity}.", element=identity) from None

    def form(self, identity: str) -> Form | None:
        """The form of a user task, or None."""
        return self.forms.get(self.form_key(identity))

    def form_key(self, identity: str) -> str:
        """The name of a user task's form file, without its ending."""
        return self.drawing.elements[identity].properties.get("formKey") or identity

    def evaluate(self, source: str, names: Mapping[str, Any]) -> Any:
        """An expression of this drawing over data. Raises ExpressionError or ExpressionRefused."""
        return compile_expression(source).evaluate(names)

    def decide(self, decision: str, names: Mapping[str, Any]) -> Any:
        """The outputs of a decision table: a mapping, or a list of mappings for COLLECT.

        Raises StepFailedError for an unknown table or one that gives no answer.
        """
        table = self.decisions.get(decision)
        if table is None:
            raise StepFailedError(f"В комплекте нет таблицы решений {decision}.")
        try:
            return table.decide(names)
        except (ExpressionError, ExpressionRefused) as error:
            raise StepFailedError(f"Таблица решений {decision}: {error}") from error


@lru_cache(maxsize=12)  # a version is compiled to be released, and wanted as soon as it is
def compile_bundle(bundle: Bundle) -> Definition:
    """Compile a bundle, or answer what an equal one was compiled to lately.

    Raises DrawingError naming what cannot be read; `engine.lint` says everything else.
    """
    root = normalise(parse_xml(bundle.files[PROCEDURE]))
    try:
        drawing = read_drawing(root)
    except ValueError as error:
        raise DrawingError(f"В файле должна быть одна исполняемая процедура: {error}.") from error
    decisions = {}
    for name, text in bundle.under("", ".dmn").items():
        try:
            table = read_decision(text.encode())
        except ValueError as error:
            raise DrawingError(f"Таблица {name}.dmn: {error}") from error
        decisions[table.id] = table
    forms = {}
    for name, text in bundle.under("forms", ".json").items():
        try:
            forms[name] = read_form(text)
        except ValueError as error:
            raise DrawingError(f"Форма {name}.json: {error}") from error
    return Definition(bundle, root, drawing, decisions, forms, parse(root, drawing.process, bundle.key))
