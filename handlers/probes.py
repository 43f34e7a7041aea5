"""What machines ask: alive, ready, how much."""

import shutil
from time import perf_counter
from typing import Any, Final

import structlog
from flask import Flask, Response, g, request
from marshmallow import fields
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from engine.clock import ClockMode
from engine.database import Database
from handlers import records
from handlers.answers import write_json
from handlers.api.routes import Door, Routes
from handlers.api.shapes import Shape, a_text
from handlers.auth import PUBLIC
from handlers.context import Context
from handlers.figures import Figures

log = structlog.get_logger(__name__)

routes = Routes("Служба", prefix="")


class HealthShape(Shape):
    """The process answers."""

    status = a_text()


class ReadinessShape(HealthShape):
    """Whether an act could be kept, and what of it is not well."""

    checks = fields.Dict(keys=fields.String(), values=fields.Boolean(), required=True)


#: Timers or post due for longer (seconds) mean that no process ticks; alarms go by `kes_late_seconds` long before.
_LATE: Final = 3_600
#: With less room than this (bytes) an upload or a step might not be kept.
_ROOM: Final = 256 * 1024 * 1024


@routes.get("/healthz", PUBLIC, "Процесс жив", answer=HealthShape())
def show_health(_door: Door) -> dict[str, Any]:
    """Return at once, whatever the database does."""
    return {"status": "ok"}


@routes.get(
    "/readyz", PUBLIC, "Служба готова принимать запросы", answer=ReadinessShape(), others={503: ReadinessShape()}
)
def show_readiness(door: Door) -> Response | dict[str, Any]:
    """Return 503 with what is wrong where an act could not be kept."""
    checks = readiness(door.context)
    if all(checks.values()):
        return {"status": "ready", "checks": checks}
    return Response(write_json({"status": "not_ready", "checks": checks}), 503, content_type="application/json")


def readiness(context: Context) -> dict[str, bool]:
    """Return each check by name: the database can be written, the disk has room, what falls due is done."""
    can_write = _can_write(context.runtime.database)
    late = lateness(context) if can_write else {}
    return {
        "database": can_write,
        "disk": _has_room(context),
        **{name: late.get(name, 0.0 if can_write else _LATE) < _LATE for name in ("timers", "post")},
    }


def lateness(context: Context) -> dict[str, float]:
    """Return for how many seconds the oldest timer and letter are overdue, 0 where nothing is.

    A virtual clock makes no timer late: it stands until it is moved.
    """
    with context.runtime.reading() as tx:
        due = records.oldest_due(tx.connection, tx.epoch)
        clocks = {"timers": tx.now, "post": tx.wall}
        is_virtual = tx.runtime.mode is ClockMode.VIRTUAL
    late = {name: max(0.0, (at - due[name]).total_seconds()) if name in due else 0.0 for name, at in clocks.items()}
    return {**late, "timers": 0.0} if is_virtual else late


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


@routes.get("/metrics", PUBLIC, "Показатели для Prometheus", media="text/plain")
def show_figures(door: Door) -> Response:
    """Return the figures of this process, and what stands in the database now."""
    figures = door.context.figures
    with door.context.runtime.database.read() as connection:
        for state, number in records.count_states(connection).items():
            figures.cases.labels(state).set(number)
        for kind, number in records.backlog(connection).items():
            figures.waiting.labels(kind).set(number)
    for kind, seconds in lateness(door.context).items():
        figures.late.labels(kind).set(seconds)
    return Response(generate_latest(figures.registry), content_type=CONTENT_TYPE_LATEST)


def install_figures(app: Flask, figures: Figures) -> None:
    """Count every answer of an application."""

    @app.before_request
    def begin() -> None:
        g.began = perf_counter()

    @app.after_request
    def count(response: Response) -> Response:
        spent = perf_counter() - g.began
        figures.count(request.method, request.endpoint or "none", response.status_code, spent)
        return response
