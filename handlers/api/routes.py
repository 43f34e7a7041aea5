"""The API as one table of routes: each names its permission, what it takes and what it answers.

A route's function is given a `Door` and the path's values, and returns a JSON value (or a Flask answer). Flask's rules
and the OpenAPI document are both made from this table, so that neither can know a route that the other does not.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

import orjson
from flask import Flask, Response, request
from flask.globals import request_ctx
from marshmallow import Schema, ValidationError
from werkzeug.exceptions import RequestEntityTooLarge

from engine.actors import Actor
from engine.errors import InvalidError
from engine.runtime import Transaction
from handlers import acts
from handlers.answers import write_json
from handlers.api.fields import Body, check, paths_of
from handlers.auth import Permission, allow, caller
from handlers.context import Context
from handlers.errors import BadRequestError, WrongMediaError
from handlers.idempotency import HEADER, Replay

PREFIX: Final = "/api/v1"
#: The media type of a stored file, which may be any.
ANY_FILE: Final = "*/*"
_DEEPEST: Final = 32
_NOTHING: Final = Body()

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Route:
    """One method on one path. `body` and `query` are marshmallow schemas, `upload` describes a multipart form.

    `free` takes any JSON object; `reads_query` leaves the query string to the act (the schema describes it);
    `keyed` takes an idempotency key. `others` are answers of other statuses with a shape of their own (None for a
    problem); `media` `*/*` is a stored file, of which parts may be asked for.
    """

    method: str
    path: str
    act: Callable[..., Any]
    permission: Permission
    tag: str
    summary: str
    body: Schema | None = None
    free: bool = False
    reads_query: bool = False
    query: Schema | None = None
    answer: Schema | None = None
    status: int = 200
    media: str = "application/json"
    upload: Schema | None = None
    keyed: bool = False
    others: Mapping[int, Schema | None] = field(default_factory=dict)
    prefix: str = PREFIX

    @property
    def rule(self) -> str:
        """The path as Flask routes it."""
        return self.prefix + self.path

    @property
    def operation(self) -> str:
        """A unique name of the operation."""
        return self.act.__name__


@dataclass
class Door:
    """One request at a route: who asks, what was sent and checked, and the way to one transaction."""

    context: Context
    route: Route
    body: dict[str, Any] = field(default_factory=dict)
    query: dict[str, Any] = field(default_factory=dict)

    @property
    def actor(self) -> Actor:
        """Who asks. Raises UnauthorizedError for nobody."""
        return caller().actor

    def read(self, question: Callable[[Transaction], T]) -> T:
        """Ask in one read-only transaction."""
        return acts.read(self.context, question)

    def ask(self, question: Callable[[Transaction], T]) -> T:
        """Ask in one read-only transaction something that a rule may refuse to show: the case is told."""
        return acts.ask(self.context, question, actor=self.actor, name=self.route.operation.partition("_")[0])

    def perform(self, act: Callable[[Transaction], Any], *, case: str | None = None, name: str | None = None) -> Any:
        """Act in one transaction; once, where the route takes an idempotency key and one was sent."""
        sent = request.headers.get(HEADER) if self.route.keyed else None
        key = None if sent is None else acts.key_of_request(self.actor, sent, self.body)
        told = name or self.route.operation.partition("_")[0]
        return acts.perform(
            self.context, act, actor=self.actor, name=told, case=case, key=key, status=self.route.status
        )


@dataclass
class Routes:
    """The routes of one part of the API, under one heading."""

    tag: str
    prefix: str = PREFIX
    items: list[Route] = field(default_factory=list)

    def get(self, path: str, allow: Permission, summary: str, **options: Any) -> Callable[[T], T]:
        """Add a route that changes nothing."""
        return self._add("GET", path, allow, summary, options)

    def post(self, path: str, allow: Permission, summary: str, **options: Any) -> Callable[[T], T]:
        """Add a route that acts."""
        return self._add("POST", path, allow, summary, options)

    def put(self, path: str, allow: Permission, summary: str, **options: Any) -> Callable[[T], T]:
        """Add a route that replaces."""
        return self._add("PUT", path, allow, summary, options)

    def delete(self, path: str, allow: Permission, summary: str, **options: Any) -> Callable[[T], T]:
        """Add a route that takes away."""
        return self._add("DELETE", path, allow, summary, options)

    def _add(
        self, method: str, path: str, permission: Permission, summary: str, options: Mapping[str, Any]
    ) -> Callable[[Any], Any]:
        def keep(act: Any) -> Any:
            route = Route(
                method=method,
                path=path,
                act=act,
                permission=permission,
                tag=self.tag,
                summary=summary,
                prefix=self.prefix,
                **options,
            )
            self.items.append(route)
            return act

        return keep


def register(app: Flask, context: Context, routes: list[Route]) -> None:
    """Open every route of the table in the application."""
    for route in routes:
        view = allow(route.permission)(_view(context, route))
        app.add_url_rule(
            route.rule, endpoint=f"{route.prefix}:{route.operation}", view_func=view, methods=[route.method]
        )


def _view(context: Context, route: Route) -> Callable[..., Response]:
    def view(**values: Any) -> Response:
        door = Door(context, route)
        if (route.query is not None or request.query_string) and not route.reads_query:
            door.query = _checked(route.query or _NOTHING, read_query())
        if route.body is not None:
            door.body = _checked(route.body, read_body())
        elif route.free:
            door.body = _object(read_body())
        return answer(route, route.act(door, **values))

    return view


def answer(route: Route, result: Any) -> Response:
    """Return the HTTP answer of a route's result: its own Response, a replay, nothing (204), or JSON."""
    if isinstance(result, Response):
        return result
    if isinstance(result, Replay):
        return Response(result.body, result.status, content_type="application/json")
    if route.status == 204:
        return Response(status=204)
    return Response(write_json(result), route.status, content_type=route.media)


def read_query() -> dict[str, Any]:
    """Return the query string: a text a name, a list where it is repeated."""
    return {name: values[0] if len(values) == 1 else values for name, values in request.args.lists()}


def read_body() -> Any:
    """Return the JSON value of the request.

    Raises WrongMediaError for another media type, BadRequestError for what is no JSON, InvalidError for NUL characters,
    which no text has, and for what is nested too deep.
    """
    request = request_ctx.request
    if request.mimetype != "application/json":
        if request.content_length == 0 or (request.content_length is None and request.mimetype == ""):
            return {}
        raise WrongMediaError("Пришлите данные в виде application/json.")
    length = request.content_length
    if length is not None and length > (request.max_content_length or 0):
        raise RequestEntityTooLarge
    sent = request.get_data() if length is None else request.environ["wsgi.input"].read(length)
    if not sent:
        return {}
    try:
        value = orjson.loads(sent)
    except orjson.JSONDecodeError as error:
        raise BadRequestError("Тело запроса — не JSON в UTF-8.") from error
    # JSON can write a NUL in one way only, and nothing is deeper than it has brackets: most bodies need no walk.
    if b"\\u0000" in sent or sent.count(b"{") + sent.count(b"[") > _DEEPEST:
        _refuse_strange(value, 0)
    return value


def _refuse_strange(value: Any, depth: int) -> None:
    if depth > _DEEPEST:
        raise InvalidError(f"Данные вложены глубже {_DEEPEST} уровней.", rule=False)
    match value:
        case str() if "\0" in value:
            raise InvalidError("В тексте недопустимый знак NUL. Уберите его.", rule=False)
        case dict():
            for name, inner in value.items():
                _refuse_strange(name, depth)
                _refuse_strange(inner, depth + 1)
        case list():
            for inner in value:
                _refuse_strange(inner, depth + 1)
        case _:
            return


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InvalidError("Нужен объект JSON.", rule=False)
    return value


def _checked(schema: Schema, value: Any) -> dict[str, Any]:
    try:
        return check(schema, value)
    except ValidationError as error:
        errors = paths_of(error.messages)
        whole = errors.pop("", None)
        raise InvalidError(whole[0] if whole else "Проверьте отмеченные поля.", errors=errors, rule=False) from error


def parameters_of(rule: str) -> list[tuple[str, str]]:
    """Return the (converter, name) pairs of a path's values; text where no converter is given."""
    return [(kind or "string", name) for kind, name in re.findall(r"<(?:(\w+):)?(\w+)>", rule)]
