"""Reading a DMN file safely: one decision table, its cells compiled."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import ClassVar, Final

from lxml import etree

from engine.decisions.cells import read_cell
from engine.decisions.table import Column, DecisionTable, HitPolicy, Output, Rule
from engine.errors import DrawingError
from engine.expressions import ExpressionRefused, compile_expression

MAX_BYTES: Final = 1_000_000
MAX_RULES: Final = 500
MAX_COLUMNS: Final = 40

NAMESPACES: Final = frozenset(
    {
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
    }
)
IDENTIFIER: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")


class DecisionRefused(DrawingError, ValueError):
    """The file is no decision table that we evaluate.  The message is Russian and names the remedy."""

    slug: ClassVar[str] = "decision_refused"


def read_decision(dmn_xml: bytes, *, functions: Collection[str] = ()) -> DecisionTable:
    """Read one decision table (DMN 1.1-1.3, UTF-8); ``functions`` names what cells may call beside the built-in ones.

    Cells that cannot be read become findings of the table.  Raises :class:`DecisionRefused` where there is no table,
    more than one, a DOCTYPE, an unknown hit policy, or an output without a name.
    """
    root = parse(dmn_xml)
    decisions = children(root, "decision")
    if len(decisions) != 1:
        raise DecisionRefused(f"В файле должно быть одно решение, а их {len(decisions)}; разнесите их по файлам.")
    decision = decisions[0]
    name = decision.get("name") or decision.get("id") or ""
    tables = children(decision, "decisionTable")
    if len(tables) != 1:
        raise DecisionRefused(f"Решение «{name}» — не таблица; замените его таблицей решений.")
    identity = decision.get("id") or ""
    if not IDENTIFIER.fullmatch(identity):
        raise DecisionRefused(f"Имя решения «{identity[:60]}» — латинские буквы, цифры и _; исправьте id.")
    return read_table(tables[0], identity, name, functions)


def parse(dmn_xml: bytes) -> etree._Element:
    """Parse XML without entities, network or DOCTYPE."""
    if len(dmn_xml) > MAX_BYTES:
        raise DecisionRefused("Файл таблицы больше 1 МБ; уменьшите его.")
    if b"<!DOCTYPE" in dmn_xml or b"<!ENTITY" in dmn_xml:
        raise DecisionRefused("Объявление DOCTYPE в файле таблицы не допускается; уберите его.")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        dmn_xml.decode("utf-8")
        root = etree.fromstring(dmn_xml, parser)
    except (UnicodeDecodeError, etree.XMLSyntaxError, ValueError):
        raise DecisionRefused("Файл таблицы — не XML в UTF-8; пересохраните его.") from None
    if root.getroottree().docinfo.doctype:
        raise DecisionRefused("Объявление DOCTYPE в файле таблицы не допускается; уберите его.")
    found = etree.QName(root)
    if found.localname != "definitions" or found.namespace not in NAMESPACES:
        raise DecisionRefused("Это не файл DMN 1.1-1.3; сохраните таблицу из редактора решений.")
    return root


def read_table(table: etree._Element, identity: str, name: str, functions: Collection[str]) -> DecisionTable:
    """Read the table element."""
    policy = table.get("hitPolicy", "UNIQUE")
    if policy not in HitPolicy.__members__ or table.get("aggregation"):
        raise DecisionRefused(f"Таблица «{name}»: политика {policy} не поддерживается; есть FIRST, UNIQUE, COLLECT.")
    inputs = tuple(read_input(element, functions) for element in children(table, "input"))
    outputs = tuple(read_output(element, name) for element in children(table, "output"))
    rows = children(table, "rule")
    if not outputs or len({column.name for column in outputs}) != len(outputs):
        raise DecisionRefused(f"Таблица «{name}»: у каждого вывода должно быть своё имя переменной (name).")
    if len(rows) > MAX_RULES or len(inputs) + len(outputs) > MAX_COLUMNS:
        raise DecisionRefused(f"Таблица «{name}» больше {MAX_RULES} правил или {MAX_COLUMNS} столбцов; разделите её.")
    rules = []
    for number, row in enumerate(rows, start=1):
        cells = tuple(read_cell(text_of(entry), functions) for entry in children(row, "inputEntry"))
        results = tuple(read_result(text_of(entry), functions) for entry in children(row, "outputEntry"))
        if len(cells) != len(inputs) or len(results) != len(outputs):
            raise DecisionRefused(f"Таблица «{name}», правило {number}: ячеек не столько, сколько столбцов.")
        note = " ".join(filter(None, [text_of(row, "description"), *map(text_of, children(row, "annotationEntry"))]))
        rules.append(Rule(row.get("id") or f"rule{number}", number, cells, results, note))
    return DecisionTable(identity, name, HitPolicy(policy), inputs, outputs, tuple(rules))


def read_input(element: etree._Element, functions: Collection[str]) -> Column:
    """Read an input column."""
    expressions = children(element, "inputExpression")
    text = text_of(expressions[0]) if expressions else ""
    label = element.get("label") or text or element.get("id") or ""
    try:
        return Column(element.get("id") or "", label, expression=compile_expression(text, functions=functions))
    except ExpressionRefused as refusal:
        return Column(element.get("id") or "", label, fault=refusal.reason)


def read_output(element: etree._Element, table: str) -> Column:
    """Read an output column."""
    name = element.get("name") or ""
    if not IDENTIFIER.fullmatch(name):
        raise DecisionRefused(
            f"Таблица «{table}»: имя вывода «{name[:60]}» — латинские буквы, цифры и _; исправьте name."
        )
    return Column(element.get("id") or "", element.get("label") or name, name=name)


def read_result(text: str, functions: Collection[str]) -> Output:
    """Read an output cell."""
    if text in {"", "-"}:
        return Output("")
    try:
        return Output(text, compile_expression(text, functions=functions))
    except ExpressionRefused as refusal:
        return Output(text, fault=refusal.reason)


def children(element: etree._Element, name: str) -> list[etree._Element]:
    """Give an element's children of a name in the DMN namespaces."""
    found = [child for child in element if isinstance(child.tag, str)]
    return [c for c in found if etree.QName(c).localname == name and etree.QName(c).namespace in NAMESPACES]


def text_of(element: etree._Element, name: str = "text") -> str:
    """Give the text of an element's named child, without the blanks around it."""
    found = children(element, name)
    return "".join(str(part) for part in found[0].itertext()).strip() if found else ""
