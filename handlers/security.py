"""What every answer carries for the browser's sake, and how much a request may bring."""

from typing import Final

from flask import Flask, request
from flask.wrappers import Response

from handlers.errors import BadRequestError
from handlers.settings import Settings

#: Bytes of a request: data, and uploads (a file of 50 MB in its envelope, streamed to disk while it is read).
JSON_LIMIT: Final = 1024 * 1024
UPLOAD_LIMIT: Final = 60 * 1024 * 1024
_FORM_PARTS: Final = 1000
_FORM_MEMORY: Final = 2 * 1024 * 1024

#: No inline style or script anywhere, no frame, no foreign address.
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
#: For contents that people uploaded: nothing of it may run, wherever it is opened.
SANDBOX: Final = "sandbox; default-src 'none'"

_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_PUBLIC: Final = ("/depository", "/certificates", "/api/v1/depository", "/api/v1/certificates", "/static/")


def install_security(app: Flask, settings: Settings) -> None:
    """Set limits and headers; answer only under the service's own names."""
    app.config.update(
        MAX_CONTENT_LENGTH=UPLOAD_LIMIT,
        MAX_FORM_PARTS=_FORM_PARTS,
        MAX_FORM_MEMORY_SIZE=_FORM_MEMORY,
        TRUSTED_HOSTS=list(settings.trusted_hosts),
    )

    # First of all checks: the one that looks at the caller may already read a form.
    @app.before_request
    def limit() -> None:
        if request.mimetype != "multipart/form-data":
            request.max_content_length = JSON_LIMIT
        if "\0" in request.path or any("\0" in text for values in request.args.lists() for text in values[1]):
            raise BadRequestError("В адресе недопустимый знак.")

    @app.after_request
    def guard(response: Response) -> Response:
        for name, text in _HEADERS.items():
            response.headers.setdefault(name, text)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        if settings.cookie_secure:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        if not request.path.startswith(_PUBLIC):
            response.headers.setdefault("Cache-Control", "no-store")
        return response
