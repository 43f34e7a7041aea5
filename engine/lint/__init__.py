"""The checks of a bundle before it may be released: one rule a file, in `rules/`.

`read_xml` opens a file of an unknown hand safely, `check` looks at a bundle taken apart. Whether every token ends is
asked of `engine.soundness`, whether the procedure does what it should of `engine.scenarios`.
"""

from engine.lint.findings import Finding, Severity, is_sound
from engine.lint.hygiene import inspect_xml, read_xml
from engine.lint.parts import Parts
from engine.lint.rules import RULES

__all__ = ["RULES", "Finding", "Parts", "Severity", "check", "inspect_xml", "is_sound", "read_xml"]


def check(parts: Parts) -> list[Finding]:
    """Give what every rule finds: errors first, then by rule and in document order."""
    found = [finding for rule in RULES for finding in rule(parts)]
    order = {element: number for number, element in enumerate(parts.drawing.elements)}
    rank = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
    return sorted(found, key=lambda f: (rank[f.severity], f.rule, order.get(f.element, len(order)), f.element))
