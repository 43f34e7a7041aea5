"""Draw every bundle's diagram as a picture: headless Chromium, bpmn-js and the fonts of ``node_modules``.

``python scripts/render_diagrams.py`` writes ``docs/pictures/<bundle>.png`` for each folder of ``bpmn/``; names given as
arguments narrow it. Exits 1 where bpmn-js reports a warning on import, so that a picture is never drawn of a drawing
that another tool would read differently.
"""

import argparse
import base64
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page, sync_playwright

ROOT: Final = Path(__file__).resolve().parent.parent
MARGIN: Final = 20
FONT: Final = "@fontsource-variable/golos-text/files/golos-text-{}-wght-normal.woff2"
PAGE: Final = """<!doctype html><html lang="ru"><meta charset="utf-8">
<style>html,body{margin:0;background:#fff}#canvas{width:100vw;height:100vh}.bjs-powered-by{display:none}</style>
<div id="canvas"></div></html>"""
IMPORT: Final = """async xml => {
  await document.fonts.load("13px 'Golos Text'", "Яa");
  document.getElementById("canvas").replaceChildren();
  window.viewer = new BpmnJS({container: "#canvas", textRenderer: {
    defaultStyle: {fontFamily: "'Golos Text', sans-serif", fontSize: 13}, externalStyle: {fontSize: 12}}});
  const {warnings} = await viewer.importXML(xml);
  const {x, y, width, height} = viewer.get("canvas").viewbox().inner;
  return {warnings: warnings.map(warning => warning.message), x, y, width, height};
}"""
FRAME: Final = "box => { const canvas = viewer.get('canvas'); canvas.resized(); canvas.viewbox(box); }"


def find_browser() -> str | None:
    """The machine's own Chromium, or None: then playwright's is used."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if (found := shutil.which(name))), None)


def load_viewer(page: Page, modules: Path) -> None:
    """Put bpmn-js, its styles and the fonts into an empty page; nothing is fetched."""
    page.set_content(PAGE)
    for style in ("diagram-js.css", "bpmn-js.css"):
        page.add_style_tag(path=modules / "bpmn-js/dist/assets" / style)
    for script in ("cyrillic", "latin"):
        font = base64.b64encode((modules / FONT.format(script)).read_bytes()).decode()
        codes = "U+0301,U+0400-045F,U+0490-0491,U+2116" if script == "cyrillic" else "U+0000-00FF,U+2000-206F"
        page.add_style_tag(
            content=f"@font-face{{font-family:'Golos Text';font-weight:400 900;unicode-range:{codes};"
            f"src:url(data:font/woff2;base64,{font}) format('woff2')}}"
        )
    page.add_script_tag(path=modules / "bpmn-js/dist/bpmn-viewer.production.min.js")


def draw(page: Page, xml: str, target: Path) -> list[str]:
    """Import a drawing, take its picture at 100 %, and give the import's warnings."""
    found: Mapping[str, Any] = page.evaluate(IMPORT, xml)
    box = {
        "x": found["x"] - MARGIN,
        "y": found["y"] - MARGIN,
        "width": found["width"] + 2 * MARGIN,
        "height": found["height"] + 2 * MARGIN,
    }
    page.set_viewport_size({"width": round(box["width"]), "height": round(box["height"])})
    page.evaluate(FRAME, box)
    target.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=target)
    return list(found["warnings"])


def main() -> int:
    """Draw what the command line names; the number of drawings with warnings decides the exit code."""
    parser = argparse.ArgumentParser(description="Pictures of the diagrams.")
    parser.add_argument("bundles", nargs="*", help="folders of bpmn/, all by default")
    parser.add_argument("--modules", type=Path, default=ROOT / "node_modules")
    parser.add_argument("--out", type=Path, default=ROOT / "docs/pictures")
    options = parser.parse_args()
    names = options.bundles or sorted(path.parent.name for path in ROOT.glob("bpmn/*/procedure.bpmn"))
    failed = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
        page = browser.new_page()
        load_viewer(page, options.modules)
        for name in names:
            xml = (ROOT / "bpmn" / name / "procedure.bpmn").read_text(encoding="utf-8")
            warnings = draw(page, xml, options.out / f"{name}.png")
            sys.stdout.write(f"{name}: {'; '.join(warnings) or 'без замечаний'}\n")
            failed += bool(warnings)
        browser.close()
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
