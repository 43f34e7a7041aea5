"""No code in a drawing: effects come only from registered operations."""

from typing import Final

from lxml import etree

from engine.lint.parts import Parts, Problems, rule
from engine.lint.rules.unsupported import owner_of

TAGS: Final = frozenset(
    {"scriptTask", "script", "preScript", "postScript", "executionListener", "taskListener", "connector", "unitTests"}
)
ATTRIBUTES: Final = frozenset({"class", "delegateExpression", "scriptFormat", "resource"})


@rule("script")
def find_scripts(parts: Parts) -> Problems:
    """No script task, no script before or after a task, no listener or class of another engine."""
    for node in parts.root.iter(etree.Element):
        kind = etree.QName(node).localname
        foreign = [etree.QName(name).localname for name in node.attrib if str(name).startswith("{")]
        if kind in TAGS or ATTRIBUTES & set(foreign):
            yield owner_of(node), "Программный код в схеме не допускается; замените его сервисной задачей с операцией."
