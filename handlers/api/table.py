"""The whole table of routes, and opening it in an application."""

from flask import Flask

from handlers import probes
from handlers.api import (
    applications,
    calendar,
    cases,
    clock,
    council,
    definitions,
    depository,
    discussion,
    documents,
    letters,
    meetings,
    minutes,
    people,
    processes,
    tasks,
)
from handlers.api.handbook import install_handbook
from handlers.api.routes import Route, register
from handlers.context import Context

PARTS = (
    people,
    clock,
    applications,
    cases,
    discussion,
    documents,
    tasks,
    processes,
    meetings,
    minutes,
    council,
    calendar,
    letters,
    definitions,
    depository,
    probes,
)


def all_routes() -> list[Route]:
    """Return the whole table."""
    return [route for part in PARTS for route in part.routes.items]


def register_api(app: Flask, context: Context) -> None:
    """Open every route of the API, and its description."""
    routes = all_routes()
    register(app, context, routes)
    install_handbook(app, context, routes)


__all__ = ["PARTS", "all_routes", "register_api"]
