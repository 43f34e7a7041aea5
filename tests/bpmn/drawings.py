"""What the tests of the drawings share: the bundles, a round trip through bpmn-moddle, a page with bpmn-js."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page, sync_playwright

from scripts.render_diagrams import PAGE
from tests.browser import ARGUMENTS, chromium

ROOT: Final = Path(__file__).resolve().parents[2]
MODULES: Final = ROOT / "node_modules"
BUNDLES: Final = ("certification", "council_meeting", "meeting_watch", "retention")
CAMUNDA: Final = Path(__file__).parent / "data/certification.camunda7.bpmn"
DESCRIPTOR: Final = MODULES / "camunda-bpmn-moddle/resources/camunda.json"

IMPORT: Final = """async ([xml, descriptor]) => {
  document.getElementById("canvas").replaceChildren();
  window.viewer = new BpmnJS({container: "#canvas", moddleExtensions: descriptor ? {camunda: descriptor} : {}});
  const {warnings} = await viewer.importXML(xml);
  return warnings.map(warning => warning.message);
}"""


def path_of(bundle: str) -> Path:
    return ROOT / "bpmn" / bundle / "procedure.bpmn"


def round_trip(file: Path, descriptor: Path | None = None) -> dict[str, Any]:
    """What bpmn-moddle reads and writes; the file is read from this machine alone."""
    script = Path(__file__).parent / "round_trip.mjs"
    command = ["node", str(script), str(file), *([str(descriptor)] if descriptor else [])]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


@contextmanager
def open_viewer() -> Iterator[Page]:
    """A page with bpmn-js in it, nothing imported yet."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
        page = browser.new_page(viewport={"width": 1600, "height": 900})
        page.set_content(PAGE)
        for style in ("diagram-js.css", "bpmn-js.css"):
            page.add_style_tag(path=MODULES / "bpmn-js/dist/assets" / style)
        page.add_script_tag(path=MODULES / "bpmn-js/dist/bpmn-viewer.production.min.js")
        yield page
        browser.close()


def import_drawing(page: Page, file: Path, descriptor: Path | None = None) -> list[str]:
    """The warnings of bpmn-js on import."""
    package = json.loads(descriptor.read_text(encoding="utf-8")) if descriptor else None
    return list(page.evaluate(IMPORT, [file.read_text(encoding="utf-8"), package]))
