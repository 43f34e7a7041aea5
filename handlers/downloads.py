"""Contents to take away: always a file to save, never a page to run."""

from urllib.parse import quote

from flask import Response

from handlers.security import SANDBOX


def attachment(content: bytes, *, name: str, media_type: str) -> Response:
    """Return a content as an attachment under its own name (RFC 6266), in a sandbox whatever it is."""
    response = Response(content, content_type=media_type)
    response.headers["Content-Disposition"] = disposition(name)
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


def disposition(name: str) -> str:
    """Return the header that names the file: in full for today's browsers, in ASCII for the rest."""
    clean = "".join(char for char in name if char.isprintable() and char not in '/\\"')[:200] or "file"
    plain = clean.encode("ascii", "ignore").decode().strip(" .") or "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(clean, safe='')}"
