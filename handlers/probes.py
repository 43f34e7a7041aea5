"""What machines ask: alive, ready, how much."""

import shutil
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import structlog
from flask import Flask, Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from engine.clock import wall
from engine.database import Database
from handlers import records
from handlers.answers import write_json
from handlers.api.routes import Door, Routes
from handlers.auth import PUBLIC, allow
from handlers.context import Context

log = structlog.get_logger(__name__)

routes = Routes("Служба", prefix="")

#: With less room than this (bytes) an upload or a step might not be kept.
_ROOM: Final = 256 * 1024 * 1024


@dataclass
class Figures:
    """One process's figures, in a registry of its own."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)

    def __post_init__(self) -> None:
        """Declare them."""
        labels = ["method", "endpoint", "status"]
        self.requests = Counter("kes_requests", "Requests answered", labels, registry=self.registry)
        self.seconds = Histogram("kes_request_seconds", "Time to an answer", ["endpoint"], registry=self.registry)
        self.cases = Gauge("kes_cases", "Cases by state", ["state"], registry=self.registry)
        self.waiting = Gauge("kes_waiting", "What waits, by kind", ["kind"], registry=self.registry)


@routes.get("/healthz", PUBLIC, "Процесс жив")
def show_health(_door: Door) -> dict[str, Any]:
    """Return at once, whatever the database does."""
    return {"status": "ok"}


@routes.get("/readyz", PUBLIC, "Служба готова принимать запросы")
def show_readiness(door: Door) -> Response | dict[str, Any]:
    """Return 503 with what is wrong where an act could not be kept."""
    checks = readiness(door.context)
    if all(checks.values()):
        return {"status": "ready", "checks": checks}
    return Response(write_json({"status": "not_ready", "checks": checks}), 503, content_type="application/json")


def readiness(context: Context) -> dict[str, bool]:
    """Return each check by name: the database has its tables and can be written, the disk has room."""
    return {"database": _can_write(context.runtime.database), "disk": _has_room(context)}


def _can_write(database: Database) -> bool:
    try:
        with database.write() as connection:
            records.touch(connection)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with the database, the answer is no
        log.warning("database.not_ready", error=repr(error))
        return False
    return True


def _has_room(context: Context) -> bool:
    return shutil.disk_usage(context.settings.data_dir).free > _ROOM


def install_figures(app: Flask, context: Context) -> None:
    """Count every answer, and serve the figures under /metrics."""
    figures = Figures()

    @app.before_request
    def begin() -> None:
        g.began = wall()

    @app.after_request
    def count(response: Response) -> Response:
        endpoint = request.endpoint or "none"
        figures.requests.labels(request.method, endpoint, str(response.status_code)).inc()
        began: datetime | None = g.get("began")
        if began is not None:
            figures.seconds.labels(endpoint).observe(max(0.0, (wall() - began).total_seconds()))
        return response

    def show() -> Response:
        with context.runtime.database.read() as connection:
            for state, number in records.count_states(connection).items():
                figures.cases.labels(state).set(number)
            for kind, number in records.backlog(connection).items():
                figures.waiting.labels(kind).set(number)
        return Response(generate_latest(figures.registry), content_type=CONTENT_TYPE_LATEST)

    app.add_url_rule("/metrics", endpoint="metrics", view_func=allow(PUBLIC)(show))
