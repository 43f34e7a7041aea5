"""Write the next revision of the schema: the difference between the revisions there are and the tables as declared.

    python scripts/new_migration.py "add seats to the meeting"    the next revision
    python scripts/new_migration.py --first                       the first one anew, while nothing is released
    python scripts/new_migration.py --check                       tell whether a revision is missing (exit 1)

Read what it wrote before you keep it: a renamed column looks like one gone and one new, and no data moves by itself.
"""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.operations.ops import MigrationScript
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from engine.database import Instant, Json
from engine.migrations import revisions
from engine.records.guards import GUARDS
from tests.schema import load_tables

FIRST = "First schema"
VERSIONS = revisions.FOLDER / "versions"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write a revision, or check that none is missing; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", nargs="?", help="what changes, in a few English words")
    parser.add_argument("--first", action="store_true", help="write the first revision anew")
    parser.add_argument("--check", action="store_true", help="exit 1 where tables and revisions differ")
    given = parser.parse_args(arguments)
    if given.check:
        return _check()
    if given.first == bool(given.name):
        parser.error("give a name or --first")
    if given.first:
        _remove_first()
    path = _write(FIRST if given.first else given.name)
    print(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
    return 0


def render_type(kind: str, item: Any, _context: object) -> str | Literal[False]:
    """The house's own column types as a revision spells them, free of the code that may change later."""
    if kind == "type" and isinstance(item, Instant):
        return "INSTANT"
    if kind == "type" and isinstance(item, Json):
        return "sa.Text()"
    if kind == "type" and isinstance(item, sa.LargeBinary):
        return "sa.LargeBinary()"
    return False


def _difference() -> tuple[MigrationScript, MigrationContext]:
    """What a database at the newest revision lacks, or has too much."""
    metadata = load_tables()
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        if any(VERSIONS.glob("v*.py")):
            revisions.raise_to(connection)
        context = MigrationContext.configure(connection, opts={"compare_type": True, "target_metadata": metadata})
        script = produce_migrations(context, metadata)
    engine.dispose()
    return script, context


def _check() -> int:
    script, _context = _difference()
    operations = script.upgrade_ops.as_diffs() if script.upgrade_ops else []
    for operation in operations:
        print(operation)
    return 1 if operations else 0


def _remove_first() -> None:
    found = sorted(VERSIONS.glob("v*.py"))
    if len(found) > 1:
        sys.exit("There are later revisions: the first one stays as it is.")
    for path in found:
        path.unlink()


def _write(message: str) -> Path:
    script, context = _difference()
    code = [
        _without_remarks(render_python_code(operations, render_item=render_type, migration_context=context))
        for operations in (script.upgrade_ops, script.downgrade_ops)
        if operations is not None
    ]
    directory = ScriptDirectory.from_config(revisions.configuration())
    is_first = directory.get_current_head() is None
    made = directory.generate_revision(
        _identity(directory, message),
        message,
        refresh=True,
        upgrades=code[0],
        downgrades=code[1],
        guards=_guards("raised") if is_first else {},
        remains=_guards("removed") if is_first else {},
    )
    if made is None:
        sys.exit("No revision was written.")
    path = Path(made.path)
    for arguments in (["check", "--quiet", "--fix-only"], ["format", "--quiet"]):
        subprocess.run([str(Path(sys.executable).with_name("ruff")), *arguments, str(path)], check=True)
    return path


def _without_remarks(code: str) -> str:
    """Alembic's code without its comments."""
    return "\n".join(line for line in code.splitlines() if not line.strip().startswith("# ###")).strip()


def _identity(directory: ScriptDirectory, message: str) -> str:
    """The revision's id: its number in the row and the first words, at most 32 characters."""
    number = sum(1 for _ in directory.walk_revisions()) + 1
    words = "_".join("".join(c if c.isalnum() else " " for c in message.lower()).split())
    return f"{number:04d}_{words}"[:32].rstrip("_")


def _guards(side: Literal["raised", "removed"]) -> dict[str, list[str]]:
    """The guards' statements by dialect, of all guarded tables."""
    return {
        dialect: [statement for guard in GUARDS for statement in getattr(guard, side)[dialect]]
        for dialect in ("sqlite", "postgresql")
    }


if __name__ == "__main__":
    sys.exit(main())
