"""The first look at an XML file of an unknown hand: nothing is fetched, expanded or believed.

Refused are a DOCTYPE, encodings but UTF-8, processing instructions, XInclude, files over 1 MB, nesting over 64, more
than 2,000 BPMN elements (diagram shapes are counted apart), ids outside a plain pattern, and an id given twice.
"""

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from engine.errors import DrawingError
from engine.lint.findings import Finding, Severity

MAX_BYTES: Final = 1_000_000
MAX_DEPTH: Final = 64
MAX_ELEMENTS: Final = 2_000
MAX_NODES: Final = 20_000
ID_PATTERN: Final = re.compile(r"[A-Za-z_][\w.-]{0,63}", re.ASCII)
#: Shapes and lines of the diagram are named by the editor after what they show, so their names may be longer.
DIAGRAM_ID_PATTERN: Final = re.compile(r"[A-Za-z_][\w.-]{0,255}", re.ASCII)
ENCODING: Final = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")
DIAGRAM: Final = ("http://www.omg.org/spec/BPMN/20100524/DI", "http://www.omg.org/spec/DD/")
STANDARDS: Final = ("{http://www.omg.org/spec/", "{https://www.omg.org/spec/")
XINCLUDE: Final = "{http://www.w3.org/2001/XInclude}"


def safe_parser() -> etree.XMLParser:
    """Give a parser that fetches, expands and repairs nothing."""
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        recover=False,
    )


def read_xml(content: str | bytes) -> etree._Element:
    """Give the root of a drawing. Raises DrawingError with the findings where it is not clean."""
    root, findings = open_xml(content, "procedure.bpmn")
    if root is None or findings:
        raise DrawingError(findings[0].message, findings)
    return root


def inspect_xml(content: str | bytes, name: str = "procedure.bpmn") -> list[Finding]:
    """Give everything that makes a BPMN or DMN file unclean; empty where it may be read further."""
    return open_xml(content, name)[1]


def open_xml(content: str | bytes, name: str) -> tuple[etree._Element | None, list[Finding]]:
    """Give the root, if it could be read at all, and the findings."""
    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    refusal = refuse_bytes(data)
    if refusal:
        return None, [Finding(refusal[0], Severity.ERROR, name, f"Файл {name}: {refusal[1]}")]
    try:
        root = etree.fromstring(data, safe_parser())
    except etree.XMLSyntaxError as error:
        line = f", строка {error.lineno}" if error.lineno else ""
        message = f"Файл {name} не читается как XML{line}: исправьте разметку или сохраните его из редактора заново."
        return None, [Finding("xml_readable", Severity.ERROR, name, message)]
    return root, [Finding(rule, Severity.ERROR, element or name, message) for rule, element, message in measure(root)]


def refuse_bytes(data: bytes) -> tuple[str, str] | None:
    """Say which rule the bytes break before they are parsed, and in what words; None where they may be parsed."""
    if len(data) > MAX_BYTES:
        return "xml_size", "больше 1 МБ; уберите лишнее или разделите процедуру."
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return "xml_encoding", "не в кодировке UTF-8; сохраните его в UTF-8."
    declared = ENCODING.match(data.removeprefix(b"\xef\xbb\xbf").lstrip())
    if declared and declared.group(1).lower() not in {b"utf-8", b"utf8"}:
        return "xml_encoding", 'объявлена другая кодировка; укажите encoding="UTF-8".'
    if "\0" in text:
        return "xml_encoding", "содержит нулевые байты; сохраните его из редактора заново."
    if "<!DOCTYPE" in text.upper() or "<!ENTITY" in text.upper():
        return "xml_doctype_forbidden", "DOCTYPE и ENTITY не допускаются; удалите это объявление."
    return None


def measure(root: etree._Element) -> Iterator[tuple[str, str, str]]:
    """Give rule, element and words for what is too deep, too large or ill named in a parsed file."""
    if root.getroottree().xpath("boolean(//processing-instruction())"):
        yield "xml_instruction", "", "Инструкции обработки (<?…?>) не допускаются; удалите их."
    depth, elements, nodes = count_nodes(root)
    if depth > MAX_DEPTH:
        yield "xml_depth", "", f"Вложенность больше {MAX_DEPTH} уровней; упростите разметку."
    if elements > MAX_ELEMENTS or nodes > MAX_NODES:
        yield "xml_size", "", f"Больше {MAX_ELEMENTS} элементов; разделите процедуру на несколько."
    if any(isinstance(node.tag, str) and node.tag.startswith(XINCLUDE) for node in root.iter()):
        yield "xml_include", "", "Вставки XInclude не допускаются; удалите их."
    seen: set[str] = set()
    for node in root.iter(etree.Element):
        identity = node.get("id")
        if identity is None:
            continue
        pattern = DIAGRAM_ID_PATTERN if is_diagram(node) else ID_PATTERN
        if not pattern.fullmatch(identity):
            words = "латинские буквы, цифры, точка, дефис, подчёркивание, не больше 64 знаков, первой — буква"
            yield "identifier", identity[:64], f"Идентификатор «{identity[:64]}» недопустим; можно: {words}."
        if not is_standard(node):
            continue
        if identity in seen:
            yield (
                "identifier_unique",
                identity[:64],
                f"Идентификатор «{identity[:64]}» дан дважды; смените один из них.",
            )
        seen.add(identity)


def count_nodes(root: etree._Element) -> tuple[int, int, int]:
    """Give the greatest depth, the number of elements outside the diagram, and the number of all."""
    deepest = elements = nodes = 0
    stack = [(root, 1)]
    while stack:
        node, depth = stack.pop()
        if not isinstance(node.tag, str):
            continue
        nodes += 1
        deepest = max(deepest, depth)
        elements += not is_diagram(node)
        stack.extend((child, depth + 1) for child in node)
    return deepest, elements, nodes


def is_diagram(node: etree._Element) -> bool:
    """Whether a node only draws."""
    return isinstance(node.tag, str) and node.tag[1:].startswith(DIAGRAM)


def is_standard(node: etree._Element) -> bool:
    """Whether a node belongs to a standard's own namespace: operators and parameters of an extension may repeat."""
    return isinstance(node.tag, str) and node.tag.startswith(STANDARDS)
