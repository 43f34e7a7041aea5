"""Applications, files, documents, letters."""

from marshmallow import fields

from handlers.api.application_body import Application
from handlers.api.fields import Text
from handlers.api.shapes.base import Shape, a_moment, a_number, a_text, maybe_text


class FileShape(Shape):
    """A stored file."""

    id = a_text()
    kind = a_text()
    name = a_text()
    sha256 = a_text()
    size = a_number()
    media_type = a_text()


class ApplicationNameShape(Shape):
    """An application of a list."""

    id = a_text()
    state = a_text()
    case = maybe_text()
    programme_title = maybe_text()
    created_at = a_moment()
    updated_at = a_moment()
    submitted_at = a_moment(allow_none=True)


class ApplicationShape(Application):
    """An application: its fields, and what became of it."""

    id = a_text()
    state = a_text()
    case = maybe_text()
    programme_title = Text(longest=1000, allow_none=True)
    created_at = a_moment()
    updated_at = a_moment()
    submitted_at = a_moment(allow_none=True)
    files = fields.List(fields.Nested(FileShape), required=True)
    missing = fields.List(fields.String(), required=True)
    warnings = fields.List(fields.String(), required=True)


class DocumentShape(Shape):
    """A document of a case."""

    id = a_text()
    kind = a_text()
    title = a_text()
    name = a_text()
    media_type = a_text()
    size = a_number()
    sha256 = a_text()
    at = a_moment()
    by = a_text()


class LetterShape(Shape):
    """A letter and what became of it."""

    id = a_text()
    case = maybe_text()
    kind = a_text()
    to = a_text()
    subject = a_text()
    body = a_text()
    at = a_moment()
    delivery = a_text()
