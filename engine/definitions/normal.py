"""Normalising a drawing: the Camunda 7 attributes that modelers write become the ones that the parser reads."""

import re
from typing import Final

from lxml import etree

from engine.drawing import BPMN, NAMESPACES, SPIFF
from engine.errors import DrawingError

CAMUNDA: Final = "http://camunda.org/schema/1.0/bpmn"
_EXPRESSION: Final = re.compile(r"^\s*[$#]\{(.*)\}\s*$", re.DOTALL)
_PROPERTIES: Final = ("candidateGroups", "assignee", "formKey")


def parse_xml(text: str) -> etree._Element:
    """The root of an XML text, read without entities, network or DTD. Raises DrawingError (a DOCTYPE is refused)."""
    raw = text.encode()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True)
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DrawingError(f"Файл не читается как XML: {error}") from error
    if root.getroottree().docinfo.doctype or "<!DOCTYPE" in text:
        raise DrawingError("Объявление DOCTYPE в файле недопустимо.")
    return root


def normalise(root: etree._Element) -> etree._Element:
    """Rewrite Camunda 7 attributes in place and give the root back; a drawing without them is left as it is."""
    for node in list(root.iter()):
        if not isinstance(node.tag, str) or not node.tag.startswith(f"{{{BPMN}}}"):
            continue
        _text_expression(node)
        _properties(node)
        _operator(node)
        _decision(node)
        _collection(node)
        _message_variable(node)
    return root


def _bare(value: str) -> str:
    found = _EXPRESSION.match(value)
    return found.group(1).strip() if found else value


def _camunda(node: etree._Element, name: str) -> str | None:
    return node.get(f"{{{CAMUNDA}}}{name}")


def _extensions(node: etree._Element) -> etree._Element:
    found = node.find("bpmn:extensionElements", NAMESPACES)
    if found is None:
        found = etree.Element(f"{{{BPMN}}}extensionElements")
        documentation = node.findall("bpmn:documentation", NAMESPACES)
        node.insert(len(documentation), found)
    return found


def _text_expression(node: etree._Element) -> None:
    if (
        etree.QName(node).localname in {"conditionExpression", "timeDate", "completionCondition", "loopCardinality"}
        and node.text
    ):
        node.text = _bare(node.text)


def _properties(node: etree._Element) -> None:
    given = {name: _camunda(node, name) for name in _PROPERTIES}
    for entry in node.findall(f"bpmn:extensionElements/{{{CAMUNDA}}}properties/{{{CAMUNDA}}}property", NAMESPACES):
        given[entry.get("name") or ""] = entry.get("value")
    given = {k: v for k, v in given.items() if k and v is not None}
    if not given:
        return
    extensions = _extensions(node)
    holder = extensions.find("spiffworkflow:properties", NAMESPACES)
    if holder is None:
        holder = etree.SubElement(extensions, f"{{{SPIFF}}}properties")
    present = {p.get("name") for p in holder}
    for name, value in given.items():
        if name not in present:
            etree.SubElement(holder, f"{{{SPIFF}}}property", name=name, value=_bare(value or ""))


def _operator(node: etree._Element) -> None:
    topic = _camunda(node, "topic")
    if topic is None or node.find("bpmn:extensionElements/spiffworkflow:serviceTaskOperator", NAMESPACES) is not None:
        return
    extensions = _extensions(node)
    attributes = {"id": topic}
    result = _camunda(node, "resultVariable")
    inputs = extensions.findall(f"{{{CAMUNDA}}}inputOutput/{{{CAMUNDA}}}inputParameter")
    parameters = [(entry.get("name") or "", _bare(entry.text or "")) for entry in inputs]
    for entry in extensions.findall(f"{{{CAMUNDA}}}inputOutput/{{{CAMUNDA}}}outputParameter"):
        result = result or entry.get("name")
    if result:
        attributes["resultVariable"] = result
    operator = etree.SubElement(extensions, f"{{{SPIFF}}}serviceTaskOperator", attributes)
    holder = etree.SubElement(operator, f"{{{SPIFF}}}parameters")
    for name, value in parameters:
        etree.SubElement(holder, f"{{{SPIFF}}}parameter", id=name, type="any", value=value)


def _decision(node: etree._Element) -> None:
    reference = _camunda(node, "decisionRef")
    if reference is None or node.find("bpmn:extensionElements/spiffworkflow:calledDecisionId", NAMESPACES) is not None:
        return
    etree.SubElement(_extensions(node), f"{{{SPIFF}}}calledDecisionId").text = reference


def _collection(node: etree._Element) -> None:
    if etree.QName(node).localname != "multiInstanceLoopCharacteristics":
        return
    collection, variable = _camunda(node, "collection"), _camunda(node, "elementVariable")
    if collection and node.find("bpmn:loopDataInputRef", NAMESPACES) is None:
        reference = etree.Element(f"{{{BPMN}}}loopDataInputRef")
        reference.text = _bare(collection)
        head = [n for n in node if etree.QName(n).localname in {"documentation", "extensionElements"}]
        node.insert(len(head), reference)
        if variable:
            outputs = node.findall("bpmn:loopDataOutputRef", NAMESPACES)
            item = etree.Element(f"{{{BPMN}}}inputDataItem", id=variable, name=variable)
            node.insert(len(head) + 1 + len(outputs), item)


def _message_variable(node: etree._Element) -> None:
    if etree.QName(node).localname != "message":
        return
    for entry in node.findall(f"bpmn:extensionElements/{{{CAMUNDA}}}properties/{{{CAMUNDA}}}property", NAMESPACES):
        if entry.get("name") == "messageVariable":
            extensions = _extensions(node)
            if extensions.find("spiffworkflow:messageVariable", NAMESPACES) is None:
                etree.SubElement(extensions, f"{{{SPIFF}}}messageVariable").text = entry.get("value")
