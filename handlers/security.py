"""What every answer carries for the browser's sake, and how much a request may bring."""

from typing import Final

from flask.globals import request_ctx

from handlers.application import Application
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

_HEADERS: Final = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("Content-Security-Policy", POLICY),
)
_SECURE: Final = (("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),)
_PUBLIC: Final = ("/depository", "/certificates", "/api/v1/depository", "/api/v1/certificates", "/static/")


def install_security(app: Application, settings: Settings) -> None:
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
        request = request_ctx.request
        if not request.host and request.endpoint != "static":  # how the page looks that says so
            raise BadRequestError(f"Под этим именем служба не отвечает. Откройте её по адресу {settings.base_url}.")
        if request.mimetype != "multipart/form-data":
            request.max_content_length = JSON_LIMIT
        query = request.query_string
        if "\0" in request.path or b"%00" in query or b"\0" in query:
            raise BadRequestError("В адресе недопустимый знак.")

    always = (*_HEADERS, *(_SECURE if settings.cookie_secure else ()))
    private = (*always, ("Cache-Control", "no-store"))
    app.headers_of = lambda path: always if path.startswith(_PUBLIC) else private
