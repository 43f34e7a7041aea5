"""What anyone may take and keep asking for: feeds, sets of data, tables; unchanged content is not sent again."""

import hashlib

from flask import Response, request

from handlers.downloads import disposition
from handlers.security import SANDBOX


def publish(content: bytes, media_type: str, name: str = "") -> Response:
    """Return a public content with its tag; asked again with that tag it is 304. A `name` makes it a file to save.

    Caches ask each time: an entry leaves the depository on its day, and no copy may show it longer.
    """
    response = Response(content, content_type=media_type)
    response.set_etag(hashlib.sha256(content).hexdigest()[:32])
    response.headers["Cache-Control"] = "public, no-cache"
    if name:
        response.headers["Content-Disposition"] = disposition(name)
        response.headers["Content-Security-Policy"] = SANDBOX
    response.make_conditional(request)
    return response
