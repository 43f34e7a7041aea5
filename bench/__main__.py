"""`python -m bench`: the tables of one run, ratios only, as Markdown."""

import argparse
import os
import platform
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Final

import orjson
import psycopg
import sqlalchemy

from bench.databases import Databases, postgresql_databases, sqlite_databases
from bench.tables import QUICK, QUICK_TABLES, TABLES, Effort

_KINDS: Final = ("sqlite", "postgresql")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmarks and print them."""
    names = [table.__name__ for table in TABLES]
    parser = argparse.ArgumentParser(prog="python -m bench", description="What a step costs: ratios of one run.")
    parser.add_argument("what", nargs="*", choices=[*names, []], help="the tables wanted (default: all)")
    parser.add_argument("--quick", action="store_true", help="a smoke run of seconds; its figures mean nothing")
    parser.add_argument("--rounds", type=int, help="interleaved rounds a table")
    parser.add_argument("--database", choices=_KINDS, action="append", help="only this kind of database")
    parser.add_argument("--folder", type=Path, help="where the SQLite files lie (default: the temporary folder)")
    given = parser.parse_args(arguments)
    wanted = given.what or (QUICK_TABLES if given.quick else names)
    effort = QUICK if given.quick else Effort()
    if given.rounds:
        effort = replace(effort, rounds=given.rounds)
    print(machine())
    for kind in given.database or _KINDS:
        opened: AbstractContextManager[Databases] = (
            sqlite_databases(given.folder) if kind == "sqlite" else postgresql_databases()
        )
        with opened as databases:
            print(f"\n## {kind}", flush=True)
            for table in TABLES:
                if table.__name__ not in wanted:
                    continue
                print()
                for line in table(databases, effort):
                    print(line, flush=True)
    return 0


def machine() -> str:
    """What the run stood on."""
    import sqlite3
    from importlib.metadata import version

    with Path("/proc/loadavg").open(encoding="ascii") as file:
        load = file.read().split()[0]
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores (load {load}), Python "
        f"{platform.python_version()}, SQLite {sqlite3.sqlite_version}, psycopg {psycopg.__version__}, SQLAlchemy "
        f"{sqlalchemy.__version__}, SpiffWorkflow {version('SpiffWorkflow')}, orjson {orjson.__version__}"
    )


if __name__ == "__main__":
    raise SystemExit(main())
