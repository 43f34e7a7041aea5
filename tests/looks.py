"""What a page must not have: a finding of axe, a report of the content policy, an error, a part beyond the screen."""

from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page

_AXE: Final = Path(__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js"
_RULES: Final = ("wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice")

#: Of all that axe knows after a run only the violations are told: telling each check passed takes as long as the run.
#: What sticks to the screen is judged in its own place: the field it covers by chance can be scrolled out.
_RUN: Final = """rules => {
  const stuck = [...document.querySelectorAll('body *')].filter(e => getComputedStyle(e).position === 'sticky')
  for (const e of stuck) e.style.position = 'static'
  return axe.run(document, {runOnly: rules, resultTypes: ['violations'], preload: false}).then(found => {
    for (const e of stuck) e.style.removeProperty('position')
    return found.violations
  })
}"""

#: To be added to a page before it is opened: keeps in `reports` what the content policy forbade.
WATCH: Final = """window.reports = []
document.addEventListener('securitypolicyviolation', e => {
  reports.push(e.violatedDirective)
  console.error(`content policy: ${e.violatedDirective}`)
})"""
#: What reaches over the right edge of a page that is wider than the screen; empty where it is not.
_OVERHANG: Final = """() => {
  const edge = document.documentElement.clientWidth
  if (document.documentElement.scrollWidth <= edge) return []
  const beyond = [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > edge)
  return ['wider than the screen', ...beyond.slice(0, 5).map(e => e.outerHTML.slice(0, 90))]
}"""


def axe(page: Page) -> list[dict[str, Any]]:
    """What axe finds on a page, by the rules of WCAG 2.2 AA and good practice."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_AXE.read_text())
    found: list[dict[str, Any]] = page.evaluate(_RUN, list(_RULES))
    return found


def overhang(page: Page) -> list[str]:
    """What makes a page wider than the screen; empty where it is not."""
    found: list[str] = page.evaluate(_OVERHANG)
    return found


def findings(page: Page) -> list[Any]:
    """What axe, the content policy and the screen's width have against a page as it stands."""
    return [*((one["id"], one["nodes"][0]["target"]) for one in axe(page)), *page.evaluate("reports"), *overhang(page)]


def findings_both_ways(page: Page) -> list[Any]:
    """What there is against a page as it stands, wide and light; then, without loading it anew, on a dark phone.

    Made for a page that was entered wide and light, and left so.
    """
    wide = page.viewport_size
    assert wide is not None
    found: list[Any] = [("wide, light", one) for one in findings(page)]
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")  # a colour on its way would be judged halfway
    page.set_viewport_size({"width": 390, "height": 844})
    found += [("narrow, dark", one) for one in [*axe(page), *overhang(page)]]
    page.emulate_media(color_scheme="light", reduced_motion="no-preference")
    page.set_viewport_size(wide)
    return found


def note_errors(page: Page, wrong: list[str]) -> None:
    """Keep in `wrong` what the browser calls an error on a page from now on, wherever it goes."""
    page.on("console", lambda told: wrong.append(f"{page.url}: {told.text}") if told.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
