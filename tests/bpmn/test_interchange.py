"""The drawings open in other people's tools as they are, and come back unchanged."""

from pathlib import Path

import pytest
from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnValidator
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser

from engine.definitions.normal import normalise
from engine.drawing import Drawing, read_drawing
from tests.bpmn.drawings import BUNDLES, CAMUNDA, DESCRIPTOR, ROOT, import_drawing, open_viewer, path_of, round_trip


@pytest.mark.parametrize("bundle", BUNDLES)
def test_a_modeler_saves_an_unchanged_drawing_byte_for_byte(bundle: str) -> None:
    saved = round_trip(path_of(bundle))
    assert saved["warnings"] == []
    assert saved["xml"] == path_of(bundle).read_text(encoding="utf-8")


@pytest.mark.browser
@pytest.mark.parametrize("bundle", BUNDLES)
def test_bpmn_js_imports_without_a_warning(bundle: str) -> None:
    with open_viewer() as page:
        assert import_drawing(page, path_of(bundle)) == []


@pytest.mark.filterwarnings("ignore:spiffworkflow.messagePayload:DeprecationWarning")
@pytest.mark.parametrize("bundle", BUNDLES)
def test_the_engines_parser_takes_the_drawing_with_its_schema(bundle: str) -> None:
    parser = SpiffBpmnParser(validator=BpmnValidator())
    for table in sorted((ROOT / "bpmn" / bundle).glob("*.dmn")):
        parser.add_dmn_file(str(table))
    parser.add_bpmn_file(str(path_of(bundle)))
    assert parser.get_spec(bundle).name == bundle


def test_the_camunda_copy_keeps_through_a_round_trip(tmp_path: Path) -> None:
    first = round_trip(CAMUNDA, DESCRIPTOR)
    assert first["warnings"] == []
    again = tmp_path / "again.bpmn"
    again.write_text(first["xml"], encoding="utf-8")
    assert round_trip(again, DESCRIPTOR) == first


@pytest.mark.browser
def test_the_camunda_copy_imports_without_a_warning() -> None:
    with open_viewer() as page:
        assert import_drawing(page, CAMUNDA, DESCRIPTOR) == []


def test_the_camunda_copy_is_the_same_procedure() -> None:
    ours, theirs = (read(path_of("certification")), read(CAMUNDA))
    assert list(theirs.elements) == list(ours.elements)
    assert tell(theirs) == tell(ours)
    assert theirs.flows == ours.flows


def read(file: Path) -> Drawing:
    return read_drawing(normalise(etree.parse(file).getroot()))


def tell(drawing: Drawing) -> dict[str, object]:
    """What of the elements decides how they run; a form key that repeats the id says nothing."""
    parts = ("kind", "scope", "lane", "event", "detail", "variable", "attached_to", "interrupting", "loop", "operator")
    return {
        e.id: (
            [getattr(e, part) for part in (*parts, "decision")],
            {k: v for k, v in e.properties.items() if (k, v) != ("formKey", e.id)},
        )
        for e in drawing.elements.values()
    }
