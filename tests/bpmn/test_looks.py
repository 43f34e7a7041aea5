"""The diagrams read well: measured in a browser, since a picture cannot be asserted."""

from itertools import combinations, pairwise
from typing import Any, Final

import pytest

from tests.bpmn.drawings import BUNDLES, import_drawing, open_viewer, path_of

Point = tuple[float, float]
Segment = tuple[Point, Point]

MEASURE: Final = """() => {
  const {x, y, scale} = viewer.get("canvas").viewbox(), labels = [], lines = [];
  const origin = document.getElementById("canvas").getBoundingClientRect();
  const across = value => (value - origin.left) / scale + x, down = value => (value - origin.top) / scale + y;
  viewer.get("elementRegistry").forEach((element, graphics) => {
    if (element.labelTarget) {
      const box = graphics.querySelector(".djs-visual").getBoundingClientRect();
      labels.push({id: element.businessObject.id, text: graphics.textContent,
        left: across(box.left), right: across(box.right), top: down(box.top), bottom: down(box.bottom)});
    } else if (element.waypoints) {
      lines.push({id: element.id, points: element.waypoints.map(point => [point.x, point.y])});
    }
  });
  return {labels, lines};
}"""


@pytest.fixture(scope="module", params=BUNDLES)
def measured(request: pytest.FixtureRequest) -> dict[str, Any]:
    with open_viewer() as page:
        import_drawing(page, path_of(request.param))
        return dict(page.evaluate(MEASURE))


@pytest.mark.browser
def test_no_label_lies_over_a_line(measured: dict[str, Any]) -> None:
    touched = [
        (label["text"], line["id"])
        for label in measured["labels"]
        for line in measured["lines"]
        if any(passes(segment, label) for segment in segments(line))
    ]
    assert touched == []


@pytest.mark.browser
def test_no_label_lies_over_a_label(measured: dict[str, Any]) -> None:
    pairs = combinations(measured["labels"], 2)
    assert [(a["id"], b["id"]) for a, b in pairs if overlap(a, b)] == []


@pytest.mark.browser
def test_lines_are_orthogonal_and_cross_nowhere(measured: dict[str, Any]) -> None:
    slanted = [line["id"] for line in measured["lines"] for (a, b), (c, d) in segments(line) if a != c and b != d]
    crossed = [
        (one["id"], other["id"])
        for one, other in combinations(measured["lines"], 2)
        if any(cross(a, b) for a in segments(one) for b in segments(other))
    ]
    assert (slanted, crossed) == ([], [])


def segments(line: dict[str, Any]) -> list[Segment]:
    return list(pairwise((float(x), float(y)) for x, y in line["points"]))


def passes(segment: Segment, box: dict[str, float]) -> bool:
    """Whether an orthogonal segment touches a box."""
    (a, b), (c, d) = segment
    return min(a, c) < box["right"] and max(a, c) > box["left"] and min(b, d) < box["bottom"] and max(b, d) > box["top"]


def overlap(one: dict[str, float], other: dict[str, float]) -> bool:
    return (
        one["left"] < other["right"] and other["left"] < one["right"]
        and one["top"] < other["bottom"] and other["top"] < one["bottom"]
    )  # fmt: skip


def cross(one: Segment, other: Segment) -> bool:
    """Whether two segments cross inside both; lines that join or run together do not."""
    (left, level), (right, end) = sorted(one)
    (column, top), (foot, bottom) = sorted(other)
    if level != end:
        return column != foot and cross(other, one)
    return column == foot and left < column < right and top < level < bottom
