"""What a page must not have: a finding of axe, a report of the content policy."""

from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page

_AXE: Final = Path(__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js"
_RULES: Final = ("wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice")

#: To be added to a page before it is opened: keeps in `reports` what the content policy forbade.
WATCH: Final = (
    "window.reports=[];document.addEventListener('securitypolicyviolation',e=>reports.push(e.violatedDirective))"
)


def axe(page: Page) -> list[dict[str, Any]]:
    """What axe finds on a page, by the rules of WCAG 2.2 AA and good practice."""
    page.evaluate(_AXE.read_text())
    found: list[dict[str, Any]] = page.evaluate("rules => axe.run(document, {runOnly: rules})", list(_RULES))[
        "violations"
    ]
    return found
