"""What a process keeps stays within bounds, and what it loads to begin with is what serving needs."""

import gc
import json
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import calendars, cases, history
from engine.calendar import shipped_calendar
from engine.definitions import Bundle, compile_bundle, read_bundle, release
from engine.doors import perform
from engine.migrations import revisions, standing
from tests.engine.house import CLERK, TOY, House

ROOT = Path(__file__).resolve().parents[2]
#: What only tests, upgrades, documents and other commands need.
NEEDLESS = ("pytest", "hypothesis", "alembic", "mako", "typst", "xlsxwriter", "sphinx", "tests", "bench")
LOADED = """
import json, sys
import handlers.commands.serving
from handlers.composition import make_context
from handlers.app import create_app
from handlers.commands.common import house
context = house()
create_app(context.settings, context.runtime)
# VmHWM, not ru_maxrss: that one remembers the process that started this one.
status = open('/proc/self/status').read()
peak = int(status.split('VmHWM:')[1].split()[0])
print(json.dumps([sorted({name.partition(".")[0] for name in sys.modules}), len(sys.modules), peak]))
"""


@pytest.fixture
def house(tmp_path: Path, sqlite_template: Path) -> Iterator[House]:
    path = tmp_path / "kes.sqlite"
    path.write_bytes(sqlite_template.read_bytes())
    made = House(f"sqlite:///{path}", tmp_path)
    yield made
    made.runtime.database.close()


def test_serving_loads_nothing_that_only_other_work_needs(tmp_path: Path) -> None:
    environ = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "KES_DATA_DIR": str(tmp_path)}
    subprocess.run([sys.executable, "-m", "handlers.cli", "migrate"], env=environ, cwd=ROOT, check=True)
    told = subprocess.run(
        [sys.executable, "-c", LOADED], env=environ, cwd=ROOT, check=True, capture_output=True, text=True
    )
    packages, modules, memory = json.loads(told.stdout)
    assert not set(packages) & set(NEEDLESS)
    assert modules < 1_500
    assert memory < 200_000, "kB"


def test_the_newest_revision_is_told_without_the_tool_that_upgrades() -> None:
    assert standing.newest() == revisions.known()[0]


def test_versions_of_a_procedure_in_memory_are_bounded(house: House) -> None:
    shelf, bundle = house.runtime.definitions, read_bundle(TOY)
    shelf._size = 3
    identities = []
    for number in range(6):
        text = bundle.files["procedure.bpmn"].replace('name="Прошение"', f'name="Прошение {number}"')
        files = {**bundle.files, "procedure.bpmn": text}
        with house.runtime.transaction() as tx:
            row = release(tx, Bundle(bundle.key, files), by="analyst", basis="приказ № 2")
            identities.append(row["id"])
    with house.runtime.reading() as tx:
        found = [shelf.get(tx, identity).hash for identity in identities]
        again = [shelf.get(tx, identity).hash for identity in identities]
    assert found == again
    assert len(set(found)) == 6
    assert len(shelf._found) <= 3


def test_equal_files_are_compiled_once_and_what_was_compiled_lately_is_bounded() -> None:
    bundle = read_bundle(TOY)
    compiled = compile_bundle(bundle)
    assert compile_bundle(read_bundle(TOY)) is compiled
    others = [compile_bundle(Bundle(bundle.key, {**bundle.files, "notes.md": str(number)})) for number in range(13)]
    assert len({id(one) for one in (compiled, *others)}) == 14
    assert compile_bundle.cache_info().currsize <= 12


def test_calendars_in_memory_are_bounded(house: House) -> None:
    table = shipped_calendar().table(2026)
    for _ in range(20):
        perform(house.runtime, lambda tx: calendars.apply(tx, table, actor=CLERK), actor=CLERK)
    assert len(house.runtime._calendars) <= 8


def test_cases_touched_leave_nothing_behind(house: House, pytestconfig: pytest.Config) -> None:
    """Two hundred cases (ten thousand in the long run) against fifty: what stays is not a matter of their number."""

    def touch(count: int) -> None:
        for _ in range(count):
            case = house.start()
            with house.runtime.reading() as tx:
                cases.get_case(tx, case, CLERK)
                history.read(tx, case)

    touch(50)
    gc.collect()
    tracemalloc.start()
    try:
        touch(10_000 if pytestconfig.getoption("--soak") else 200)
        gc.collect()
        kept, _peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 10_000_000, "bytes"
