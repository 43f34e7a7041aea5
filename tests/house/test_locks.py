import json
import re
from pathlib import Path

import pytest

from scripts.third_party import read_lock, render

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ROOT / "requirements"


def wanted(path: Path) -> dict[str, str]:
    pins = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==(\S+)", path.read_text(), re.MULTILINE)
    return {name.lower().replace("_", "-"): version for name, version in pins}


@pytest.mark.parametrize("lock", ["base", "dev", "node"])
def test_every_wanted_package_is_locked_at_its_version(lock: str) -> None:
    locked = dict(read_lock(REQUIREMENTS / f"{lock}.txt"))
    for name, version in wanted(REQUIREMENTS / f"{lock}.in").items():
        assert locked.get(name) == version, f"{name}: run make lock"


@pytest.mark.parametrize("lock", ["base", "dev", "node"])
def test_every_locked_package_has_a_hash_and_no_lock_names_an_index(lock: str) -> None:
    text = (REQUIREMENTS / f"{lock}.txt").read_text()
    blocks = re.split(r"\n(?=[a-z])", text.strip())
    assert all("--hash=sha256:" in block for block in blocks if "==" in block)
    assert "://" not in text
    assert "--index-url" not in text
    assert "--find-links" not in text


def test_the_service_and_the_tests_run_on_the_same_versions() -> None:
    base = dict(read_lock(REQUIREMENTS / "base.txt"))
    dev = dict(read_lock(REQUIREMENTS / "dev.txt"))
    assert {name: dev.get(name) for name in base} == base


def test_the_browser_lock_pins_every_package_by_hash_and_names_no_registry() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    asked = json.loads((ROOT / "package.json").read_text())
    packages = {path: entry for path, entry in lock["packages"].items() if path}
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())
    assert not any("resolved" in entry for entry in packages.values())
    for name, version in (asked["dependencies"] | asked["devDependencies"]).items():
        assert packages[f"node_modules/{name}"]["version"] == version


def test_the_list_of_third_party_licences_is_true() -> None:
    assert (ROOT / "THIRD_PARTY.md").read_text() == render(), "run make lock"


def test_no_package_of_the_service_asks_for_the_publication_of_its_own_code() -> None:
    service, _, _ = render().partition("## Development only, Python")
    rows = [line for line in service.splitlines() if line.startswith("| ")]
    assert not [row for row in rows if re.search(r"(?<!L)(?<!Lesser )\b(AGPL|GPL)", row)]
