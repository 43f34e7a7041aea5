"""The whole schema, for tests that need tables: every module or package called `records` is loaded, then created."""

import importlib
from pathlib import Path

import sqlalchemy as sa

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("engine", "processes", "webhooks", "handlers")


def load_tables() -> sa.MetaData:
    """Import every `records` module of the house and answer the metadata that now knows all tables."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            if "records" in parts:
                importlib.import_module(".".join(part for part in parts if part != "__init__"))
    metadata: sa.MetaData = importlib.import_module("engine.database").METADATA
    return metadata


def create_tables(url: str) -> None:
    """Create all tables in the empty database at `url`."""
    engine = sa.create_engine(url)
    load_tables().create_all(engine)
    engine.dispose()
