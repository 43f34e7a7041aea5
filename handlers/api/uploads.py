"""Files that come as a form: one file in its field `file`, beside fields of text."""

import hashlib
from collections.abc import Mapping
from typing import Any, BinaryIO, Final, cast

from flask import request
from marshmallow import ValidationError, fields
from typing_extensions import override
from werkzeug.datastructures import FileStorage

from engine.errors import InvalidError
from engine.files import CHUNK
from handlers.api.fields import Body, check, paths_of
from handlers.errors import WrongMediaError

_NO_FILE: Final = "Приложите один файл с именем."


class File(fields.Raw):
    """A file with a name; its content stays where the server put it, never held whole."""

    default_error_messages = dict.fromkeys(("required", "null", "invalid"), _NO_FILE)

    def __init__(self) -> None:
        super().__init__(required=True, metadata={"type": "string", "format": "binary"})

    @override
    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any) -> FileStorage:
        if not isinstance(value, FileStorage) or not value.filename:
            raise self.make_error("invalid")
        return value


class Upload(Body):
    """A form with one file."""

    file = File()


def read_upload(schema: Upload) -> dict[str, Any]:
    """Return the fields of the form being served, checked: `file` as `(name, stream)`.

    Raises WrongMediaError for another media type, InvalidError with every field that is wrong.
    """
    if request.mimetype != "multipart/form-data":
        raise WrongMediaError("Пришлите файл в виде multipart/form-data.")
    sent: list[tuple[str, list[Any]]] = [*request.form.lists(), *request.files.lists()]
    values = {name: found[0] if len(found) == 1 else found for name, found in sent if name != "csrf_token"}
    try:
        form = check(schema, values)
    except ValidationError as error:
        raise InvalidError(errors=paths_of(error.messages), rule=False) from error
    file = form["file"]
    return {**form, "file": (str(file.filename), cast("BinaryIO", file.stream))}


def as_asked(form: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form asked as JSON values, for an idempotency key: a file by its name and its hash."""
    name, stream = form["file"]
    digest = hashlib.sha256()
    while piece := stream.read(CHUNK):
        digest.update(piece)
    stream.seek(0)
    return {**form, "file": {"name": name, "sha256": digest.hexdigest()}}
