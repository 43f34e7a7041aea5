"""The composition root of the web: pages and API on one house."""

from functools import partial

from flask import Flask

from engine.runtime import Runtime
from handlers import pages
from handlers.api.table import register_api
from handlers.composition import make_context, make_runtime
from handlers.context import FindActor
from handlers.errors import install_errors
from handlers.settings import Settings
from handlers.shell import make_shell


def create_app(settings: Settings, runtime: Runtime | None = None, find_actor: FindActor | None = None) -> Flask:
    """Return the web application; the house is made of the settings where none is given."""
    context = make_context(settings, runtime, find_actor)
    app = make_shell(context)
    install_errors(app, partial(pages.problem_page, context))
    register_api(app, context)
    pages.register_pages(app, context)
    return app


__all__ = ["create_app", "make_runtime"]
