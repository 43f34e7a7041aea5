"""The API's own description: the OpenAPI document, and a page to read and try it, from local files only."""

from typing import Any

from flask import Flask, Response

from handlers.answers import write_json
from handlers.api.openapi import TITLE, describe
from handlers.api.routes import PREFIX, Route
from handlers.auth import PUBLIC, allow
from handlers.context import Context

_PAGE = f"""<!doctype html>
<html lang="ru">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{TITLE}</title>
<link rel="stylesheet" href="/static/dist/swagger/swagger-ui.css">
</head>
<body>
<noscript>Описание в виде файла: <a href="{PREFIX}/openapi.json">openapi.json</a>.</noscript>
<div id="api" data-openapi-url="{PREFIX}/openapi.json"></div>
<script src="/static/dist/swagger/swagger-ui-bundle.js"></script>
<script src="/static/dist/swagger.js"></script>
</body>
</html>
"""


def install_handbook(app: Flask, context: Context, routes: list[Route]) -> None:
    """Serve the document, made once at the first request, and its page."""
    made: dict[str, Any] = {}

    def document() -> Response:
        if not made:
            made.update(describe(routes, base_url=context.settings.base_url))
        return Response(write_json(made), content_type="application/json")

    def page() -> Response:
        return Response(_PAGE, content_type="text/html; charset=utf-8")

    app.add_url_rule(f"{PREFIX}/openapi.json", endpoint="openapi", view_func=allow(PUBLIC)(document))
    app.add_url_rule(f"{PREFIX}/docs", endpoint="handbook", view_func=allow(PUBLIC)(page))
