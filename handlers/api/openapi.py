"""The OpenAPI document, made from the table of routes and the schemas that check requests."""

import re
from http import HTTPStatus
from typing import Any, Final

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema

from handlers.api.routes import ANY_FILE, Route, parameters_of
from handlers.errors import HTTP
from handlers.idempotency import HEADER

TITLE: Final = "Краевой экспертный совет: программный интерфейс"
_KINDS: Final = {"int": {"type": "integer", "minimum": 1}, "string": {"type": "string"}}


def describe(routes: list[Route], *, base_url: str) -> dict[str, Any]:
    """Return the document (OpenAPI 3.0.3) of all routes; `base_url` is where they are served."""
    plugin = MarshmallowPlugin(schema_name_resolver=_schema_name)
    spec = APISpec(
        title=TITLE,
        version="1",
        openapi_version="3.0.3",
        plugins=[plugin],
        servers=[{"url": base_url}],
        info={"description": "Ошибки — application/problem+json (RFC 9457). Даты — ISO 8601 со смещением."},
    )
    spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    spec.components.schema("Problem", _PROBLEM)
    for route in routes:
        spec.path(path=_path(route), operations={route.method.lower(): _operation(route)})
    document: dict[str, Any] = spec.to_dict()
    return document


_PROBLEM: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "description": "Постоянное имя причины"},
        "title": {"type": "string", "description": "Причина по-русски"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
    },
}


def _path(route: Route) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.rule)


def _operation(route: Route) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": route.operation,
        "tags": [route.tag],
        "summary": route.summary,
        "parameters": _parameters(route),
        "responses": _responses(route),
        "security": [{}] if route.permission.public else [{"bearer": []}],
    }
    if sent := _sent(route):
        is_required = route.body is None or any(field.required for field in route.body.fields.values())
        told["requestBody"] = {"required": is_required, "content": sent}
    return told


def _sent(route: Route) -> dict[str, Any]:
    if route.upload is not None:
        return {"multipart/form-data": {"schema": route.upload}}
    if route.free:
        return {"application/json": {"schema": {"type": "object"}}}
    return {"application/json": {"schema": route.body}} if route.body is not None else {}


def _parameters(route: Route) -> list[Any]:
    found: list[Any] = [
        {"in": "path", "name": name, "required": True, "schema": _KINDS.get(kind, _KINDS["string"])}
        for kind, name in parameters_of(route.rule)
    ]
    if route.query is not None:
        found.append({"in": "query", "schema": type(route.query)})
    if route.keyed:
        schema = {"type": "string", "minLength": 1, "maxLength": 200}
        found.append({"in": "header", "name": HEADER, "required": False, "schema": schema})
    return found


def _responses(route: Route) -> dict[str, Any]:
    fine: dict[str, Any] = {"description": HTTPStatus(route.status).phrase}
    if route.status != HTTPStatus.NO_CONTENT:
        fine["content"] = {route.media: {"schema": route.answer or {}}}
    told = {str(route.status): fine}
    if route.media == ANY_FILE:
        told |= {"206": {**fine, "description": "Часть файла"}, "304": {"description": "Файл не изменился"}}
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for status in _failures(route):
        shape = route.others.get(status)
        content = problem if shape is None else {"application/json": {"schema": shape}}
        told[str(status)] = {"description": HTTP[status][1], "content": content}
    told["default"] = {"description": "Другой отказ: например, 429 и 503 с Retry-After, 500", "content": problem}
    return told


def _failures(route: Route) -> list[int]:
    # A broken address, a token that is none, an unknown parameter: wherever one asks.
    found = {400, 401, 422, *route.others}
    if not route.permission.public:
        found.add(403)
    if parameters_of(route.rule):
        found.add(404)
    if route.media == ANY_FILE:
        found.add(416)
    if route.method != "GET":
        found |= {403, 409, 413, 415}
    return sorted(found - {route.status})


def _schema_name(schema: Any) -> str:
    kind = schema if isinstance(schema, type) else type(schema)
    name = kind.__name__
    if isinstance(schema, Schema) and schema.many:
        name += "List"
    return name
