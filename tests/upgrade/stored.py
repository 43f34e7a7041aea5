"""What earlier releases left: houses with cases in flight, and histories of cases that ended."""

import lzma
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from engine.scenarios import Cast, Scenario, read_scenario
from engine.scenarios.world import World

DATA = Path(__file__).resolve().parents[1] / "data"
HOUSES = sorted((DATA / "houses").glob("*/*.tar.xz"))
HISTORIES = sorted((DATA / "histories").glob("*.json.xz"))


def read_text_scenario(text: str, name: str) -> Scenario:
    """A scenario as it was stored."""
    return read_scenario(text, name)


def unpack(source: Path, target: Path) -> Path:
    """A stored file without its compression."""
    target.write_bytes(lzma.decompress(source.read_bytes()))
    return target


def read_histories(source: Path) -> Any:
    """Bundles by hash, and cases by procedure and ending."""
    return orjson.loads(lzma.decompress(source.read_bytes()))


def take_up(source: Path, runtime: Any, cast: Cast) -> tuple[World, Scenario, int]:
    """The world of a stored scenario as it stood, the scenario, and how many of its steps were played."""
    told = orjson.loads(source.with_name(source.name.replace(".tar.xz", ".json")).read_bytes())
    marks = dict(told["marks"])
    if "due" in marks:
        marks["due"] = datetime.fromisoformat(marks["due"])
    marks["left"] = {name: set(people) for name, people in marks.get("left", {}).items()}
    world = World(runtime, cast.find_actor, told["cases"], told["current"], {**marks, "verbs": cast.verbs})
    return world, read_text_scenario(told["scenario"], source.name), told["done"]
