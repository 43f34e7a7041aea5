"""The demonstration, told once in a run on each database and copied for each test; its application, quick to make.

Every application makes its templates and addresses anew; what they are compiled to is the same, and kept here for all
of a process.
"""

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from click.testing import CliRunner
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from typing_extensions import override
from werkzeug.routing import Rule

from engine.schema import upgrade
from handlers.app import create_app
from handlers.application import Application
from handlers.cli import main
from handlers.composition import make_context
from handlers.context import Context
from handlers.demonstration import fill
from handlers.logs import install_logs
from handlers.settings import Settings, read_settings
from tests.once import folder_once
from tests.postgres import PostgresServer

#: The PostgreSQL database that a run's demonstration is copied from.
TEMPLATE = "template_demo"


class _Compiled(BytecodeCache):
    """Compiled templates by name, file and content."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], bytes] = {}

    @override
    def load_bytecode(self, bucket: Bucket) -> None:
        if kept := self._kept.get((bucket.key, bucket.checksum)):
            bucket.bytecode_from_string(kept)

    @override
    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


class _Address(Rule):
    """An address of a page; how to write it is a function of its text, compiled once for all applications."""

    _kept: ClassVar[dict[object, Callable[..., tuple[str, str]]]] = {}

    @override
    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        if self.defaults:
            return super()._compile_builder(append_unknown)
        key = (self.rule, *self._trace, append_unknown)
        if key not in self._kept:
            self._kept[key] = super()._compile_builder(append_unknown)
        return self._kept[key]


_COMPILED = _Compiled()
Application.url_rule_class = _Address


def environ_of(folder: Path) -> dict[str, str]:
    """Return the variables of `make run`: demo accounts and a virtual clock."""
    return {"KES_DATA_DIR": str(folder), "KES_DEMO": "1", "KES_CLOCK": "virtual"}


def settings_of(folder: Path, url: str | None = None) -> Settings:
    """Return the settings of `make run`."""
    told = environ_of(folder)
    return read_settings(told if url is None else {**told, "KES_DATABASE_URL": url})


def demo_folder(home: Path) -> Path:
    """The data folder of a demonstration on SQLite; tests work on copies."""
    return folder_once(home, "demo", _fill_by_commands)


def _fill_by_commands(folder: Path) -> None:
    told = [CliRunner().invoke(main, [word], env=environ_of(folder)) for word in ("migrate", "demo")]
    install_logs()  # to the stream of this process again
    assert [done.exit_code for done in told] == [0, 0], told
    assert "Готово" in told[-1].output


def demo_folder_on_postgres(server: PostgresServer) -> Path:
    """The data folder of a demonstration whose database is `TEMPLATE` on this run's server; tests work on copies."""

    def tell(folder: Path) -> None:
        making = "making_demo"
        server.drop(making)
        tell_demo(settings_of(folder, server.create(making)))
        server.rename(making, TEMPLATE)

    return folder_once(server.home, "demo_on_postgres", tell)


def tell_demo(settings: Settings) -> None:
    """Do to an empty database what `kes migrate` and `kes demo` do."""
    context = make_context(settings)
    upgrade(context.runtime.database)
    fill(context)
    context.runtime.database.close()


def open_app(context: Context) -> Flask:
    """The whole application on a house."""
    app = create_app(context.settings, context.runtime)
    app.jinja_env.bytecode_cache = _COMPILED
    return app
