"""Contents to take away: always a file to save, never a page to run."""

from collections.abc import Mapping
from io import SEEK_END, BytesIO
from typing import Any, BinaryIO
from urllib.parse import quote

from flask import Response, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wsgi import FileWrapper

from engine.files import CHUNK
from handlers.security import SANDBOX


def attachment(content: bytes, *, name: str, media_type: str) -> Response:
    """Return a content made here as an attachment under its own name (RFC 6266), in a sandbox whatever it is."""
    return _sandboxed(Response(content, content_type=media_type), name)


def hand_out(row: Mapping[str, Any], stream: BinaryIO) -> Response:
    """Return a stored file (its row: `name`, `media_type`, `sha256`) as an attachment, and close the stream at the end.

    What is larger than a piece is read piece by piece while it is sent. A part of it may be asked for (`Range`), or all
    of it only if it changed (`If-None-Match`; the hash is its mark). Raises RequestedRangeNotSatisfiable.
    """
    size = stream.seek(0, SEEK_END)
    stream.seek(0)
    if size <= CHUNK:
        with stream:
            stream = BytesIO(stream.read())
    response = Response(FileWrapper(stream, CHUNK), content_type=str(row["media_type"]), direct_passthrough=True)
    response.content_length = size
    response.set_etag(str(row["sha256"]))
    try:
        response.make_conditional(request.environ, accept_ranges=True, complete_length=size)
    except RequestedRangeNotSatisfiable:
        stream.close()
        raise
    if request.method == "HEAD" or response.status_code == 304:
        stream.close()
    return _sandboxed(response, str(row["name"]))


def disposition(name: str) -> str:
    """Return the header that names the file: in full for today's browsers, in ASCII for the rest."""
    clean = "".join(char for char in name if char.isprintable() and char not in '/\\"')[:200] or "file"
    stem, dot, ending = clean.rpartition(".")
    plain = f"{_ascii(stem) or 'file'}.{_ascii(ending)}" if dot and _ascii(ending) else _ascii(clean) or "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(clean, safe='')}"


def _ascii(text: str) -> str:
    return text.encode("ascii", "ignore").decode().strip(" .")


def _sandboxed(response: Response, name: str) -> Response:
    response.headers["Content-Disposition"] = disposition(name)
    response.headers["Content-Security-Policy"] = SANDBOX
    return response
