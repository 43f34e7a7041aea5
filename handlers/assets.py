"""Addresses of stylesheets, scripts, fonts and pictures: each carries a mark of its file, and may be kept for a year.

A file that changed has another address, so nobody works with the look of yesterday. What is asked for without its mark
(a module imported by another, a picture named by a stylesheet) is asked about each time, as ever.
"""

import hashlib
import os
from pathlib import Path
from typing import Any, Final

from flask import Flask, Response, request
from werkzeug.security import safe_join

_KEPT: Final = "public, max-age=31536000, immutable"
#: Answers that show the file as it is: whole, or unchanged since it was asked for.
_WHOLE: Final = frozenset({200, 304})
_LENGTH: Final = 12
_ICONS: Final = "dist/icons.svg"


class Marks:
    """The marks of a folder's files, read anew when a file is another."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        #: By name: the file, when it was changed, its mark.
        self._known: dict[str, tuple[str, int, str]] = {}

    def of(self, name: str) -> str | None:
        """The mark of a file by its name in the folder; None where there is no such file."""
        known = self._known.get(name)
        path = known[0] if known else safe_join(str(self._folder), name)
        if path is None or (known is None and not Path(path).is_file()):
            return None
        try:
            moment = os.stat(path).st_mtime_ns  # noqa: PTH116 - asked a dozen times a page
        except FileNotFoundError:
            return None
        if known is None or known[1] != moment:
            digest = hashlib.sha256(Path(path).read_bytes()).hexdigest()[:_LENGTH]
            known = self._known[name] = (path, moment, digest)
        return known[2]


def install_assets(app: Flask) -> None:
    """Put marks into the addresses of static files, and let what is asked for by its mark be kept."""
    marks = Marks(Path(str(app.static_folder)))
    # One address for the hundreds of icons of a page, made once.
    app.jinja_env.globals["icons"] = f"{app.static_url_path}/{_ICONS}?v={marks.of(_ICONS) or ''}"

    @app.url_defaults
    def add(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "v" not in values:
            mark = marks.of(values["filename"])
            if mark is not None:
                values["v"] = mark

    @app.after_request
    def keep(response: Response) -> Response:
        if request.endpoint == "static" and response.status_code in _WHOLE:
            mark = marks.of((request.view_args or {})["filename"])
            if mark is not None and mark == request.args.get("v"):
                response.headers["Cache-Control"] = _KEPT
        return response
