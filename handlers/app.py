"""The composition root: settings become a running house, and the house a web application."""

from typing import TYPE_CHECKING

from engine.database import Database
from engine.files import FileStore
from engine.runtime import Runtime, Transaction
from handlers.context import Context, FindActor
from handlers.settings import Settings

if TYPE_CHECKING:
    from flask import Flask

    from engine.actors import Actor


def make_runtime(settings: Settings) -> Runtime:
    """Return the engine on the settings' database, with every procedure registered. The schema is `kes migrate`'s."""
    from processes import registry

    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return Runtime(
        database=Database(settings.database_url),
        registry=registry(),
        mode=settings.clock_mode,
        files=FileStore(settings.data_dir / "files"),
        clock_start=settings.clock_start,
    )


def make_context(settings: Settings, runtime: Runtime | None = None, find_actor: FindActor | None = None) -> Context:
    """Return what the doors are given; a test may bring its own runtime and people."""
    return Context(runtime or make_runtime(settings), settings, find_actor or find_person)


def find_person(tx: Transaction, login: str) -> "Actor | None":
    """Return who a login is at the transaction's business time, by the council's records."""
    from processes.council.people import actor_of

    return actor_of(tx.connection, login, tx.now)


def create_app(settings: Settings, runtime: Runtime | None = None, find_actor: FindActor | None = None) -> "Flask":
    """Return the web application: pages and API on one house."""
    from flask import Flask

    from handlers import api, pages
    from handlers.auth import install_auth
    from handlers.errors import install_errors
    from handlers.probes import install_figures
    from handlers.security import install_security

    context = make_context(settings, runtime, find_actor)
    app = Flask("handlers", static_folder="static", static_url_path="/static", template_folder="templates")
    app.secret_key = settings.secret_key
    install_figures(app, context)
    install_security(app, settings)
    install_auth(app, context)
    install_errors(app, pages.problem_page)
    api.register_api(app, context)
    pages.register_pages(app, context)
    return app
